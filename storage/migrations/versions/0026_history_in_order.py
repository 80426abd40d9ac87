"""An index finds the newest row of the ledger, which no later one may precede: see `storage.append_only`."""

from alembic import op

revision = "0026"
down_revision: str | None = "0025"


def upgrade() -> None:
    op.create_index(op.f("ix_transactions_at"), "transactions", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transactions_at"), table_name="transactions")
