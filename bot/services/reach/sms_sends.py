"""Books an SMS before it goes: that its person agreed to it, what it costs, and that the month has room for it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.people.people import Account
from bot.domain.reach.sms_consents import ConsentBy
from bot.domain.reach.sms_hours import goes_at
from bot.domain.reach.sms_parts import parts_of
from bot.domain.subjects import Subject
from bot.services.reach import sms_consents as consenting
from bot.services.reach import sms_costs
from bot.services.reach.countries import country_of
from bot.services.reach.sms_costs import NO_ZONE
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import sms_messages
from storage.notices.sms_messages import SmsMessage
from storage.people import people, sms_consents
from storage.practice import practice, sms_prices

NOBODY = 0
"""No person's number: what the practice spends is counted by one at a time."""


class NoLeave(StrEnum):
    CONSENT = "consent"  # nobody agreed to SMS there, or took it back
    CEILING = "ceiling"  # this month's SMS would cost more than the owner allows


@dataclass(frozen=True)
class Booked:
    """`expires`: when the notice would come too late; `each` is what a part of it costs, in millionths."""

    id: int
    each: int
    parts: int
    expires: datetime | None


@dataclass(frozen=True)
class Quiet:
    """It is night for its reader: it goes when that is over."""

    until: datetime


class SmsSends:
    """`now` is the product's clock."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now

    async def book(self, to: Account, key: str, text: str) -> Booked | Quiet | NoLeave:
        """Note the intent to send this text for the notice of this key, with its cost, which counts from now on."""
        parts, country, now = parts_of(text).count, country_of(to.address or ""), self._now()

        def work(tx: Tx) -> Booked | Quiet | NoLeave:
            if sms_consents.standing(tx, to.id) is None:
                return NoLeave.CONSENT
            expires, about = sms_messages.notice(tx, key)
            goes = _goes_at(tx, to, about, expires, now)
            if goes > now:
                return Quiet(goes)
            prices = sms_prices.get(tx)
            if prices.ceiling is not None:
                tx.lock_client(NOBODY)  # two at once would both find room for one
            cost, month = prices.cost(parts, country), sms_costs.month(tx, now)
            if not prices.allows(sms_messages.spent(tx, month), cost):
                sms_costs.tell_of_ceiling(tx, now)
                return NoLeave.CEILING
            row = sms_messages.intend(tx, to.id, key, digest(text), parts, cost, month, now)
            return Booked(row, cost // parts, parts, expires)

        return await self._storage.write(work)

    async def handed_over(self, booked: Booked, sid: str, parts: int | None) -> None:
        """The provider has it under this name, and counts so many parts, None where it does not say yet."""
        more = parts if parts not in {None, booked.parts} else None
        cost = None if more is None else more * booked.each
        await self._storage.write(lambda tx: sms_messages.handed_over(tx, booked.id, sid, more, cost))

    async def not_sent(self, booked: Booked) -> None:
        """It surely did not go, and costs nothing."""
        await self._storage.write(lambda tx: sms_messages.take_back(tx, booked.id))

    async def opted_out(self, to: Account) -> None:
        """The provider refuses what goes to this number, since its person ended it there."""
        now = self._now()
        await self._storage.write(lambda tx: consenting.opted_out(tx, to, ConsentBy.PROVIDER, now))

    async def of_notice(self, account_id: int, key: str) -> SmsMessage | None:
        """What was booked for a notice at an account; None: nothing ever was."""
        return await self._storage.read(lambda tx: sms_messages.of_notice(tx, account_id, key))

    async def unclaimed(self, sids: Sequence[str]) -> list[str]:
        """Those of these names of the provider's that no message of ours has."""

        def work(tx: Tx) -> list[str]:
            ours = sms_messages.known_sids(tx, list(sids))
            return [sid for sid in sids if sid not in ours]

        return await self._storage.read(work)

    async def found(self, message: SmsMessage, sid: str) -> None:
        """A message whose sending was uncertain is at the provider under this name."""
        await self._storage.write(lambda tx: sms_messages.handed_over(tx, message.id, sid, None, None))


def _goes_at(tx: Tx, to: Account, about: Subject | None, expires: datetime | None, now: datetime) -> datetime:
    """On the clock of whoever gets it, or the practice's where that is not known."""
    person, its = people.find(tx, to.person_id), practice.get(tx)
    zone = (None if person is None else person.zone) or its.zone or NO_ZONE
    booking = bookings.about(tx, about)
    return goes_at(now, its.quiet, zone, None if booking is None else booking.starts, expires)


def digest(text: str) -> str:
    """By which a text is known again; it is not kept itself."""
    return hashlib.sha256(text.encode()).hexdigest()
