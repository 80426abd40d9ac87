"""Tax: whether the payment provider reckons it for what is sold, and how the practice's prices are meant."""

from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.payments.tax import TaxChoice
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.port import PaymentProvider
from bot.integrations.vendor import VendorAway, VendorRefused
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.engine import Storage, Tx
from storage.practice import practice


class NoTax(StrEnum):
    """Why tax cannot be switched on."""

    OFF = "off"  # no payment provider, or one that reckons no tax
    NOT_SET_UP = "not_set_up"  # the provider lacks the practice's head office, or a registration
    AWAY = "away"  # it did not answer


class Taxes:
    def __init__(self, storage: Storage, provider: PaymentProvider | None) -> None:
        self._storage = storage
        self._provider = provider

    async def obstacle(self) -> NoTax | None:
        """Asks the provider whether it can reckon tax for this practice."""
        reckoner = None if self._provider is None else self._provider.taxes
        if reckoner is None:
            return NoTax.OFF
        try:
            return NoTax.NOT_SET_UP if await reckoner.faults() else None
        except (VendorAway, VendorRefused):
            return NoTax.AWAY

    async def choose(self, act: Act, version: int, tax: TaxChoice | None) -> Done | Refusal:
        """For what is sold from now on; what waits to be paid stays as it was told. CHANGED when the practice is of
        another version by now."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            before = practice.lock(tx)
            if before.version != version:
                return Refusal(Code.CHANGED)
            practice.set_tax(tx, tax)
            note(tx, act, "practice.tax", Subject("practice"), _facts(before.tax), _facts(tax))
            return 1

        return await once(self._storage, act, work)


def _facts(tax: TaxChoice | None) -> dict[str, object]:
    return {"tax": "off"} if tax is None else {"tax": tax.behavior.value, "tax_code": tax.code}
