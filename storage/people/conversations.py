"""The state of each chat: its living message and an open form."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.people.conversations import REACH, Answered, Conversation
from bot.domain.records import Why
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, why_of
from storage.ready import Ready
from storage.sealing import Unreadable
from storage.sound import Senseless, check
from storage.tables import conversations
from storage.tx import BadRow, CannotRead, Tx, upsert

COLUMNS = (
    conversations.c.living_ref,
    conversations.c.chat_address,
    conversations.c.home_address,
    conversations.c.home_sealed,
    conversations.c.form_sealed,
    conversations.c.form_expires,
    conversations.c.misses,
    conversations.c.newest,
    conversations.c.answered,
    conversations.c.shown,
    conversations.c.version.label("conversation_version"),
)
T = TypeVar("T")
_FORM, _HOME = "conversations.form_sealed", "conversations.home_sealed"
_OF_ACCOUNT = sa.select(*COLUMNS).where(conversations.c.account_id == sa.bindparam("account"))
_FIND, _TO_CHANGE = Ready(_OF_ACCOUNT), Ready(_OF_ACCOUNT.with_for_update())
FORM_TIME = timedelta(hours=1)
KEYS_LENGTH = 600
"""Characters of the keys that are kept: a dozen updates, or two."""


def find(tx: Tx, account_id: int, now: datetime, *, to_change: bool = False) -> Conversation:
    """The conversation with an account; a new one when there is none. A form past its time is not opened.

    `to_change`: nobody else changes it until the transaction ends.
    """
    row = tx.execute(_TO_CHANGE if to_change else _FIND, {"account": account_id}).first()
    return Conversation(account_id) if row is None else read(tx, row, account_id, now)


def read(tx: Tx, row: Any, account_id: int, now: datetime) -> Conversation:
    """The conversation of a row that has COLUMNS, which are null where an outer join found none.

    Raises `CannotRead`.
    """
    if row.conversation_version is None:
        return Conversation(account_id)
    try:
        check(conversations, row)
    except Senseless as error:
        raise CannotRead(BadRow("conversations", str(account_id), Why.UNREADABLE)) from error
    expired = row.form_expires is not None and row.form_expires <= to_epoch(now)
    closed = row.form_sealed is None or expired
    return Conversation(
        account_id=account_id,
        living_ref=row.living_ref,
        chat_address=row.chat_address,
        home_address=row.home_address,
        home_note=home_note(tx, account_id, row.home_address, row.home_sealed),
        form=None if closed else _opened(tx, account_id, _FORM, row.form_sealed, dict),
        misses=row.misses,
        version=row.conversation_version,
        newest=row.newest,
        answered=tuple((row.answered or "").split()),
        shown=row.shown,
    )


def save(tx: Tx, conversation: Conversation, now: datetime) -> bool:
    """Keep what was read and changed: False when another turn saved it since, and nothing is kept.

    An open form gets its whole time anew.
    """
    account_id, answers = conversation.account_id, conversation.form
    form = None if answers is None else tx.sealer.seal(json.dumps(dict(answers)), _FORM, account_id)
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


def set_living(tx: Tx, account_id: int, message_ref: str | None, key: str | None = None) -> None:
    """Set the living message, whatever else was kept meanwhile: one statement, which others who save take note of.

    `key`: of the update whose answer stands from now on.
    """
    _set(tx, account_id, living_ref=message_ref, shown=key)


def living_is(account: str, key: str) -> sa.Insert:
    """As `set_living` with no message, as a part of another statement of Postgres, which has these parameters."""
    values = {"account_id": sa.bindparam(account, type_=sa.BigInteger), "shown": sa.bindparam(key, type_=sa.Text)}
    made = upsert(conversations, postgres=True).values(living_ref=None, version=1, **values)
    return _stands(made, ("living_ref", "shown"))


def set_home(tx: Tx, account_id: int, address: str, note: str | None = None) -> None:
    """As `set_living`, the address at which the person's home page stands, and what the act came to that led there."""
    kept = None if note is None else tx.sealer.seal(json.dumps([address, note]), _HOME, account_id)
    _set(tx, account_id, home_address=address, home_sealed=kept)


