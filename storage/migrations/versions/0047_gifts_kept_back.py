"""Credits of a gift that nobody has taken yet can be frozen: they are of no grant until somebody takes it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision: str | None = "0046"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("freezes") as freezes:
        freezes.add_column(sa.Column("gift_id", sa.BigInteger(), nullable=True))
        freezes.alter_column("grant_id", existing_type=ID, nullable=True)
    op.create_index(op.f("ix_freezes_gift_id"), "freezes", ["gift_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_freezes_gift_id"), "freezes")
    op.execute("DELETE FROM freezes WHERE grant_id IS NULL")  # the version before knows none without a grant
    with op.batch_alter_table("freezes") as freezes:
        freezes.alter_column("grant_id", existing_type=ID, nullable=False)
        freezes.drop_column("gift_id")
