"""Indexes without which a page or a sweep reads the whole past, and one less that does."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

OPEN_FORMS = sa.text("form_expires IS NOT NULL")
ENDED = sa.text("state NOT IN ('pending', 'sending')")
REACHABLE = sa.text("unreachable IS NULL")


def upgrade() -> None:
    op.create_index(op.f("ix_bookings_session_id"), "bookings", ["session_id"], unique=False)
    op.create_index(
        "ix_conversations_form_expires", "conversations", ["form_expires"],
        sqlite_where=OPEN_FORMS, postgresql_where=OPEN_FORMS,
    )  # fmt: skip
    op.create_index("ix_accounts_seen_at", "accounts", ["seen_at"], sqlite_where=REACHABLE, postgresql_where=REACHABLE)
    op.create_index("ix_outbox_ended", "outbox", ["due"], sqlite_where=ENDED, postgresql_where=ENDED)
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.drop_index(op.f("ix_outbox_state_due"), table_name="outbox")


def downgrade() -> None:
    op.create_index(op.f("ix_outbox_state_due"), "outbox", ["state", "due"], unique=False)
    op.drop_index(op.f("ix_inbox_received_at"), table_name="inbox")
    op.drop_index("ix_outbox_ended", table_name="outbox")
    op.drop_index("ix_accounts_seen_at", table_name="accounts")
    op.drop_index("ix_conversations_form_expires", table_name="conversations")
    op.drop_index(op.f("ix_bookings_session_id"), table_name="bookings")
