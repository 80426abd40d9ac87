"""What banks say against payments, and credits that nobody can use meanwhile."""

import sqlalchemy as sa

from storage.columns import (
    id_column,
    json_column,
    metadata,
    number_column,
    optional_ref_column,
    ref_column,
    text_column,
    writer_column,
)  # fmt: skip

disputes = sa.Table(
    "disputes",
    metadata,
    id_column(),
    ref_column("payment_id", "payments"),
    number_column("order_id", nullable=True),
    text_column("subject"),  # what was paid for
    text_column("dispute_ref"),  # du_…, or issfr_… of a warning
    text_column("state"),  # see bot.domain.payments.disputes.DisputeState
    text_column("reason"),  # the provider's word
    number_column("amount"),
    text_column("currency"),
    number_column("due_by", nullable=True),
    number_column("fee", nullable=True),
    text_column("fee_currency", nullable=True),
    number_column("opened_at"),
    number_column("version", 1),
    writer_column(),
    sa.UniqueConstraint("dispute_ref"),
    sa.Index(None, "payment_id"),
    sa.Index(None, "subject"),
)

freezes = sa.Table(
    "freezes",
    metadata,
    id_column(),
    optional_ref_column("grant_id", "grants"),  # null: of a gift that nobody has taken yet
    number_column("dispute_id", nullable=True),  # because of which; or of a refund that was made without us
    number_column("refund_id", nullable=True),
    number_column("sessions"),  # how many credits
    json_column("parts"),  # of them by their days of grace: [[until or null, how many], …]
    text_column("state"),  # frozen | thawed | taken
    number_column("frozen_at"),
    number_column("version", 1),
    writer_column(),
    number_column("gift_id", nullable=True),
    sa.Index(None, "gift_id"),
    sa.UniqueConstraint("grant_id", "dispute_id"),
    sa.UniqueConstraint("grant_id", "refund_id"),
)
