"""The first tables

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_approval")),
    )
    op.create_table(
        "approval_vote",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("person_key", sa.String(length=80), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "person_key", name=op.f("pk_approval_vote")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "content_text",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_content_text")),
    )
    op.create_table(
        "device",
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("device_id", sa.String(length=255), nullable=False),
        sa.Column("ed25519", sa.String(length=64), nullable=False),
        sa.Column("curve25519", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "device_id", name=op.f("pk_device")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("ix_device_curve25519", ["curve25519"], unique=False)

    op.create_table(
        "identity",
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("master", sa.String(length=64), nullable=True),
        sa.Column("pinned", sa.String(length=64), nullable=True),
        sa.Column("verified", sa.String(length=64), nullable=True),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_identity")),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("sender", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("handled_at", Moment(), nullable=False),
        sa.Column("session_id", sa.String(length=80), nullable=True),
        sa.Column("message_index", sa.BigInteger(), nullable=True),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("session_id", "message_index", name=op.f("uq_inbox_session_id_message_index")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_room", ["room_id", "at"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("next_batch", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("slices_done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_table(
        "megolm_inbound",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("sender_key", sa.String(length=64), nullable=False),
        sa.Column("ed25519", sa.String(length=64), nullable=False),
        sa.Column("forwarded", sa.Boolean(), nullable=False),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("pickle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "session_id", "sender_key", name=op.f("pk_megolm_inbound")),
    )
    with op.batch_alter_table("megolm_inbound", schema=None) as batch_op:
        batch_op.create_index("ix_megolm_inbound_received_at", ["received_at"], unique=False)

    op.create_table(
        "megolm_outbound",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("pickle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_megolm_outbound")),
    )
    op.create_table(
        "megolm_shared",
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("device_id", sa.String(length=255), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "user_id", "device_id", name=op.f("pk_megolm_shared")),
    )
    op.create_table(
        "member",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("membership", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "user_id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index("ix_member_user", ["user_id"], unique=False)

    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "olm_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("device_id", sa.String(length=255), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("pickle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_olm_account")),
    )
    op.create_table(
        "olm_session",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("sender_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.Column("pickle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_olm_session")),
    )
    with op.batch_alter_table("olm_session", schema=None) as batch_op:
        batch_op.create_index("ix_olm_session_sender_key", ["sender_key"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("txn", sa.String(length=40), nullable=False),
        sa.Column("room_id", sa.String(length=255), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("batch", sa.String(length=80), nullable=True),
        sa.Column("copy_of", sa.String(length=255), nullable=True),
        sa.Column("in_dialogue", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("event_id", sa.String(length=255), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("txn", name=op.f("uq_outbox_txn")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "lane", "not_before"], unique=False)
        batch_op.create_index("ix_outbox_event", ["event_id"], unique=False)
        batch_op.create_index("ix_outbox_room", ["room_id", "lane", "id"], unique=False)

    op.create_table(
        "pending",
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(length=255), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_pending")),
    )
    with op.batch_alter_table("pending", schema=None) as batch_op:
        batch_op.create_index("ix_pending_session", ["session_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("lite", sa.Boolean(), nullable=False),
        sa.Column("call_me", sa.Boolean(), nullable=False),
        sa.Column("accepts_unsigned", Moment(), nullable=True),
        sa.Column("lock_hash", sa.LargeBinary(), nullable=True),
        sa.Column("lock_salt", sa.LargeBinary(), nullable=True),
        sa.Column("unlocked_until", Moment(), nullable=True),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("account", name=op.f("uq_person_account")),
    )
    op.create_table(
        "prompt",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("asked_txn", sa.String(length=40), nullable=False),
        sa.Column("asked_event", sa.String(length=255), nullable=True),
        sa.Column("options", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_prompt")),
    )
    op.create_table(
        "room",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("ref", sa.String(length=40), nullable=True),
        sa.Column("membership", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("creators", sa.Text(), nullable=False),
        sa.Column("power", sa.Text(), nullable=False),
        sa.Column("encryption", sa.Text(), nullable=True),
        sa.Column("clear_seen", sa.Boolean(), nullable=False),
        sa.Column("history", sa.String(length=40), nullable=False),
        sa.Column("join_rule", sa.String(length=40), nullable=False),
        sa.Column("members_known", sa.Boolean(), nullable=False),
        sa.Column("inviter", sa.String(length=255), nullable=True),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=True),
        sa.Column("greeted", sa.Boolean(), nullable=False),
        sa.Column("away_told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index("ix_room_ref", ["ref"], unique=False)

    op.create_table(
        "scheduled",
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("what", "due_at", name=op.f("pk_scheduled")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.create_table(
        "verification",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("master", sa.String(length=64), nullable=True),
        sa.Column("emoji", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_verification")),
    )
