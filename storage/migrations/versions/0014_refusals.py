"""Why a provider will not make a page or a refund, and the reference under which the steps are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

COLUMNS = ("payments", "reference"), ("refunds", "failure"), ("refunds", "reference")


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
