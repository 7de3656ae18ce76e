"""The custody log and its daily heads

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "custody",
        sa.Column("seq", number, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_custody")),
    )
    op.create_index("ix_custody_subject", "custody", ["subject", "seq"], unique=False)
    op.create_index("ix_custody_event", "custody", ["event", "seq"], unique=False)
    op.create_table(
        "custody_head",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_custody_head")),
    )
