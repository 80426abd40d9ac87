"""Fees of sessions: a client agrees to them, or takes that back, and looks how one stands."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings import credit_cover
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.cards import Card
from bot.domain.payments.fees import NONE, FeeConsent, FeeKind, Fees
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LIFE, OrderState
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.port import PaymentProvider
from bot.services.bookings import booking_changes
from bot.services.bookings.booking_changes import side
from bot.services.fees.follow_fees import give_back
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from bot.services.payments import redeem_coupon, sales
from bot.services.payments.kept_cards.off_session import is_by_itself
from storage.bookings import bookings, changing
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import fee_consents, orders, payments
from storage.payments.cards import cards
from storage.practice import offers

SHOWN = 20


@dataclass(frozen=True)
class ChargedFee:
    """`order_id` asks for it. `tries_again`: we are to charge the kept card (once more). `in_hand`: its client is
    paying it, on a page or with a card, or was refused a page. `declined`: what a bank said last."""

    order_id: int
    booking: Booking
    person_id: int
    kind: FeeKind
    amount: Money
    state: OrderState
    version: int
    attempt: int
    tries_again: bool = False
    card: Card | None = None
    in_hand: bool = False
    declined: str | None = None

    @property
    def is_owed(self) -> bool:
        return self.state is OrderState.OWED


class SessionFees:
    """`provider` None, or one that keeps no cards: fees are off."""

    def __init__(self, storage: Storage, react: Reaction, provider: PaymentProvider | None) -> None:
        self._storage = storage
        self._react = react
        self._mode = None if provider is None or provider.cards is None else provider.cards.mode

    @property
    def on(self) -> bool:
        return self._mode is not None

    def asked(self, offer: Offer | None, to_pay: Money) -> Fees:
        """What a client is to agree to for a session of this offer that no credit covers."""
        return NONE if offer is None or not self.on else offer.fees_for(to_pay)

    async def agree(self, act: Act, booking_id: int, version: int, fees: Fees, words: str) -> Done | Refusal:
        """Agree to these fees under these words, which books a held time that nothing is to be paid for.

        NO_CARD without a good kept card; CHANGED when other fees are asked for by now, HOLD_OVER.
        """

        def work(tx: Tx) -> int | Refusal:
            booking = _held(tx, act, booking_id)
            if isinstance(booking, Refusal):
                return booking
            if booking.version != version or not fees or self._asked(tx, booking) != fees:
                return Refusal(Code.CHANGED)
            mode = self._mode or ""
            if not any(each.is_good(act.now) for each in cards.of_person(tx, act.person.id, mode)):
                return Refusal(Code.NO_CARD)
            language = act.person.language
            fee_consents.keep(tx, act.person.id, booking.id, booking.offer_id, fees, words, language, mode, act.now)
            note(tx, act, "fee.agreed", booking.subject, after=_facts(fees))
            return booking.id if self._books(tx, act, booking, fees) else Refusal(Code.HOLD_OVER)

        return await once(self._storage, act, work)

    def _asked(self, tx: Tx, booking: Booking) -> Fees:
        return self.asked(offers.find(tx, booking.offer_id), booking.terms.price)

    def _books(self, tx: Tx, act: Act, booking: Booking, fees: Fees) -> bool:
        sale = None if booking.order_id is None else sales.about(tx, booking.subject)
        agreed = changing.agree_to(tx, booking, fees)
        if sale is not None:  # a coupon has brought its price to nothing
            return redeem_coupon.has_it(tx, self._react, replace(sale, sessions=(agreed,)), act.cause)
        return booking_changes.confirm(tx, self._react, agreed, act.cause) is not None

    async def wait_for_card(self, act: Act, booking_id: int, version: int) -> Done | Refusal:
        """Keep the time as long as a hold can last at most, since its client has yet to have a card kept. `{id}` is the
        booking."""

        def work(tx: Tx) -> int | Refusal:
            booking = _held(tx, act, booking_id)
            if isinstance(booking, Refusal):
                return booking
            if booking.version != version:
                return Refusal(Code.CHANGED)
            until = booking.made_at + LIFE
            if booking.hold_ends is not None and booking.hold_ends < until:
                changing.wait_longer(tx, booking, until)
                outbox.ask_correction(tx, booking.subject, act.now, HOLDS)
            return booking.id

        return await once(self._storage, act, work)

    async def agreed(self, person_id: int) -> list[FeeConsent]:
        """What this client agreed to, the newest first."""
        return await self._storage.read(lambda tx: fee_consents.of_person(tx, person_id, SHOWN))

    async def withdraw(self, act: Act) -> Done | Refusal:
        """Nothing can be booked under what was agreed so far; what is booked keeps it. `{id}` is the person."""

        def work(tx: Tx) -> int | Refusal:
            tx.lock_client(act.person.id)
            for booking_id in fee_consents.withdraw(tx, act.person.id, act.now):
                note(tx, act, "fee.withdrawn", Subject("booking", booking_id))
            return act.person.id

        return await once(self._storage, act, work)

    async def standing(self, person_id: int, now: datetime) -> list[tuple[Booking, Money]]:
        """This client's sessions whose fees can still come up, each with the most that it can cost, in order."""
        found = await self._storage.read(lambda tx: bookings.with_fees(tx, person_id, self._mode or ""))
        most = ((each, credit_cover.most_in_fees(each, now)) for each in found)
        return [(each, fee) for each, fee in most if fee is not None]

    async def of_booking(self, booking: Booking) -> ChargedFee | None:
        """How a fee stands that was charged for it, or was and is not any more; None where none was agreed to."""
        if not booking.fees:
            return None
        return await self._storage.read(lambda tx: _charged(tx, _order_of(tx, booking)))

    async def of_order(self, order_id: int) -> ChargedFee | None:
        return await self._storage.read(lambda tx: _charged(tx, order_id))

    async def let_off(self, act: Act, order_id: int, version: int) -> Done | Refusal:
        """Who gives the session, or an owner, does not want the fee: what was paid goes back. `{id}` is the order."""

        def work(tx: Tx) -> int | Refusal:
            about = orders.fee_is_for(tx, order_id)
            booking = bookings.about(tx, about)
            if booking is None or booking.person_id == act.person.id or side(act.person, booking, act.now) is None:
                return NOT_FOUND
            if not may(act.person, Permission.GIVE_BACK):
                return NOT_FOUND
            order = orders.of_fee(tx, booking.subject)
            if booking.fee is None or order is None or (order.id, order.version) != (order_id, version):
                return Refusal(Code.CHANGED)
            give_back(tx, booking, act.cause)
            changing.set_fee(tx, booking, None)
            return order_id

        return await once(self._storage, act, work)


