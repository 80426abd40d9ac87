"""Asks what a payment comes to with tax where a kept card pays it: by the address that the provider has of its client,
who entered that on a page before. Without one there is only the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.payments.payments import Payment
from bot.domain.payments.tax import TaxChoice, TaxedPart, TaxReckoning
from bot.integrations.payments.tax import Reckoned, TaxLine, TaxReckoner
from bot.integrations.vendor import VendorRefused
from bot.services.kit.patience import Patience
from storage.engine import Tx
from storage.payments import payment_changes, payments

PATIENCE = Patience(longest=timedelta(minutes=1), give_up_after=0, answer_s=4.0)
"""Nobody waits for it in vain: the page is there, and who opens the hold again has it asked once more."""


@dataclass(frozen=True)
class ReckonTax:
    payment: Payment
    taxes: TaxReckoner
    customer_ref: str
    choice: TaxChoice

    @property
    def name(self) -> str:
        return "tax"

    @property
    def id(self) -> int:
        return self.payment.id

    @property
    def failures(self) -> int:
        return 0

    @property
    def patience(self) -> Patience:
        return PATIENCE

    async def carry_out(self, _now: datetime) -> Callable[[Tx], Payment | None]:
        line = TaxLine(f"payment-{self.payment.id}", self.payment.amount, self.choice)
        key = f"{self.payment.idempotency_key}:tax:{self.customer_ref}"
        found = self._kept(await self.taxes.reckon(self.customer_ref, [line], key))

        def record(tx: Tx) -> Payment | None:
            payment_changes.keep_reckoning(tx, self.payment.id, found)
            return payments.find(tx, self.payment.id)

        return record

    async def refused(self, _refusal: VendorRefused, _now: datetime) -> Callable[[Tx], Payment | None]:
        """Most likely the provider knows no address."""
        return lambda _tx: self.payment

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        """The page is there all the same."""

    def _kept(self, found: Reckoned) -> TaxReckoning:
        parts = [
            TaxedPart(part.taxable, part.amount, part.percent, part.inclusive, part.reason, part.country, part.state)
            for part in found.parts
        ]
        return TaxReckoning(
            found.ref, self.customer_ref, found.total, found.tax, tuple(parts), found.location, found.exempt
        )
