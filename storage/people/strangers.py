"""Removes people who wrote once and never became clients, with their chats and what was said to them."""

from datetime import datetime

import sqlalchemy as sa

from storage.columns import literal
from storage.instants import to_epoch
from storage.oldest import but_newest
from storage.tables import accounts, calendar_feeds, conversations, invitations, metadata, outbox, persons
from storage.tx import Tx

_merged = persons.alias("merged")
_any_chat = accounts.alias("any_chat")
_WAITS_TO_GO_OUT = outbox.c.state.in_(literal(("pending", "sending")))
_THEIRS = (accounts, calendar_feeds, outbox)
"""What is removed with them."""

_KEEPS = (
    *(
        column
        for table in metadata.sorted_tables
        if table not in _THEIRS
        for column in table.columns
        if any(key.target_fullname == "persons.id" for key in column.foreign_keys)
    ),
    _merged.c.merged_into,
)
"""Where somebody stands who is no stranger: all that the schema says is about a person, such as what they bought. Ids
are compared as they are stored: who was merged is none, either."""

SPAN = 5000
"""Numbers of people that are looked through each hour, one span after the other: most of them are clients, who stay."""

_HOUR_S = 3600


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` people who never booked, have no role, and were last seen before then; returns how many.

    Those of one span are looked at, and of another one an hour later, until it begins anew. The trail keeps the
    numbers of what they did, which lead to nobody.
    """
    newest = tx.execute(sa.select(sa.func.max(persons.c.id))).scalar() or 0
    span = to_epoch(before) // _HOUR_S % (newest // SPAN + 1)
    found = list(tx.execute(_strangers(to_epoch(before), span * SPAN).limit(limit)).scalars())
    if not found:
        return 0
    theirs = sa.select(accounts.c.id).where(accounts.c.person_id.in_(found))
    tx.execute(sa.delete(conversations).where(conversations.c.account_id.in_(theirs)))
    tx.execute(sa.delete(outbox).where(outbox.c.person_id.in_(found)))
    tx.execute(sa.delete(calendar_feeds).where(calendar_feeds.c.person_id.in_(found)))
    tx.execute(sa.delete(accounts).where(accounts.c.person_id.in_(found)))
    tx.execute(sa.delete(persons).where(persons.c.id.in_(found)))
    return len(found)


def _strangers(before: int, first: int) -> sa.Select[int]:
    """Of the span that begins there. What keeps somebody is found once for all of it, not for each of them."""

    def of_span(person: sa.ColumnElement[int], *which: sa.ColumnElement[bool]) -> sa.Select[int]:
        return sa.select(person).where(person.between(first, first + SPAN - 1), *which)

    newest_chat = sa.select(sa.func.max(_any_chat.c.id)).scalar_subquery()
    picked = sa.select(invitations.c.account_id).where(invitations.c.account_id.is_not(None))
    keeps = sa.or_(accounts.c.seen_at >= before, accounts.c.id == newest_chat, accounts.c.id.in_(picked))
    stay = (
        of_span(accounts.c.person_id, keeps),
        of_span(outbox.c.person_id, _WAITS_TO_GO_OUT),
        *(of_span(column) for column in _KEEPS),
    )
    old = (persons.c.created_at < before, persons.c.merged_into.is_(None), but_newest(persons))
    strangers = of_span(persons.c.id, *old).where(*(persons.c.id.not_in(each) for each in stay))
    return strangers.order_by(persons.c.id)
