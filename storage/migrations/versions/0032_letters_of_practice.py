"""Which side of a letter is the practice: who answered as an owner reads it no more once they are none."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision: str | None = "0031"


def upgrade() -> None:
    op.add_column("letters", sa.Column("from_practice", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("letters", "from_practice")
