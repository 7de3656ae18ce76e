"""Cases, answers changed at the desk, events for indicators

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("staff", sa.String(length=20), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("source_mac", sa.String(length=64), nullable=True),
        sa.Column("desk_event", sa.LargeBinary(), nullable=True),
        sa.Column("desk_txn", sa.String(length=40), nullable=True),
        sa.Column("person_txn", sa.LargeBinary(), nullable=True),
        sa.Column("person_txn_mac", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_message_ref", "case_message", ["ref", "id"], unique=False)
    op.create_index("ix_case_message_source", "case_message", ["source_mac"], unique=False)
    op.create_index("ix_case_message_copy", "case_message", ["person_txn_mac"], unique=False)
    op.create_table(
        "cases",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("owner", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("person_mac", sa.String(length=64), nullable=True),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("waiting_since", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("called_at", Moment(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("erase_at", Moment(), nullable=True),
        sa.Column("held", sa.LargeBinary(), nullable=True),
        sa.Column("root_txn", sa.String(length=40), nullable=False),
        sa.Column("merged_into", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_erase", "cases", ["erase_at"], unique=False)
    counted = ["state", "desk", "owner", "waiting_since", "urgent", "answered_at"]
    op.create_index("ix_cases_open", "cases", counted, unique=False)
    op.create_index("ix_cases_oldest", "cases", ["state", "opened_at", "ref"], unique=False)
    op.create_index("ix_cases_person", "cases", ["person_mac"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_week", "event", ["week", "type"], unique=False)
    op.create_table(
        "faq_change",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_change")),
    )
    op.create_index("ix_outbox_batch", "outbox", ["batch"], unique=False)
