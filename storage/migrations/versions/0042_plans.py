"""Sessions that are planned together: a booking knows which, and a client may hold all dates of a plan at once.

What was unique before stays so for everybody who holds one time: the first date of a plan stands for all of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision: str | None = "0041"

HELD = sa.text("state = 'held'")
HELD_ALONE = sa.text("state = 'held' AND (plan_id IS NULL OR plan_id = id)")
PLANNED = sa.text("plan_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("bookings", sa.Column("plan_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_bookings_plan", "bookings", ["plan_id"], sqlite_where=PLANNED, postgresql_where=PLANNED)
    _one_hold(HELD_ALONE)


def downgrade() -> None:
    _one_hold(HELD)
    op.drop_index("ix_bookings_plan", table_name="bookings")
    op.drop_column("bookings", "plan_id")


def _one_hold(which: sa.TextClause) -> None:
    op.drop_index("uq_bookings_open_hold", table_name="bookings")
    op.create_index(
        "uq_bookings_open_hold", "bookings", ["person_id"], unique=True, sqlite_where=which, postgresql_where=which
    )
