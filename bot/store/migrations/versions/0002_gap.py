"""Gaps in rooms' histories

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "gap",
        sa.Column("room_id", sa.String(length=255), nullable=False),
        sa.Column("token", sa.String(length=2000), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "token", name=op.f("pk_gap")),
    )
