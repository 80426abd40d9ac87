"""One row that tells the generation of practice, offers and coaches; its triggers come with the guards."""

import sqlalchemy as sa
from alembic import op

from storage.upkeep import generations

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    catalogue = op.create_table(
        "catalogue",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue")),
    )
    op.bulk_insert(catalogue, [{"id": 1}])


def downgrade() -> None:
    generations.drop(op.get_bind())
    op.drop_table("catalogue")
