"""Receipts, and the counters that give them numbers without a gap."""

import sqlalchemy as sa

from storage.columns import id_column, metadata, number_column, ref_column, text_column, writer_column

_OF_REFUND = sa.text("refund_id IS NOT NULL")

receipts = sa.Table(
    "receipts",
    metadata,
    id_column(),
    text_column("series"),  # R: purchases | C: refunds and cancellations
    number_column("number"),  # 1, 2, … in its series
    text_column("kind"),  # purchase | refund | cancellation
    ref_column("person_id", "persons"),  # who paid
    number_column("order_id", nullable=True),
    number_column("payment_id", nullable=True),
    number_column("refund_id", nullable=True),
    number_column("amount"),  # with tax; what went back is negative
    text_column("currency"),
    text_column("contents_sealed"),  # JSON, frozen: see storage.payments.receipts.receipt_contents
    text_column("token_digest"),  # of the token in its link
    text_column("token_sealed"),
    number_column("at"),
    writer_column(),
    sa.UniqueConstraint("series", "number"),
    sa.UniqueConstraint("token_digest"),
    sa.Index(None, "person_id"),
    sa.Index(None, "order_id"),
    sa.Index(None, "payment_id"),
    sa.Index("uq_receipts_refund_id", "refund_id", unique=True, sqlite_where=_OF_REFUND, postgresql_where=_OF_REFUND),
)

receipt_counters = sa.Table(
    "receipt_counters",
    metadata,
    sa.Column("series", sa.Text, primary_key=True),
    number_column("last"),
)
