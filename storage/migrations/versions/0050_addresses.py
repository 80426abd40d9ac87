"""Addresses of mail and SMS as accounts, the key that they are found by, and what a person wants to be told where."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision: str | None = "0049"

UNPROVED = sa.text("address_sealed IS NOT NULL AND verified_at IS NULL")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("address_sealed", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("verified_at", sa.BigInteger(), nullable=True))
    op.add_column("accounts", sa.Column("code_salt", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("code_at", sa.BigInteger(), nullable=True))
    op.add_column("accounts", sa.Column("code_tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_accounts_unproved", "accounts", ["seen_at"], sqlite_where=UNPROVED, postgresql_where=UNPROVED)
    op.add_column("practice", sa.Column("hash_key_sealed", sa.Text(), nullable=True))
    op.add_column("persons", sa.Column("preferences", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM accounts WHERE platform IN ('email', 'sms')")  # the version before knows none
    op.drop_column("persons", "preferences")
    op.drop_column("practice", "hash_key_sealed")
    op.drop_index("ix_accounts_unproved", table_name="accounts")
    for column in ("code_tries", "code_at", "code_salt", "verified_at", "address_sealed"):
        op.drop_column("accounts", column)
