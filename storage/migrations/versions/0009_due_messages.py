"""Indexes of what is yet to go out, by when it is due: the past does not slow the senders."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"

OPEN = sa.text("state IN ('pending', 'sending')")
ASKED = sa.text("state IN ('pending', 'sending') AND kind NOT IN ('reminder', 'settle')")


def upgrade() -> None:
    for name, where in (("ix_outbox_due", OPEN), ("ix_outbox_asked", ASKED)):
        op.create_index(name, "outbox", ["due", "id"], unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_outbox_asked", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