def _order_of(tx: Tx, booking: Booking) -> int | None:
    order = orders.of_fee(tx, booking.subject)
    return None if order is None else order.id


def _charged(tx: Tx, order_id: int | None) -> ChargedFee | None:
    order = None if order_id is None else orders.find(tx, order_id)
    booking = None if order is None or order.fee is None else bookings.about(tx, order.fee.subject)
    if order is None or order.fee is None or booking is None:
        return None
    every = payments.of_subject(tx, order.subject)
    live = next((each for each in every if each.state in payments.LIVE), None)
    by_card = next((each for each in every if each.card_id is not None), None)
    ours = live is not None and is_by_itself(live, order)
    return ChargedFee(
        order_id=order.id,
        booking=booking,
        person_id=order.person_id,
        kind=FeeKind((order.fee.terms or {}).get("fee", FeeKind.LATE_CANCEL)),
        amount=order.amount,
        state=order.state,
        version=order.version,
        attempt=0 if live is None else live.attempt,
        tries_again=ours,
        card=None if by_card is None or by_card.card_id is None else cards.find(tx, by_card.card_id),
        in_hand=not ours if live is not None else any(each.reference is not None for each in every[:1]),
        declined=next((each.declined for each in every if each.declined is not None), None),
    )


def _held(tx: Tx, act: Act, booking_id: int) -> Booking | Refusal:
    coach_id = bookings.coach_of(tx, Subject("booking", booking_id))
    if coach_id is None:
        return NOT_FOUND
    tx.lock_coach(coach_id)
    tx.lock_client(act.person.id)
    booking = bookings.find(tx, booking_id)
    if booking is None or booking.person_id != act.person.id:
        return NOT_FOUND
    return booking if booking.is_held(act.now) else Refusal(Code.HOLD_OVER)


def _facts(fees: Fees) -> dict[str, object]:
    ceiling = fees.ceiling
    assert ceiling is not None
    late, missed = (None if fee is None else fee.amount for fee in (fees.late_cancel, fees.no_show))
    return {"late_cancel_fee": late, "no_show_fee": missed, "amount": ceiling.amount, "currency": ceiling.currency}
