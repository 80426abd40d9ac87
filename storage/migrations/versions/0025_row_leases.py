"""Who works on an event, a payment or a refund has it until an instant of the database's clock.

Processes of the version before go by `next_at`, which is moved on for them as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"

TABLES = ("inbox", "payments", "refunds")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("lease_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "lease_until")
