"""Forms, drafts and submissions

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("room_ref", sa.String(length=40), nullable=False),
        sa.Column("room_id", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_expires", "draft", ["expires_at"], unique=False)
    op.create_index("ix_draft_person", "draft", ["person_id"], unique=False)
    op.create_index("ix_draft_room", "draft", ["room_id"], unique=False)
    op.create_table(
        "draft_file",
        sa.Column("draft", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("wanted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("draft", "number", name=op.f("pk_draft_file")),
    )
    op.create_index("ix_draft_file_state", "draft_file", ["state", "wanted_at"], unique=False)
    op.create_table(
        "draft_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_key")),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("compiled", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_form")),
    )
    op.create_table(
        "submission",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("vault", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("phrase", sa.LargeBinary(), nullable=False),
        sa.Column("adds_to", sa.String(length=12), nullable=True),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("form_version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("size", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("destinations", sa.LargeBinary(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("announce_at", Moment(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("destroy_at", Moment(), nullable=True),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_submission")),
        sa.UniqueConstraint("receipt", name=op.f("uq_submission_receipt")),
    )
    op.create_index("ix_submission_announce", "submission", ["announced", "announce_at"], unique=False)
    op.create_index("ix_submission_open", "submission", ["desk", "status"], unique=False)
