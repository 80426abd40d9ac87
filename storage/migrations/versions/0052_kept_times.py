"""Until when a time is kept for a session that may move there, whatever becomes of the order for the price."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision: str | None = "0051"

_KEPT = sa.text("kept_until IS NOT NULL AND state = 'held'")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("kept_until", sa.BigInteger(), nullable=True))
    op.create_index("ix_sessions_kept", "sessions", ["kept_until"], sqlite_where=_KEPT, postgresql_where=_KEPT)


def downgrade() -> None:
    op.drop_index("ix_sessions_kept", table_name="sessions")
    op.drop_column("sessions", "kept_until")
