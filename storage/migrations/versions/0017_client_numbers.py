"""Where a client is called, kept with the booking at whose place the coach calls."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"

GIVEN = sa.text("phone_sealed IS NOT NULL")


def upgrade() -> None:
    op.add_column("bookings", sa.Column("phone_sealed", sa.Text(), nullable=True))
    op.create_index("ix_bookings_phone", "bookings", ["person_id"], sqlite_where=GIVEN, postgresql_where=GIVEN)


def downgrade() -> None:
    op.drop_index("ix_bookings_phone", table_name="bookings")
    op.drop_column("bookings", "phone_sealed")
