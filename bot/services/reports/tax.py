"""The tax of a period, for an owner, by the practice's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendar.local_dates import midnight
from bot.domain.payments.periods import Period
from bot.domain.payments.tax_report import TaxRow, by_rate
from storage.engine import Storage, Tx
from storage.payments import transactions
from storage.practice import catalogue


@dataclass(frozen=True)
class TaxReport:
    period: Period
    zone: str
    rows: Sequence[TaxRow]


class TaxReports:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of(self, period: Period) -> TaxReport:
        def work(tx: Tx) -> TaxReport:
            zone = catalogue.snapshot(tx).practice.zone or "UTC"
            since, until = midnight(period.first, zone), midnight(period.end, zone)
            return TaxReport(period, zone, by_rate(transactions.between(tx, since, until)))

        return await self._storage.read(work)
