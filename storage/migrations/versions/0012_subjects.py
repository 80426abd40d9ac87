"""What a message or a payment is about, as one text beside `booking_id`."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"

TABLES = ("outbox", "payments")
UNCARRIED = sa.text("subject IS NULL AND booking_id IS NOT NULL")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("subject", sa.Text(), nullable=True))
        op.create_index(op.f(f"ix_{table}_subject"), table, ["subject"], unique=False)
        op.create_index(
            f"ix_{table}_uncarried", table, ["booking_id"], sqlite_where=UNCARRIED, postgresql_where=UNCARRIED
        )
        if op.get_bind().dialect.name == "postgresql":
            # Until it is known that none has one yet, a subject is taken for one of few, and the index for no help.
            op.execute(f"ANALYZE {table} (subject)")


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_uncarried", table_name=table)
        op.drop_index(op.f(f"ix_{table}_subject"), table_name=table)
        op.drop_column(table, "subject")
