"""Where and whether people want to be told, and by which accounts they can be.

What cannot be read of a choice counts as not chosen: a message rather comes than not.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from bot.domain.notices.ways import Preferences, Reach, Way
from bot.domain.people.people import Account, Platform
from storage.identity import stands_for, surviving
from storage.journal.set_aside import read_each, why_of
from storage.people import sms_consents
from storage.people.people import ACCOUNTS, ORDER
from storage.people.person_rows import ACCOUNT, read_preferences
from storage.tables import accounts, persons
from storage.tx import BadRow, Tx

_WITH_CHOICES = accounts.join(persons, persons.c.id == surviving(accounts.c.person_id))


def reach_of(tx: Tx, person_ids: Collection[int]) -> dict[int, Reach]:
    """Each of these persons, by the id that survives; one without any account that can be read has none."""
    rows = tx.execute(
        sa.select(*ACCOUNT, persons.c.preferences)
        .select_from(_WITH_CHOICES)
        .where(stands_for(accounts.c.person_id, *person_ids))
        .order_by(*ORDER)
    ).all()
    theirs: dict[int, list[Account]] = {person_id: [] for person_id in person_ids}
    for account in read_each(tx, ACCOUNTS, rows):
        theirs[account.person_id].append(account)
    chosen = {row.person_id: row.preferences for row in rows}
    agreed = sms_consents.standing_at(tx, [each.id for found in theirs.values() for each in found if _is_sms(each)])
    return {each: Reach(found, _read(tx, each, chosen.get(each)), agreed) for each, found in theirs.items()}


def _is_sms(account: Account) -> bool:
    return account.platform is Platform.SMS


def find(tx: Tx, person_id: int) -> Preferences:
    """`person_id` is the id that survives."""
    row = tx.execute(sa.select(persons.c.preferences).where(persons.c.id == person_id)).first()
    return Preferences() if row is None else _read(tx, person_id, row.preferences)


def keep(tx: Tx, person_id: int, preferences: Preferences) -> None:
    """In the place of all that was chosen before. `person_id` is the id that survives."""
    chosen = {topic.value: _written(way) for topic, way in preferences.by_topic.items() if way != Way()}
    tx.execute(sa.update(persons).where(persons.c.id == person_id).values(preferences=chosen or None))


def _written(way: Way) -> dict[str, Any]:
    return {"where": way.where.value, "without": sorted(each.value for each in way.without)}


def _read(tx: Tx, person_id: int, chosen: Any) -> Preferences:
    if chosen is None:
        return Preferences()
    try:
        return read_preferences(chosen)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        tx.bad_rows.append(BadRow("persons", str(person_id), why_of(error)))
        return Preferences()
