"""Who of the practice cancelled a session or proposed another time, and which usual reason was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    op.add_column("bookings", sa.Column("ended_by_person_id", sa.BigInteger(), nullable=True))
    op.add_column("bookings", sa.Column("end_usual", sa.Text(), nullable=True))
    op.add_column("proposals", sa.Column("from_person_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("proposals", "from_person_id")
    op.drop_column("bookings", "end_usual")
    op.drop_column("bookings", "ended_by_person_id")
