"""What an offer is about, and who can book it; and which coach a proposal hands a session to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"

YES_NO = ("once_per_client", "new_clients_only")


def upgrade() -> None:
    op.add_column("offers", sa.Column("description", sa.Text(), nullable=True))
    for name in YES_NO:
        op.add_column("offers", sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("proposals", sa.Column("to_coach_id", sa.BigInteger(), nullable=True))
    op.add_column("proposals", sa.Column("from_coach_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("proposals", "from_coach_id")
    op.drop_column("proposals", "to_coach_id")
    for name in YES_NO:
        op.drop_column("offers", name)
    op.drop_column("offers", "description")
