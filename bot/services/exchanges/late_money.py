"""Money that came too late for a session: for a day its client may take a session on credit in its place, or have it
back at once. Without a word from them it goes back."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.payments.payments import Payment, Refund
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits import ledger
from bot.services.exchanges.as_credit import Instead, grant_of, valid_until
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.payments import sales
from bot.services.payments.issue_receipts import issue_late
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import as_credit, disputes, payments, refunds
from storage.practice import offers


@dataclass(frozen=True)
class Choice:
    """`instead` of the money, which goes back at `due` otherwise."""

    instead: Instead
    due: datetime


class LateMoney:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def choice(self, booking: Booking, payment_id: int, now: datetime) -> Choice | None:
        """What its client may choose; None once that is decided, or where nothing is to be chosen."""

        def work(tx: Tx) -> Choice | None:
            found = _waiting(tx, booking, payment_id, now)
            return None if found is None else found[0]

        return await self._storage.read(work)

    async def take_credit(self, act: Act, booking_id: int, payment_id: int, told: Instead) -> Done | Refusal:
        """As its client, as the page stated it. `{id}` is the booking. CHANGED once the money is on its way."""

        def work(tx: Tx) -> int | Refusal:
            found = self._own(tx, act, booking_id, payment_id)
            if isinstance(found, Refusal):
                return found
            booking, payment, choice, refund = found
            if choice.instead != told or not as_credit.keep(tx, refund):
                return Refusal(Code.CHANGED)
            grant = ledger.give(tx, grant_of(booking, choice.instead, payment.order_id), act.cause)
            sale = sales.of_payment(tx, payment)
            if sale is not None:
                issue_late(tx, sale, payment, act.cause)
            facts = {"amount": refund.amount.amount, "currency": refund.amount.currency, "grant": grant.id}
            note(tx, act, "refund.as_credit", booking.subject, after=facts)
            outbox.ask_correction(tx, booking.subject, act.now)
            return booking.id

        return await once(self._storage, act, work)

    async def send_back(self, act: Act, booking_id: int, payment_id: int) -> Done | Refusal:
        """As its client: now, and not at the end of the day. `{id}` is the booking."""

        def work(tx: Tx) -> int | Refusal:
            found = self._own(tx, act, booking_id, payment_id)
            if isinstance(found, Refusal):
                return found
            booking, _payment, _choice, refund = found
            refunds.later(tx, refund.id, act.now)
            note(tx, act, "refund.chosen", booking.subject, after={"amount": refund.amount.amount})
            outbox.ask_correction(tx, booking.subject, act.now)
            return booking.id

        return await once(self._storage, act, work)

    def _own(
        self, tx: Tx, act: Act, booking_id: int, payment_id: int
    ) -> tuple[Booking, Payment, Choice, Refund] | Refusal:
        if not sales.lock(tx, Subject("booking", booking_id)):
            return NOT_FOUND
        booking, payment = bookings.find(tx, booking_id), payments.find(tx, payment_id)
        if booking is None or payment is None or booking.person_id != act.person.id:
            return NOT_FOUND
        found = _waiting(tx, booking, payment_id, act.now)
        return Refusal(Code.CHANGED) if found is None else (booking, payment, *found)


def _waiting(tx: Tx, booking: Booking, payment_id: int, now: datetime) -> tuple[Choice, Refund] | None:
    found, offer = as_credit.waiting(tx, payment_id, now), offers.find(tx, booking.offer_id)
    if found is None or offer is None or found[0].subject != booking.subject or found[0].reason != "late":
        return None
    if disputes.is_disputed(tx, payment_id):
        return None
    refund, due = found
    return Choice(Instead(refund.amount, offer.name, valid_until(tx, now), booking.version), due), refund
