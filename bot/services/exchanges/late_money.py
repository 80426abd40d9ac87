"""Money that came too late for sessions: for a day its client may take as many on credit in its place, or have it back
at once. Without a word from them it goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.payments.payments import Payment, PaymentState, Refund
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits import ledger
from bot.services.exchanges.as_credit import Instead, grant_of, valid_until
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.payments import sales
from bot.services.payments.receipts.issue_receipts import issue_late
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import as_credit, payments, refunds
from storage.practice import offers


@dataclass(frozen=True)
class Choice:
    """`instead` of the money, which goes back at `due` otherwise. `first` of the sessions for which it was too late."""

    instead: Instead
    due: datetime
    first: Booking


@dataclass(frozen=True)
class _Waiting:
    choice: Choice
    payment: Payment
    refund: Refund


class LateMoney:
    """`about`: the session that the money was for, or the order of several whose times are all gone."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def choice(self, about: Subject, payment_id: int, now: datetime) -> Choice | None:
        """What its client may choose; None once that is decided, or where nothing is to be chosen."""

        def work(tx: Tx) -> Choice | None:
            found = _waiting(tx, about, payment_id, now)
            return None if found is None else found.choice

        return await self._storage.read(work)

    async def take_credit(self, act: Act, about: Subject, payment_id: int, told: Instead) -> Done | Refusal:
        """As its client, as the page stated it. CHANGED once the money is on its way."""

        def work(tx: Tx) -> int | Refusal:
            found = self._own(tx, act, about, payment_id)
            if isinstance(found, Refusal):
                return found
            choice, payment, refund = found.choice, found.payment, found.refund
            if choice.instead != told or not as_credit.keep(tx, refund):
                return Refusal(Code.CHANGED)
            grant = ledger.give(tx, grant_of(choice.first, choice.instead, payment.order_id), act.cause)
            as_credit.stand_for(tx, [refund], grant.id)
            sale = sales.of_payment(tx, payment)
            if sale is not None and payment.state is PaymentState.REFUSED:  # what was accepted has its receipt
                issue_late(tx, sale, payment, act.cause)
            facts = {"amount": refund.amount.amount, "currency": refund.amount.currency, "grant": grant.id}
            note(tx, act, "refund.as_credit", about, after=facts)
            outbox.ask_correction(tx, about, act.now)
            return refund.id

        return await once(self._storage, act, work)

    async def send_back(self, act: Act, about: Subject, payment_id: int) -> Done | Refusal:
        """As its client: now, and not at the end of the day."""

        def work(tx: Tx) -> int | Refusal:
            found = self._own(tx, act, about, payment_id)
            if isinstance(found, Refusal):
                return found
            refunds.later(tx, found.refund.id, act.now)
            note(tx, act, "refund.chosen", about, after={"amount": found.refund.amount.amount})
            outbox.ask_correction(tx, about, act.now)
            return found.refund.id

        return await once(self._storage, act, work)

    def _own(self, tx: Tx, act: Act, about: Subject, payment_id: int) -> _Waiting | Refusal:
        sessions = _sessions(tx, about) if sales.lock(tx, about) else ()
        if not sessions or sessions[0].person_id != act.person.id or payments.find(tx, payment_id) is None:
            return NOT_FOUND
        return _waiting(tx, about, payment_id, act.now) or Refusal(Code.CHANGED)


def _sessions(tx: Tx, about: Subject) -> Sequence[Booking]:
    booking = bookings.about(tx, about)
    if booking is not None:
        return (booking,)
    sale = sales.about(tx, about)
    return () if sale is None else sale.sessions


def _waiting(tx: Tx, about: Subject, payment_id: int, now: datetime) -> _Waiting | None:
    payment, found = payments.find(tx, payment_id), as_credit.waiting(tx, payment_id, about, now)
    if payment is None or found is None:
        return None
    sessions = _sessions(tx, about)
    offer = offers.find(tx, sessions[0].offer_id) if sessions else None
    if offer is None:
        return None
    refund, due = found
    versions = sum(each.version for each in sessions)
    instead = Instead(refund.amount, offer.name, valid_until(tx, now), versions, len(sessions))
    return _Waiting(Choice(instead, due, sessions[0]), payment, refund)
