"""Gifts: sessions that somebody paid for, and that belong to whoever takes them."""

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

gifts = sa.Table(
    "gifts",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),  # who gives it
    ref_column("order_id", "orders"),
    text_column("state"),  # open | taken | returned
    text_column("token_digest"),  # of what its link and its code are
    text_column("token_sealed"),
    text_column("name"),  # public words of the practice
    number_column("price"),
    text_column("currency"),
    json_column("terms"),  # all that it is, as it was told
    number_column("bought_at"),
    number_column("expires_at", nullable=True),
    optional_ref_column("taken_by", "persons"),
    number_column("taken_at", nullable=True),
    optional_ref_column("grant_id", "grants"),
    number_column("version", 1),
    writer_column(),
    sa.UniqueConstraint("token_digest"),
    sa.UniqueConstraint("order_id"),
    sa.Index(None, "person_id"),
    sa.Index(None, "taken_by"),
    sa.Index(None, "grant_id"),
    sa.Index(None, "expires_at"),
)
