"""What a message or a payment is about, as one text beside `booking_id`; and who a person turned out to be."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"

TABLES = ("payments", "outbox")
ABOUT = sa.text("subject IS NOT NULL")
UNCARRIED = sa.text("subject IS NULL AND booking_id IS NOT NULL")
MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    # In the order in which most transactions come to these tables: nobody then waits for a table that we hold while we
    # wait for one of theirs.
    op.add_column("persons", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_index("ix_persons_merged_into", "persons", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)
    for table in TABLES:
        op.add_column(table, sa.Column("subject", sa.Text(), nullable=True))
        op.create_index(op.f(f"ix_{table}_subject"), table, ["subject"], sqlite_where=ABOUT, postgresql_where=ABOUT)
        op.create_index(
            f"ix_{table}_uncarried", table, ["booking_id"], sqlite_where=UNCARRIED, postgresql_where=UNCARRIED
        )
        if op.get_bind().dialect.name == "postgresql":
            # Until it is known that none has one yet, a subject is taken for one of few, and the index for no help.
            op.execute(f"ANALYZE {table} (subject)")


def downgrade() -> None:
    op.drop_index("ix_persons_merged_into", table_name="persons")
    op.drop_column("persons", "merged_into")
    for table in TABLES:
        op.drop_index(f"ix_{table}_uncarried", table_name=table)
        op.drop_index(op.f(f"ix_{table}_subject"), table_name=table)
        op.drop_column(table, "subject")
