"""Rows that cannot be read are set aside under a reference; rows for other processes name their writer's schema."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTED_ON = ("outbox", "inbox", "payments", "refunds")


def upgrade() -> None:
    op.create_table(
        "set_aside",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_ref", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("table_name", "row_ref", name=op.f("uq_set_aside_table_name_row_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_set_aside_reference")),
    )
    for table in ACTED_ON:
        op.add_column(table, sa.Column("writer", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    for table in ACTED_ON:
        op.drop_column(table, "writer")
    op.drop_table("set_aside")
