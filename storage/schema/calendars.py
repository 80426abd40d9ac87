"""The feeds by which people read their sessions in a calendar of their own."""

import sqlalchemy as sa

from storage.columns import Id, metadata, number_column, text_column

calendar_feeds = sa.Table(
    "calendar_feeds",
    metadata,
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), primary_key=True),
    text_column("token_digest", nullable=True),  # of the token in its link; null: switched off
    text_column("token_sealed", nullable=True),
    number_column("names", 0),  # 1: a coach reads clients' names in calendars
    number_column("changed_at"),  # since when its entries read as they do
    sa.UniqueConstraint("token_digest"),
)
