"""What the owner says of the cost of SMS, what a month came to, and the word to owners once its ceiling is reached."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.people.permissions import Permission, may
from bot.domain.reach.sms_costs import SmsPrices, as_typed, decimal, month_of
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note, tell_owners
from bot.services.kit.idempotent import once
from storage.engine import Storage, Tx
from storage.notices import sms_messages
from storage.practice import practice, sms_prices

NO_ZONE = "UTC"


@dataclass(frozen=True)
class SmsMonth:
    """`spent` in millionths of the practice's currency, with what is on its way."""

    prices: SmsPrices
    spent: int


class SmsCosts:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of_month(self, now: datetime) -> SmsMonth:
        """That of this moment."""
        return await self._storage.read(lambda tx: SmsMonth(sms_prices.get(tx), sms_messages.spent(tx, month(tx, now))))

    async def set_prices(self, act: Act, before: SmsPrices, prices: SmsPrices) -> Done | Refusal:
        """From now on; what was sent keeps its cost. CHANGED when they are not as `before` any more."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return Refusal(Code.NOT_FOUND)
            practice.lock(tx)
            if sms_prices.get(tx) != before:
                return Refusal(Code.CHANGED)
            sms_prices.put(tx, prices)
            note(tx, act, "practice.sms_costs", Subject("practice"), _facts(before), _facts(prices))
            return 1

        return await once(self._storage, act, work)


def month(tx: Tx, now: datetime) -> str:
    """On the practice's calendar."""
    return month_of(now, practice.get(tx).zone or NO_ZONE)


def tell_of_ceiling(tx: Tx, now: datetime) -> None:
    """Once a month, however many messages find no room."""
    kind = NoticeKind.SMS_CEILING
    tell_owners(tx, kind, Subject("practice"), address_of(kind), f"{kind}:{month(tx, now)}", now)


def _facts(prices: SmsPrices) -> dict[str, object]:
    ceiling = None if prices.ceiling is None else decimal(prices.ceiling)
    return {"sms_prices": as_typed(prices.per_part) or None, "sms_ceiling": ceiling}
