"""Changes persons and accounts, by what they choose or what their platform tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.people.people import Platform, Unreachable
from storage.identity import surviving
from storage.instants import to_epoch
from storage.schema.people import NAME
from storage.tables import accounts, persons
from storage.tx import Tx

_SURVIVOR = surviving(sa.bindparam("person", type_=sa.BigInteger))


@dataclass(frozen=True)
class ProfileNews:
    """What a platform says of a person and was not known; None is what stays as it was."""

    platform: Platform
    name: str | None = None
    language: str | None = None
    zone: str | None = None


def follow(tx: Tx, person_id: int, news: ProfileNews) -> None:
    """Keep what the platform says of the person whose id survives."""
    values: dict[str, object] = {}
    if news.name is not None:
        values["name_sealed"] = tx.sealer.seal(news.name, NAME, person_id)
    if news.language is not None:
        values["language"] = news.language
    if news.zone is not None:
        values |= {"zone": news.zone, "zone_from": news.platform.value}
    _change(tx, person_id, values)


def set_zone(tx: Tx, person_id: int, zone: str, source: str) -> None:
    """Set the zone (IANA name) in which the person reads times. `source`: slack, asked or changed."""
    _change(tx, person_id, {"zone": zone, "zone_from": source})


def choose_language(tx: Tx, person_id: int, language: str) -> None:
    """Set the language by the person's own choice, which a platform does not change any more."""
    _change(tx, person_id, {"language": language, "language_from": "chosen"})


def set_reminders(tx: Tx, person_id: int, leads: Sequence[int], *, on: bool) -> None:
    """Set which reminders the person gets, in minutes before the start; without any the usual ones."""
    _change(tx, person_id, {"leads": list(leads) or None, "reminders": int(on), "stopped": None})


def stop_reminders(tx: Tx, person_id: int, stopped: Sequence[str] | None = None) -> None:
    """Switch off these kinds of them, or (None) all; the chosen leads are kept."""
    _change(tx, person_id, {"reminders": 0} if stopped is None else {"stopped": list(stopped)})


def renew(tx: Tx, person_id: int) -> None:
    """Raise the version alone: reminders that were cancelled are planned under new keys."""
    _change(tx, person_id, {})


def _change(tx: Tx, person_id: int, values: Mapping[str, object]) -> None:
    whose = sa.update(persons).where(persons.c.id == _SURVIVOR)
    tx.execute(whose.values(**values, version=persons.c.version + 1), {"person": person_id})


def note_seen(tx: Tx, account_id: int, chat_ref: str | None, now: datetime) -> None:
    """A word came from this account, so it can be written to; `chat_ref` None stays as it was."""
    values: dict[str, object] = {"unreachable": None, "seen_at": to_epoch(now)}
    if chat_ref is not None:
        values["chat_ref"] = chat_ref
    _change_account(tx, account_id, values)


def set_unreachable(tx: Tx, account_id: int, why: Unreachable | None) -> None:
    """Set why the account cannot be written to; None: it can."""
    _change_account(tx, account_id, {"unreachable": None if why is None else why.value})


def set_platform_zone(tx: Tx, account_id: int, zone: str) -> None:
    """Set the zone that the platform reports."""
    _change_account(tx, account_id, {"platform_zone": zone})


def _change_account(tx: Tx, account_id: int, values: Mapping[str, object]) -> None:
    tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))
