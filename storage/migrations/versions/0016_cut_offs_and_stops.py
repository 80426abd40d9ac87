"""That a client moved a session after its cut-off for cancelling; and which kinds of reminders a person stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    op.add_column("persons", sa.Column("stopped", sa.JSON(), nullable=True))
    op.add_column("bookings", sa.Column("cancel_late", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("bookings", "cancel_late")
    op.drop_column("persons", "stopped")
