"""The link by which an order can be paid inside a chat."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision: str | None = "0039"


def upgrade() -> None:
    op.add_column("orders", sa.Column("invoice_url_sealed", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "invoice_url_sealed")