def home_note(tx: Tx, account_id: int, address: str | None, sealed: str | None) -> str | None:
    """What is kept of the last act, unless a process that knows nothing of it turned the page since."""
    kept = None if sealed is None else _opened(tx, account_id, _HOME, sealed, list)
    at, note = kept if kept is not None and len(kept) == 2 else (None, None)
    return note if at == address else None


def _opened(tx: Tx, account_id: int, column: str, sealed: str, shape: type[T]) -> T | None:
    """None where it cannot be read: the chat goes on without it, and who wrote it reads that."""
    try:
        found = json.loads(tx.sealer.open(sealed, column, account_id))
    except (Unreadable, ValueError) as error:
        tx.bad_rows.append(BadRow("conversations", str(account_id), why_of(error)))
        return None
    return found if isinstance(found, shape) else None


def _set(tx: Tx, account_id: int, **values: str | None) -> None:
    tx.execute(_set_some(tuple(values)), {"account_id": account_id, "version": 1, **values})


@cache
def _set_some(columns: tuple[str, ...]) -> Ready:
    return Ready(lambda postgres: _stands(upsert(conversations, postgres=postgres), columns), by_columns=True)


def _stands(made: postgresql.Insert | sqlite.Insert, columns: tuple[str, ...]) -> sa.Insert:
    news = {column: made.excluded[column] for column in columns}
    version = {"version": conversations.c.version + 1}
    return made.on_conflict_do_update(index_elements=["account_id"], set_={**news, **version})


def answer(
    tx: Tx, account_id: int, key: str, address: str | None, order: float | None, *, shown: bool = False
) -> Answered | None:
    """As `set_living`: the update with this `key` is answered, and the private chat then stands at `address`.

    None leaves it where it stands, as does an update that is past. Returns None, and nothing is changed, for one
    that was answered before.
    """
    values = {"account_id": account_id, "chat_address": address, "newest": order, "version": 1}
    keys = {"answered": f" {key} ", "shown": key if shown else None}
    row = tx.execute(_ANSWER, {**values, **keys}).first()
    return None if row is None else Answered(row.chat_address, row.living_ref)


def _answer(postgres: bool) -> sa.Executable:
    made, kept = upsert(conversations, postgres=postgres), conversations.c
    order, new = made.excluded.newest, made.excluded
    past = sa.and_(order < kept.newest, order > kept.newest - sa.literal_column(str(REACH)))
    # Unknown where either has no order, and then it is not past.
    stays = past.is_(True)
    keys, stood = sa.func.coalesce(kept.answered, " "), kept.chat_address
    news = {
        "chat_address": sa.case((stays, stood), else_=sa.func.coalesce(new.chat_address, stood)),
        "newest": sa.case((stays, kept.newest), else_=order),
        "answered": sa.func.substr(sa.func.rtrim(new.answered).concat(keys), 1, sa.literal_column(str(KEYS_LENGTH))),
        "shown": sa.func.coalesce(new.shown, kept.shown),
        "version": kept.version + 1,
    }
    # An underscore in a key fits any letter, which makes this no less sure.
    again = keys.like(sa.literal("%").concat(new.answered).concat("%"))
    put = made.on_conflict_do_update(index_elements=["account_id"], set_=news, where=~again)
    return put.returning(kept.chat_address, kept.living_ref)


_ANSWER = Ready(_answer, by_columns=True)


def forget_forms(tx: Tx, now: datetime) -> int:
    """Remove the answers of forms past their time; returns how many."""
    late = sa.update(conversations).where(conversations.c.form_expires <= to_epoch(now))
    return tx.execute(late.values(form_sealed=None, form_expires=None)).rowcount


def _judged(tx: Tx, row: Any) -> None:
    check(conversations, row)
    for column, sealed in ((_FORM, row.form_sealed), (_HOME, row.home_sealed)):
        if sealed is not None:
            json.loads(tx.sealer.open(sealed, column, row.account_id))


CONVERSATIONS = Reader(sa.select(conversations), conversations.c.account_id, _judged, "account_id")
