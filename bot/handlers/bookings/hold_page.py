"""The page of a held time: the link to pay, until when, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat import tell
from bot.chat.address import Pattern, address
from bot.chat.moments import joined
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Kept, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.credits.packages import Package
from bot.domain.notices.notices import NoticeKind
from bot.domain.refusals import Refusal
from bot.domain.subjects import Subject
from bot.handlers.bookings import double_booking
from bot.handlers.kit import (
    clock,
    failures,
    package_words,
    phrases,
    policy_lines,
    refusals,
)
from bot.handlers.kit.paying import chat_payment, ways_to_pay
from bot.services.desk import Desk
from bot.services.payments.redeem_coupon import CouponOfOrder

LITTLE_LEFT = timedelta(minutes=5)
PAGE = "hold/{booking:id}"


async def page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
    if found is None or found.person_id != turn.person.id:
        return failures.missing()
    if found.plan_id is not None and found.order_id is not None and found.state is not BookingState.CONFIRMED:
        return Redirect(address("order", found.order_id))
    if found.is_held(turn.now):
        return _elsewhere(found, turn.now) or await _held(turn, desk, found)
    if found.state is BookingState.HELD:
        money = await desk.payments.of_hold(found.subject)
        return _checking(found, unread=money.unread)
    if found.state is BookingState.EXPIRED:
        return await _ended(turn, desk, found)
    return Redirect(address("booking", booking))


def waits_for_fees(booking: Booking, now: datetime) -> bool:
    """Whether nothing is to be paid for this hold, and its client is yet to agree to the fees of the session."""
    return booking.is_held(now) and not booking.terms.price and booking.cover is not Cover.CREDIT


def _elsewhere(booking: Booking, now: datetime) -> Redirect | None:
    """The page to pay, where the hold waits for a package, or is one of several that are paid together; and the page to
    agree to the fees of what is free."""
    if waits_for_fees(booking, now):
        return Redirect(address("hold", booking.id, "fees"))
    if booking.order_id is None or (booking.cover is not Cover.CREDIT and booking.plan_id is None):
        return None
    return Redirect(address("order", booking.order_id))


async def make_card_page(turn: Turn, desk: Desk, to: str) -> bool:
    """Makes the card page of the hold at `to` unless it is there; False for any other address.

    The act that holds a time does it, so that the link stands in its answer. When the provider is away or the process
    dies, the sweep of the payments makes the page, and the message of the hold is corrected.
    """
    found = Pattern(PAGE).match(to.split("/"))
    booking = None if found is None else found["booking"]
    if not isinstance(booking, int):
        return False
    async with turn.slowly(_("Preparing the card page…")):
        await desk.payments.ready(booking, turn.now)
        await chat_payment.make(turn, desk, Subject("booking", booking))
    return True


async def own(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """What this person booked or holds; None for what is another's."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    return found if found is not None and found.person_id == turn.person.id else None


