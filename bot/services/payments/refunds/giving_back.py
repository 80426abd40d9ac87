"""A coach or an owner gives money back by hand, with words that the client reads: all of it, or a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.giving_back import Given, Returnable, Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.payments import (
    ANOTHER_WAY,
    BY_HAND,
    PACKAGE,
    MovementKind,
    Payment,
    Refund,
    RefundState,
    with_words,
)
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.notices.notice_planning import tell_event
from bot.services.payments.packages import package_worth
from bot.services.payments.receipts.issue_receipts import issue_refund
from storage.bookings import bookings, changing, messages
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import disputes, paid_for, refunds, transactions
from storage.people import people, roles


@dataclass(frozen=True)
class Words:
    """What somebody wrote to the client as they gave money back, and their name."""

    text: str
    person_id: int
    name: str


class GivingBack:
    """`can_pay_out`: there is a payment provider that refunds are made by."""

    def __init__(self, storage: Storage, *, can_pay_out: bool = True) -> None:
        self._storage = storage
        self._can_pay_out = can_pay_out

    async def returnable(self, booking: Booking) -> Returnable:
        """What of the booking's money can still go back."""
        return await self._storage.read(lambda tx: returnable(tx, booking, paid_for.every(tx, booking.subject)))

    async def words(self, refund: Refund) -> Words | None:
        """What its client reads; None for a refund that nobody gave by hand, and once the words are forgotten."""
        number = refund.message_id
        if number is None:
            return None

        def work(tx: Tx) -> Words | None:
            found = messages.find(tx, number)
            if found is None:
                return None
            return Words(
                found.text, found.from_person_id, people.names(tx, [found.from_person_id])[found.from_person_id]
            )

        return await self._storage.read(work)

    async def give(
        self, act: Act, booking_id: int, version: int, left: Money, given: Given, text: str
    ) -> Done | Refusal:
        """Give back what the page stated: `left` was left then. `{id}` is the booking.

        CHANGED when the booking has another version or amount by now, UNRETURNABLE with `reason`.
        """

        def work(tx: Tx) -> int | Refusal:
            paid = paid_for.lock(tx, Subject("booking", booking_id))
            booking = bookings.find(tx, booking_id)
            if booking is None or not may_give_back(act.person, booking, act.now):
                return NOT_FOUND
            found = returnable(tx, booking, paid)
            why = found.why_not(given)
            if why is not None:
                return Refusal(Code.UNRETURNABLE, why)
            if found.left != left or booking.version != version:
                return Refusal(Code.CHANGED)
            if not given.another_way and not self._can_pay_out:
                return Refusal(Code.UNRETURNABLE, Unreturnable.OFF)
            return _give(tx, act, booking, paid, given, text)

        return await once(self._storage, act, work)


def may_give_back(person: Person, booking: Booking, now: datetime) -> bool:
    """Whether the person is its coach, or an owner of the practice, and not its client."""
    return may(person, Permission.GIVE_BACK) and booking_changes.side(person, booking, now) is Actor.COACH


def returnable(tx: Tx, booking: Booking, paid: Sequence[Payment]) -> Returnable:
    """What of these payments, which are all that paid for the booking, can go back."""
    nothing, ids = Money(0, booking.paid.currency), {each.id for each in paid}
    if not paid:
        return Returnable(nothing, nothing, nothing)
    mine = [each for each in refunds.of_subject(tx, booking.subject) if each.payment_id in ids]
    gone = sum(each.amount.amount for each in mine if each.state is not RefundState.FAILED)
    came = Money(booking.paid.amount + gone, booking.paid.currency)
    moving = any(each.state in refunds.MOVING for each in mine)
    return Returnable(came, booking.paid, booking.owed, moving, any(disputes.is_disputed(tx, each) for each in ids))


def parts_of(tx: Tx, paid: Sequence[Payment], amount: Money) -> list[tuple[Payment, Money]]:
    """What of an amount goes back of which payment, the newest first."""
    parts, left = [], amount.amount
    for payment in paid:
        part = min(left, payment.amount.amount - refunds.returned(tx, payment.id))
        if part > 0:
            parts.append((payment, Money(part, amount.currency)))
            left -= part
    return parts


