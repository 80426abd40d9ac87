"""When a booking began before it was last moved: a fact of the booking, which only the audit trail held."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    op.add_column("bookings", sa.Column("moved_from", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("bookings", "moved_from")
