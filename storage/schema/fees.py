"""What clients agreed to pay for a late cancel, or for not coming."""

import sqlalchemy as sa

from storage.columns import id_column, metadata, number_column, ref_column, text_column, writer_column

fee_consents = sa.Table(
    "fee_consents",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    ref_column("booking_id", "bookings"),
    ref_column("offer_id", "offers"),
    number_column("late_cancel", nullable=True),  # minor units; null: none
    number_column("no_show", nullable=True),
    number_column("ceiling"),  # the most that is charged, once
    text_column("currency"),
    text_column("words"),  # of ours, as they were read
    text_column("language"),
    text_column("mode"),  # live | test: of the kept card
    number_column("agreed_at"),
    number_column("withdrawn_at", nullable=True),
    writer_column(),
    sa.UniqueConstraint("booking_id"),
    sa.Index(None, "person_id"),
)
