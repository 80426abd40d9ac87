"""How many credits a grant had in all is counted without a look at those that bookings took and gave back."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision: str | None = "0042"

GIVEN = sa.text("kind NOT IN ('reserved', 'spent', 'returned')")


def upgrade() -> None:
    op.create_index(
        "ix_credit_entries_given", "credit_entries", ["grant_id"], sqlite_where=GIVEN, postgresql_where=GIVEN
    )


def downgrade() -> None:
    op.drop_index("ix_credit_entries_given", "credit_entries")
