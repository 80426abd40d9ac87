"""The state of each chat: its living message and an open form."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.domain.people.conversations import REACH, Conversation
from storage.instants import to_epoch
from storage.tables import conversations
from storage.tx import Tx, upsert

COLUMNS = (
    conversations.c.living_ref,
    conversations.c.chat_address,
    conversations.c.home_address,
    conversations.c.form_sealed,
    conversations.c.form_expires,
    conversations.c.misses,
    conversations.c.newest,
    conversations.c.version.label("conversation_version"),
)
FORM_TIME = timedelta(hours=1)


def find(tx: Tx, account_id: int, now: datetime, *, to_change: bool = False) -> Conversation:
    """The conversation with an account; a new one when there is none. A form past its time is not opened.

    `to_change`: nobody else changes it until the transaction ends.
    """
    wanted = sa.select(*COLUMNS).where(conversations.c.account_id == account_id)
    row = tx.execute(wanted.with_for_update() if to_change else wanted).first()
    return Conversation(account_id) if row is None else read(tx, row, account_id, now)


def read(tx: Tx, row: Any, account_id: int, now: datetime) -> Conversation:
    """The conversation of a row that has COLUMNS, which are null where an outer join found none."""
    if row.conversation_version is None:
        return Conversation(account_id)
    expired = row.form_expires is not None and row.form_expires <= to_epoch(now)
    closed = row.form_sealed is None or expired
    return Conversation(
        account_id=account_id,
        living_ref=row.living_ref,
        chat_address=row.chat_address,
        home_address=row.home_address,
        form=None if closed else json.loads(tx.sealer.open(row.form_sealed)),
        misses=row.misses,
        version=row.conversation_version,
        newest=row.newest,
    )


def save(tx: Tx, conversation: Conversation, now: datetime) -> bool:
    """Keep what was read and changed: False when another turn saved it since, and nothing is kept.

    An open form gets its whole time anew.
    """
    form = None if conversation.form is None else tx.sealer.seal(json.dumps(dict(conversation.form)))
    values = {
        "living_ref": conversation.living_ref,
        "chat_address": conversation.chat_address,
        "home_address": conversation.home_address,
        "form_sealed": form,
        "form_expires": None if form is None else to_epoch(now + FORM_TIME),
        "misses": conversation.misses,
        "version": conversation.version + 1,
        "newest": conversation.newest,
    }
    if conversation.version == 0:
        made = tx.upsert(conversations).values(account_id=conversation.account_id, **values)
        kept = made.on_conflict_do_nothing(index_elements=["account_id"])
        return tx.execute(kept.returning(conversations.c.account_id)).first() is not None
    same = (
        conversations.c.account_id == conversation.account_id,
        conversations.c.version == conversation.version,
    )
    return tx.execute(sa.update(conversations).where(*same).values(**values)).rowcount == 1


def set_living(tx: Tx, account_id: int, message_ref: str | None) -> None:
    """Set the living message, whatever else was kept meanwhile: one statement, which others who save take note of."""
    _set(tx, account_id, "living_ref", message_ref)


def set_home(tx: Tx, account_id: int, address: str | None) -> None:
    """As `set_living`, the address at which the person's home page stands."""
    _set(tx, account_id, "home_address", address)


def _set(tx: Tx, account_id: int, column: str, value: str | None) -> None:
    tx.execute(_set_one(tx.postgres, column), {"account_id": account_id, "version": 1, column: value})


@cache
def _set_one(postgres: bool, column: str) -> sa.Executable:
    made = upsert(conversations, postgres=postgres)
    news = {column: made.excluded[column], "version": conversations.c.version + 1}
    return made.on_conflict_do_update(index_elements=["account_id"], set_=news)


def stand(tx: Tx, account_id: int, address: str | None, order: float | None) -> None:
    """As `set_living`, where the private chat stands; nothing is changed by an update that is past."""
    values = {"account_id": account_id, "chat_address": address, "newest": order, "version": 1}
    tx.execute(_stand(tx.postgres), values)


@cache
def _stand(postgres: bool) -> sa.Executable:
    made = upsert(conversations, postgres=postgres)
    order, newest = made.excluded.newest, conversations.c.newest
    news = {
        "chat_address": made.excluded.chat_address,
        "newest": order,
        "version": conversations.c.version + 1,
    }
    past = sa.and_(order < newest, order > newest - sa.literal_column(str(REACH)))
    # Unknown where either has no order, and then it is not past.
    return made.on_conflict_do_update(index_elements=["account_id"], set_=news, where=past.is_not(True))


def forget_forms(tx: Tx, now: datetime) -> int:
    """Remove the answers of forms past their time; returns how many."""
    late = sa.update(conversations).where(conversations.c.form_expires <= to_epoch(now))
    return tx.execute(late.values(form_sealed=None, form_expires=None)).rowcount
