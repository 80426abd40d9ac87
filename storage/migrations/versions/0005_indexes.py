"""Indexes for what every page of a booking and every sweep asks: refunds of a payment, proposals that end."""

from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index(op.f("ix_proposals_state_expires_at"), "proposals", ["state", "expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_proposals_state_expires_at"), table_name="proposals")
    op.drop_index(op.f("ix_refunds_payment_id"), table_name="refunds")
