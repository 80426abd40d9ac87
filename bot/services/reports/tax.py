"""The tax of a period, for an owner, by the practice's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendar.local_dates import midnight
from bot.domain.payments.payments import Movement, MovementKind
from bot.domain.payments.periods import Period
from bot.domain.payments.tax import CUSTOMER_EXEMPT
from bot.domain.payments.tax_report import TaxRow, by_rate
from storage.engine import Storage, Tx
from storage.payments import money_sums, transactions
from storage.payments.receipts import receipts
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
            moved = transactions.between(tx, since, until)
            fees = money_sums.fee_orders(tx, since, until)
            return TaxReport(period, zone, by_rate(moved, _explained(tx, moved), fees))

        return await self._storage.read(work)


def _explained(tx: Tx, moved: Sequence[Movement]) -> set[int]:
    """Payments of exempt clients whose receipt names the practice's reason."""
    found = set()
    for each in moved:
        exempt = each.kind is MovementKind.CHARGE and CUSTOMER_EXEMPT in [part.reason for part in each.tax_rates]
        kept = receipts.of_payment(tx, each.payment_id) if exempt and each.payment_id is not None else None
        if kept is not None and kept.receipt.exemption not in (None, CUSTOMER_EXEMPT):
            assert each.payment_id is not None
            found.add(each.payment_id)
    return found
