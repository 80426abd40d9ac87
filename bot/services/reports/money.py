"""What came in, went back and was kept, for the owner: by month in the practice's zone, by coach and by offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar.local_dates import midnight
from bot.domain.payments.money_report import Entry, Owed, OwedFees, Sums, by_currency, by_each
from bot.services.reports.tax import TaxReports
from storage.credits import unused
from storage.engine import Storage, Tx
from storage.payments import money_sums
from storage.people import people
from storage.practice.catalogue import Snapshot, snapshot


@dataclass(frozen=True)
class MonthOfMoney:
    """`first` is the first day of the month, on the clock of `zone`. A name is None for what was for no session."""

    first: date
    zone: str
    sums: Sequence[Sums]
    coaches: Mapping[str | None, Sequence[Sums]]
    offers: Mapping[str | None, Sequence[Sums]]


@dataclass(frozen=True)
class MoneyRow:
    """One month's money of one coach's sessions of one offer in one currency; None for both: of no session."""

    month: date
    coach: str | None
    offer: str | None
    sums: Sums


class MoneyReports:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.tax = TaxReports(storage)

    async def month(self, day: date) -> MonthOfMoney:
        """The month that this day is in."""

        def work(tx: Tx) -> MonthOfMoney:
            known = snapshot(tx)
            zone = known.practice.zone or "UTC"
            first = day.replace(day=1)
            entries = _of_month(tx, first, zone)
            coaches = by_each(entries, lambda entry: entry.coach_id)
            offers = by_each(entries, lambda entry: entry.offer_id)
            return MonthOfMoney(
                first=first,
                zone=zone,
                sums=by_currency(entries),
                coaches=_named(coaches, _coaches(tx, known)),
                offers=_named(offers, {each.id: each.name for each in known.offers}),
            )

        return await self._storage.read(work)

    async def owed(self, now: datetime) -> Sequence[Owed]:
        """What clients have paid for and not used yet, by currency, as of now."""
        return await self._storage.read(lambda tx: unused.owed(tx, now))

    async def owed_fees(self) -> Sequence[OwedFees]:
        """What clients owe as fees, by currency, as of now."""
        return await self._storage.read(money_sums.owed_fees)

    async def months(self, days: Sequence[date]) -> list[MoneyRow]:
        """All there is to tell of these months, row by row; each by a day that is in it."""

        def work(tx: Tx) -> list[MoneyRow]:
            known = snapshot(tx)
            coaches, offers = _coaches(tx, known), {each.id: each.name for each in known.offers}
            zone, rows = known.practice.zone or "UTC", []
            for first in (day.replace(day=1) for day in days):
                of_each: dict[tuple[int | None, int | None], list[Entry]] = {}
                for entry in _of_month(tx, first, zone):
                    of_each.setdefault((entry.coach_id, entry.offer_id), []).append(entry)
                for (coach, offer), entries in of_each.items():
                    names = _name_of(coaches, coach), _name_of(offers, offer)
                    rows += [MoneyRow(first, *names, sums) for sums in by_currency(entries)]
            return rows

        return await self._storage.read(work)

    async def year(self, year: int) -> list[tuple[date, Sequence[Sums]]]:
        """The months of a year in which money moved, in order, each by its first day."""

        def work(tx: Tx) -> list[tuple[date, Sequence[Sums]]]:
            zone = snapshot(tx).practice.zone or "UTC"
            months = [date(year, month, 1) for month in range(1, 13)]
            found = [(month, by_currency(_of_month(tx, month, zone))) for month in months]
            return [(month, sums) for month, sums in found if sums]

        return await self._storage.read(work)


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _of_month(tx: Tx, first: date, zone: str) -> list[Entry]:
    return money_sums.between(tx, midnight(first, zone), midnight(next_month(first), zone))


def _coaches(tx: Tx, known: Snapshot) -> Mapping[int, str]:
    names = people.names(tx, [each.person_id for each in known.coaches])
    return {each.id: names.get(each.person_id, each.name) for each in known.coaches}


def _name_of(names: Mapping[int, str], number: int | None) -> str | None:
    return None if number is None else names.get(number, str(number))


def _named(found: Mapping[int | None, Sequence[Sums]], names: Mapping[int, str]) -> dict[str | None, Sequence[Sums]]:
    """By their names, in the order of those; two of the same name keep their numbers."""
    told: dict[str | None, Sequence[Sums]] = {}
    for number, sums in found.items():
        if number is None:
            told[None] = sums
            continue
        name = names.get(number, str(number))
        told[name if name not in told else f"{name} ({number})"] = sums
    return dict(sorted(told.items(), key=lambda each: (each[0] is None, each[0] or "")))
