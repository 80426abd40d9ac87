"""Reads the practice, its offers, packages and coaches."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.domain.calendar.schedule import schedule_from_json
from bot.domain.credits.packages import MONTHS, SESSIONS, Package, PackageState
from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.practice.client_limits import RANGES, ClientLimits
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offer_settings import SETTINGS
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Practice, Question
from bot.domain.records import Why
from storage.instants import from_epoch
from storage.journal.set_aside import Reader, known, read_each, why_of
from storage.journal.unreadable import name_of
from storage.practice import places
from storage.sound import Senseless, check, is_zone
from storage.tables import coaches, offer_coaches, offers, package_offers, packages, persons, practice
from storage.tx import BadRow, Tx

T = TypeVar("T")
CONTACT = "practice.contact_sealed"
ADDRESS = "practice.address_sealed"
TAX_NUMBER = "practice.tax_number_sealed"
HASH_KEY = "practice.hash_key_sealed"
_SHORT_NAME = re.compile(r"[A-Za-z0-9.-]+")
_NEW = Practice(None, None, None, None, (1320, 480), None, frozenset())
_PRACTICE = sa.select(practice)
_OFFERS = sa.select(offers).order_by(offers.c.position, offers.c.id)
_PAIRS = sa.select(offer_coaches.c.offer_id, offer_coaches.c.coach_id).order_by(offer_coaches.c.coach_id)
_PACKAGES = sa.select(packages).order_by(packages.c.position, packages.c.id)
_COVERED = sa.select(package_offers.c.package_id, package_offers.c.offer_id).order_by(package_offers.c.offer_id)
_COACHES = (
    sa.select(coaches, persons.c.name_sealed)
    .join(persons, persons.c.id == coaches.c.person_id)
    .order_by(coaches.c.created_at, coaches.c.id)
)


def everything(tx: Tx) -> tuple[Practice, tuple[Offer, ...], tuple[Coach, ...], tuple[Package, ...]]:
    """The practice (an empty one before its first answer), and all offers, coaches and packages that can be read."""
    row = tx.execute(_PRACTICE).first()
    coaches_of: dict[int, list[int]] = defaultdict(list)
    for pair in tx.execute(_PAIRS):
        coaches_of[pair.offer_id].append(pair.coach_id)
    found = read_each(tx, OFFERS, tx.execute(_OFFERS))
    return (
        _NEW if row is None else read_practice(tx, row),
        tuple(replace(offer, coach_ids=tuple(coaches_of[offer.id])) for offer in found),
        tuple(read_each(tx, COACHES, tx.execute(_COACHES))),
        _packages(tx),
    )


def _packages(tx: Tx) -> tuple[Package, ...]:
    offers_of: dict[int, list[int]] = defaultdict(list)
    for pair in tx.execute(_COVERED):
        offers_of[pair.package_id].append(pair.offer_id)
    found = read_each(tx, PACKAGES, tx.execute(_PACKAGES))
    return tuple(replace(package, offer_ids=tuple(offers_of[package.id])) for package in found)


def read_practice(tx: Tx, row: Any) -> Practice:
    """Everybody's turn needs it, so an answer that cannot be read counts as one that was not given."""
    bad: list[Why] = []

    def answer(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one answer is not wrong with the others
            bad.append(why_of(error))
            return otherwise

    found = Practice(
        name=row.name,
        currency=row.currency,
        zone=answer(lambda: _zone_of(row.zone), None),
        contact=answer(lambda: _opened(tx, row.contact_sealed, CONTACT, row), None),
        quiet=answer(lambda: (_minute_of(row.quiet_from), _minute_of(row.quiet_to)), _NEW.quiet),
        opened_at=answer(lambda: from_epoch(row.opened_at), None),
        answered=answer(lambda: frozenset(known(Question, each) for each in row.progress), frozenset(Question)),
        version=row.version,
        limits=answer(lambda: _limits(row.limits), ClientLimits()),
        address=answer(lambda: _opened(tx, row.address_sealed, ADDRESS, row), None),
        tax_number=answer(lambda: _opened(tx, row.tax_number_sealed, TAX_NUMBER, row), None),
        tax=answer(lambda: None if row.tax is None else TaxChoice(known(TaxBehavior, row.tax), row.tax_code), None),
    )
    if bad:
        tx.bad_rows.append(BadRow("practice", str(row.id), bad[0]))
    return found


def _limits(changed: Mapping[str, int] | None) -> ClientLimits:
    """A limit that this version does not know was set by a newer one."""
    found = {} if changed is None else {name: changed[name] for name in RANGES if name in changed}
    if not all(number in RANGES[name] for name, number in found.items()):
        raise Senseless("a limit that no form takes")
    return ClientLimits(**{name.value: number for name, number in found.items()})


def _opened(tx: Tx, sealed: str | None, column: str, row: Any) -> str | None:
    return None if sealed is None else tx.sealer.open(sealed, column, row.id)


def _zone_of(zone: str | None) -> str | None:
    if zone is not None and not is_zone(zone):
        raise Senseless("no zone")
    return zone


def _minute_of(minute: int) -> int:
    if minute not in range(1441):
        raise Senseless("no minute of a day")
    return minute


def _strict_practice(tx: Tx, row: Any) -> None:
    before = len(tx.bad_rows)
    read_practice(tx, row)
    _opened(tx, row.hash_key_sealed, HASH_KEY, row)
    if len(tx.bad_rows) > before:
        raise Senseless("an answer")


def _offer(tx: Tx, row: Any) -> Offer:
    check(offers, row)
    if any((value := getattr(row, name)) is not None and value not in each.allowed for name, each in SETTINGS.items()):
        raise Senseless("a setting that no form takes")
    return Offer(
        id=row.id,
        name=row.name,
        state=known(OfferState, row.state),
        price=Money(row.price, row.currency),
        place=places.read(tx, offers, row),
        coach_ids=(),
        version=row.version,
        description=row.description,
        late_cancel_fee=_fee(row.late_cancel_fee, row.currency),
        no_show_fee=_fee(row.no_show_fee, row.currency),
        **{name: getattr(row, name) for name in SETTINGS},
    )


def _fee(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


def _coach(tx: Tx, row: Any) -> Coach:
    check(coaches, row)
    if not _SHORT_NAME.fullmatch(row.short_name):
        raise Senseless("a short name that no address holds")
    return Coach(
        id=row.id,
        person_id=row.person_id,
        name=name_of(tx, row.person_id, row.name_sealed),
        short_name=row.short_name,
        state=known(CoachState, row.state),
        zone=row.zone,
        schedule=schedule_from_json({"zone": row.zone, "weekly": row.weekly, "days": row.days}),
        place=places.read(tx, coaches, row),
        version=row.version,
        about=row.about,
    )


def _package(_tx: Tx, row: Any) -> Package:
    check(packages, row)
    months, cap = row.validity_months, row.weekly_cap
    limits = (months is None or months in MONTHS) and (cap is None or cap >= 1)
    if not limits or row.sessions not in SESSIONS or row.price < 1:
        raise Senseless("a setting that no form takes")
    return Package(
        id=row.id,
        name=row.name,
        sessions=row.sessions,
        price=Money(row.price, row.currency),
        validity_months=months,
        valid_until=from_epoch(row.valid_until),
        weekly_cap=cap,
        state=known(PackageState, row.state),
        version=row.version,
    )


OFFERS = Reader(sa.select(offers), offers.c.id, _offer)
COACHES = Reader(_COACHES, coaches.c.id, _coach)
PACKAGES = Reader(sa.select(packages), packages.c.id, _package)
PRACTICE = Reader(_PRACTICE, practice.c.id, _strict_practice)