async def try_card_page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await own(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    return Redirect(address("hold", booking))


async def _held(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    zone = turn.person.zone or booking.client_zone
    assert booking.hold_ends is not None
    packages = await package_words.for_time(turn, desk, booking.offer_id, booking.starts)
    coupon, takes_code = await desk.coupon_use.of_order(booking.order_id)
    lines = [
        Line(phrases.when_for_client(booking, zone), Tone.STRONG),
        Line(phrases.price(booking.terms)),
        *instead_of(coupon),
        *(Line(package_words.beside(each)) for each in packages),
        Line(phrases.place_for_client(booking)),
        *await double_booking.of_hold(turn, desk, booking, zone),
        *policy_lines.policy(booking.terms, booking.starts, zone, turn.now),
        *clock.taken_for_yours(turn),
        Line(phrases.held_until(booking.hold_ends, zone)),
    ]
    lines += few_left(booking.hold_ends - turn.now)
    away = _("Card payments cannot be taken right now. Your time stays held; the link comes as soon as they can.")
    again = turn.do("hold", booking.id, "pay", stated=(booking.version,))
    what = (booking.subject, booking.version, booking.terms.price)
    said, rows = await ways_to_pay.offered(turn, desk, ("hold", booking.id), what, away, again)
    lines += said
    rows += [(_package(booking, each),) for each in packages]
    if takes_code:
        rows.append((Button(_("Enter a code"), address("hold", booking.id, "code")),))
    release = turn.do("hold", booking.id, "release", stated=(booking.version,))
    rows.append(
        (
            Button(_("Let it go"), release, Style.DANGER),
            Button(_("Other times"), address("days", booking.offer_id, booking.coach_id)),
        )
    )
    title = _("Held: {what}", what=phrases.with_coach(booking))
    return Screen(title, tuple(lines), tuple(rows), kept=Kept(NoticeKind.HOLD, booking.subject))


def _package(booking: Booking, package: Package) -> Button:
    words = _("{n} sessions, {price}", n=package.sessions, price=tell.amount(package.price))
    return Button(words, address("hold", booking.id, "package", package.id), label=package_words.line(package))


async def ending(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """The hold as its last minutes begin: how many are left stands on top."""
    assert booking.hold_ends is not None
    if (elsewhere := _elsewhere(booking, turn.now)) is not None:
        return elsewhere
    seen, left = await _held(turn, desk, booking), booking.hold_ends - turn.now
    title = _("Less than {length} left to pay", length=tell.minutes(_whole_minutes(left)))
    lines = [line for line in seen.body if line not in few_left(left)]
    return replace(seen, title=title, body=(Line(seen.title), *lines), kept=None)


def instead_of(coupon: CouponOfOrder | None) -> list[Line]:
    """What it would cost without the coupon that counts for it."""
    if coupon is None:
        return []
    before = tell.amount(coupon.before)
    return [Line(_("With the code {code}, instead of {before}.", code=coupon.code, before=before))]


def few_left(left: timedelta) -> list[Line]:
    """How little time is left to pay; nothing while there is enough."""
    if left > LITTLE_LEFT:
        return []
    return [Line(_("Less than {length} left to pay.", length=tell.minutes(_whole_minutes(left))), Tone.STRONG)]


def _whole_minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))


def under_way() -> str:
    return _("I am checking whether a payment is on its way; that takes a few minutes at most.")


def _checking(booking: Booking, *, unread: bool) -> Screen:
    """Past its end, while the provider is asked whether somebody paid at the last moment; or while nobody can say."""
    words = under_way()
    if unread:
        words = joined(" ", (ways_to_pay.not_known(), _("Until that is known, nobody else gets this time.")))
    return Screen(
        _("The hold has run out"),
        (
            Line(phrases.with_coach(booking)),
            Line(words),
            Line(_("If you have just paid, please do not pay again: you get the session, or all your money back.")),
        ),
        ((Button(_("Check again"), address("hold", booking.id)), Button(_("Start"), "start")),),
    )


async def _ended(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    """The hold is over: the same time again if it is free, the nearest ones otherwise."""
    zone = turn.person.zone or booking.client_zone
    when, money = tell.moment(booking.starts, zone), await desk.payments.of_hold(booking.subject)
    lines = [Line(_("The hold on {when} has ended. Nothing was charged.", when=when))]
    if money.unread:
        lines = [Line(_("The hold on {when} has ended.", when=when)), Line(ways_to_pay.not_known())]
    rows: list[Row] = []
    if money.came is not None:
        lines = [Line(_("The hold on {when} has ended.", when=when))]
        if await desk.exchanges.late_money.choice(booking.subject, money.came.id, turn.now) is None:
            lines.append(Line(await ways_to_pay.goes_back(desk, booking.subject, money.came)))
        else:
            amount = tell.amount(money.came.amount)
            lines.append(Line(_("{amount} came after that. You can say what becomes of it.", amount=amount)))
            page = address("notice", "paid-late", booking.id, money.came.id)
            rows.append((Button(_("Keep it or send it back"), page, Style.PRIMARY),))
    quote = await desk.bookings.quote(turn.person, booking.offer_id, booking.coach_id, booking.starts, turn.now)
    if not isinstance(quote, Refusal):
        lines.append(Line(_("It is still free.")))
        rows.append(
            (
                Button(
                    _("Hold it again"),
                    address("review", booking.offer_id, booking.coach_id, booking.starts),
                    Style.PRIMARY,
                ),
            )
        )
    rows.append(
        (Button(_("Other times"), address("days", booking.offer_id, booking.coach_id)), Button(_("Start"), "start"))
    )
    return Screen(_("The hold has ended"), tuple(lines), tuple(rows))


async def release(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
    if found is None or found.person_id != turn.person.id:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.bookings.release(turn.act(address("let-go", booking)), booking, found.version)
    return refusals.or_next(turn, outcome, address("hold", booking))


async def let_go(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
    if found is None or found.person_id != turn.person.id:
        return failures.missing()
    if found.state is not BookingState.CANCELLED:
        return Redirect(address("hold", booking))
    return await let_go_screen(desk, found)


async def let_go_screen(desk: Desk, booking: Booking) -> Screen:
    money = await desk.payments.of_hold(booking.subject)
    words = _("Nothing was booked and nothing was charged. The time is free for others again.")
    if booking.plan_id is not None:
        words = _("Nothing was booked and nothing was charged. All times of the plan are free for others again.")
    if money.unread:
        words = joined(" ", (_("Nothing was booked. The time is free for others again."), ways_to_pay.not_known()))
    if money.came is not None:
        free = _("Nothing was booked. The time is free for others again.")
        words = joined(" ", (free, await ways_to_pay.goes_back(desk, booking.subject, money.came)))
    times = Button(_("Other times"), address("days", booking.offer_id, booking.coach_id))
    return Screen(
        _("Let go: {what}", what=phrases.with_coach(booking)),
        (Line(words),),
        ((times, Button(_("Start"), "start")),),
    )


ROUTES: tuple[Route, ...] = (
    show(PAGE, page),
    do("hold/{booking:id}/pay", try_card_page, back=PAGE, changes_person=False, finish=make_card_page),
    do("hold/{booking:id}/release", release, back=PAGE),
    show("let-go/{booking:id}", let_go),
)
