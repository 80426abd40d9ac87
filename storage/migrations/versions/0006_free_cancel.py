"""A booking remembers that its client moved it when cancelling free of charge was over."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    column = sa.Column("free_cancel_over", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("bookings", column)


def downgrade() -> None:
    op.drop_column("bookings", "free_cancel_over")