def _give(tx: Tx, act: Act, booking: Booking, paid: Sequence[Payment], given: Given, text: str) -> int | Refusal:
    """The booking's version keeps a cancel that was read before from giving the same money back once more."""
    changing.touch(tx, booking)
    message_id = messages.insert(
        tx, booking_id=booking.id, from_person_id=act.person.id, to_person_id=booking.person_id, text=text, now=act.now
    )
    parts = parts_of(tx, paid, given.amount)
    made = [_refund(tx, act, booking, payment, part, message_id, given) for payment, part in parts]
    if None in made or sum(each.amount.amount for each in made if each is not None) != given.amount.amount:
        return Refusal(Code.CHANGED)
    left = booking.paid
    for refund in made:
        assert refund is not None
        left = left - refund.amount
        what = "refund.paid_another_way" if given.another_way else "refund.intended"
        tell_given(tx, act, booking, refund, what, {"paid": left.amount})
    return booking.id


def tell_given(
    tx: Tx, act: Act, booking: Booking, refund: Refund, what: str, facts: Mapping[str, object], *, tells: bool = True
) -> None:
    """Write down what was given by hand, have what was said of the booking corrected, and tell all but who gave it."""
    audit.write(
        tx, person_id=act.person.id, via=act.via, act=what,
        subject=booking.subject, before={"paid": booking.paid.amount},
        after={
            "amount": refund.amount.amount, "currency": refund.amount.currency, "payment": refund.payment_id, **facts
        },
        why=refund.reason, now=act.now,
    )  # fmt: skip
    outbox.ask_correction(tx, booking.subject, act.now)
    for person_id in dict.fromkeys((booking.person_id, booking.coach_person_id, *roles.owner_ids(tx))):
        if tells and person_id != act.person.id:
            tell_event(tx, NoticeKind.REFUNDED, booking, person_id, refund.id, act.now)


def _refund(
    tx: Tx, act: Act, booking: Booking, payment: Payment, part: Money, message_id: int, given: Given
) -> Refund | None:
    if not given.another_way:
        reason = with_words(BY_HAND, message_id)
        refunds.intend(tx, payment, part, reason, act.now, booking.subject)
        newest = refunds.of_payment(tx, payment.id)[-1:]
        return next((each for each in newest if each.reason == reason), None)
    return pay_another_way(tx, payment, part, with_words(ANOTHER_WAY, message_id), booking.subject, act.cause)


def pay_another_way(tx: Tx, payment: Payment, amount: Money, reason: str, subject: Subject, cause: Cause) -> Refund:
    """Enter that so much of what could not go back was paid past the provider, with its movement and its receipt."""
    refund = refunds.paid_another_way(tx, payment, amount, reason, cause.now, subject)
    assert refund.refund_ref is not None
    transactions.add(tx, refund.movement(MovementKind.REFUND, refund.refund_ref, -amount, cause.now))
    issue_refund(tx, refund, amount, cause)
    return refund


def cannot_settle(tx: Tx, payment: Payment, owed: Money, *, another_way: bool, can_pay_out: bool) -> Refusal | None:
    """Why this cannot be settled in this way, which the page said to be owed for a package or a gift. The payment is
    locked."""
    if disputes.is_disputed(tx, payment.id):
        return Refusal(Code.UNRETURNABLE, Unreturnable.DISPUTED)
    now_owed = package_worth.owed(refunds.of_payment(tx, payment.id), payment)
    if not now_owed:
        return Refusal(Code.UNRETURNABLE, Unreturnable.NOT_OWED if another_way else Unreturnable.NOTHING_LEFT)
    if now_owed != owed:
        return Refusal(Code.CHANGED)
    if not another_way and not can_pay_out:
        return Refusal(Code.UNRETURNABLE, Unreturnable.OFF)
    return None


def settle_owed(tx: Tx, act: Act, payment: Payment, owed: Money, *, another_way: bool) -> Refund | Refusal:
    """It goes to the card once more, or was paid past it. Nothing speaks against that: see `cannot_settle`."""
    after = {"amount": owed.amount, "currency": owed.currency, "payment": payment.id}
    if not another_way:
        refunds.intend(tx, payment, owed, PACKAGE, act.now)
        write_down(tx, act, "refund.intended", payment, after, PACKAGE)
        made = refunds.of_payment(tx, payment.id)[-1:]
        same = bool(made) and made[0].state is RefundState.INTENDED and made[0].amount == owed
        return made[0] if same else Refusal(Code.CHANGED)
    refund = pay_another_way(tx, payment, owed, ANOTHER_WAY, payment.subject, act.cause)
    write_down(tx, act, "refund.paid_another_way", payment, after, ANOTHER_WAY)
    outbox.ask_correction(tx, payment.subject, act.now)
    return refund


def write_down(tx: Tx, act: Act, what: str, payment: Payment, after: dict[str, object], why: str) -> None:
    audit.write(
        tx, person_id=act.person.id, via=act.via, act=what, subject=payment.subject, after=after, why=why, now=act.now
    )
