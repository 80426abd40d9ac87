"""Removes people who wrote once and never became clients, with their chats and what was said to them."""

from datetime import datetime

import sqlalchemy as sa

from storage.columns import literal
from storage.instants import to_epoch
from storage.oldest import but_newest
from storage.tables import (
    accounts,
    bookings,
    coaches,
    conversations,
    drafts,
    invitations,
    letters,
    messages,
    outbox,
    persons,
    roles,
    waits,
)
from storage.tx import Tx

_merged = persons.alias("merged")
_any_chat = accounts.alias("any_chat")
_WAITS_TO_GO_OUT = outbox.c.state.in_(literal(("pending", "sending")))
_KEEPS = (
    bookings.c.person_id, roles.c.person_id, coaches.c.person_id, waits.c.person_id, drafts.c.person_id,
    messages.c.from_person_id, messages.c.to_person_id, letters.c.from_person_id, letters.c.to_person_id,
    invitations.c.made_by, _merged.c.merged_into,
)  # fmt: skip
"""Where somebody stands who is no stranger. Ids are compared as they are stored: who was merged is none, either."""


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` people who never booked, have no role, and were last seen before then; returns how many.

    The trail keeps the numbers of what they did, which lead to nobody.
    """
    found = list(tx.execute(_strangers(to_epoch(before)).limit(limit)).scalars())
    if not found:
        return 0
    theirs = sa.select(accounts.c.id).where(accounts.c.person_id.in_(found))
    tx.execute(sa.delete(conversations).where(conversations.c.account_id.in_(theirs)))
    tx.execute(sa.delete(outbox).where(outbox.c.person_id.in_(found)))
    tx.execute(sa.delete(accounts).where(accounts.c.person_id.in_(found)))
    tx.execute(sa.delete(persons).where(persons.c.id.in_(found)))
    return len(found)


def _strangers(before: int) -> sa.Select[int]:
    seen_since = sa.exists().where(accounts.c.person_id == persons.c.id, accounts.c.seen_at >= before)
    is_told = sa.exists().where(outbox.c.person_id == persons.c.id, _WAITS_TO_GO_OUT)
    chats = sa.select(accounts.c.id).where(accounts.c.person_id == persons.c.id)
    is_picked = sa.exists().where(invitations.c.account_id.in_(chats))
    newest_chat = sa.select(sa.func.max(_any_chat.c.id)).scalar_subquery()
    has_newest_chat = sa.exists().where(accounts.c.person_id == persons.c.id, accounts.c.id == newest_chat)
    keeps = (sa.exists().where(column == persons.c.id) for column in _KEEPS)
    return (
        sa.select(persons.c.id)
        .where(persons.c.created_at < before, persons.c.merged_into.is_(None))
        .where(~seen_since, ~is_told, ~is_picked, *(~each for each in keeps))
        .where(but_newest(persons), ~has_newest_chat)
        .order_by(persons.c.id)
    )
