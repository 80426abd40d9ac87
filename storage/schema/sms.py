"""Who agreed to SMS, and what was sent by it."""

import sqlalchemy as sa

from storage.columns import id_column, metadata, number_column, ref_column, text_column, writer_column

_STANDS = sa.text("ended_at IS NULL")

sms_consents = sa.Table(
    "sms_consents",
    metadata,
    id_column(),
    ref_column("person_id", "persons"),
    number_column("account_id"),  # the number, which may be removed while this is kept
    text_column("words"),  # of ours as they were read, or the word by which they agreed
    text_column("language"),
    text_column("given_by"),  # a bot.domain.reach.sms_consents.ConsentBy
    number_column("given_at"),
    number_column("ended_at", nullable=True),
    text_column("ended_by", nullable=True),
    number_column("answered_at", nullable=True),  # when words to the number were answered with where to write instead
    writer_column(),
    sa.Index("uq_sms_consents_standing", "account_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    sa.Index(None, "person_id"),
)

sms_messages = sa.Table(
    "sms_messages",
    metadata,
    id_column(),
    number_column("account_id"),
    text_column("key"),  # of the notice
    text_column("sid", nullable=True),  # the provider's name for it, once it has it
    text_column("digest"),  # of the text, by which it is found at the provider
    number_column("stage", 0),  # a bot.domain.notices.delivery_news.Stage; 0: intended
    text_column("why", nullable=True),  # the provider's code where it failed
    number_column("parts"),
    number_column("cost", 0),  # millionths of the practice's currency
    text_column("month"),  # 2026-12: of the practice's calendar, by which the cost counts
    number_column("created_at"),
    writer_column(),
    sa.UniqueConstraint("account_id", "key"),
    sa.UniqueConstraint("sid"),
    sa.Index(None, "month"),
)
