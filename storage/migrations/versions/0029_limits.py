"""What an owner changed of the limits for clients, and what is counted within a while."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    op.add_column("practice", sa.Column("limits", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "meters",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("whose", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "whose", name=op.f("pk_meters")),
    )


def downgrade() -> None:
    op.drop_table("meters")
    op.drop_column("practice", "limits")
