"""A client's code for a held time or a package: typed on the page that it is paid on, or brought by a link."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import BookingState
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.orders import OrderState
from bot.domain.pricing.coupons import as_code
from bot.domain.refusals import Code, Refusal
from bot.handlers.bookings import hold_page
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.payments import order_words, orders
from bot.services.desk import Desk

PAGE = "hold/{booking:id}/code"
MAX_LENGTH = 40


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    if not found.is_held(turn.now):
        return Redirect(address("hold", booking))
    to = turn.do("hold", booking, "typed-code", stated=(found.version,))
    form = Form(to, (_field(),), _("Use it"), cancel_to=address("hold", booking), leave_words=_("Leave it as it is"))
    lines = (
        Line(phrases.with_coach(found)),
        Line(phrases.price(found.terms)),
        _before_paying(),
    )
    return Screen(_("Enter a code"), lines, (), form=form)


def _field() -> Field:
    return Field("code", _("The code"), hint=_("Large or small letters are the same."), max_length=MAX_LENGTH)


def _before_paying() -> Line:
    return Line(_("You see the new price before you pay."), Tone.QUIET)


async def use_typed(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect | Invalid:
    answer = await _use(turn, desk, booking, str(turn.values["code"]))
    if isinstance(answer, Refusal) and answer.code in (Code.COUPON, Code.LIMIT):
        return Invalid({"code": refusals.words(answer)})
    return refusals.screen(turn, answer, address("hold", booking)) if isinstance(answer, Refusal) else answer


async def use_linked(turn: Turn, desk: Desk, booking: int, code: str) -> Screen | Redirect:
    answer = await _use(turn, desk, booking, code)
    return refusals.screen(turn, answer, address("hold", booking)) if isinstance(answer, Refusal) else answer


async def _use(turn: Turn, desk: Desk, booking: int, code: str) -> Redirect | Screen | Refusal:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.coupon_use.use(turn.act(address("hold", booking)), found.subject, found.version, code)
    if isinstance(outcome, Refusal):
        return outcome
    after = await hold_page.own(turn, desk, booking)
    if after is not None and after.state is BookingState.CONFIRMED:
        return Redirect(address_of(NoticeKind.BOOKED, booking), _covers_all(code))
    price = None if after is None else tell.amount(after.terms.price)
    return Redirect(outcome.next, _("{code} counts: you pay {price}.", code=as_code(code), price=price))


async def ask_for_order(turn: Turn, desk: Desk, order: int) -> Screen | Redirect:
    sale = await desk.payments.sale(order)
    if sale is None or sale.person_id != turn.person.id:
        return failures.missing()
    if not sale.stands(turn.now):
        return Redirect(address("order", order))
    to = turn.do("order", order, "typed-code", stated=(sale.order.version,))
    form = Form(to, (_field(),), _("Use it"), cancel_to=address("order", order), leave_words=_("Leave it as it is"))
    price = Line(tell.amount(sale.order.amount), Tone.STRONG)
    return Screen(_("Enter a code"), (price, _before_paying()), (), form=form)


async def use_for_order(turn: Turn, desk: Desk, order: int) -> Screen | Redirect | Invalid:
    answer = await _use_for_order(turn, desk, order, str(turn.values["code"]))
    if isinstance(answer, Refusal) and answer.code in (Code.COUPON, Code.LIMIT):
        return Invalid({"code": refusals.words(answer)})
    return refusals.screen(turn, answer, address("order", order)) if isinstance(answer, Refusal) else answer


async def use_linked_for_order(turn: Turn, desk: Desk, order: int, code: str) -> Screen | Redirect:
    answer = await _use_for_order(turn, desk, order, code)
    return refusals.screen(turn, answer, address("order", order)) if isinstance(answer, Refusal) else answer


async def _use_for_order(turn: Turn, desk: Desk, order: int, code: str) -> Redirect | Screen | Refusal:
    sale = await desk.payments.sale(order)
    if sale is None or sale.person_id != turn.person.id:
        return failures.missing()
    turn.require(sale.order.version)
    outcome = await desk.coupon_use.use(turn.act("order/{id}"), sale.order.subject, sale.order.version, code)
    if isinstance(outcome, Refusal):
        return outcome
    made = orders.at(outcome.next)
    after = None if made is None else await desk.payments.sale(made)
    if after is not None and after.order.state is OrderState.PAID:
        return Redirect(address_of(NoticeKind.ORDER_PAID, after.order.id), _covers_all(code))
    return Redirect(outcome.next, _("{code} counts.", code=as_code(code)))


def _covers_all(code: str) -> str:
    return _("{code} covers all of it: there is nothing to pay.", code=as_code(code))


async def linked(turn: Turn, desk: Desk, code: str) -> Screen:
    """Where a link with a code leads. Whether it counts is said once it is used: so nobody can try codes here."""
    title, sale = _("Your code {code}", code=as_code(code)), await desk.payments.asked_of(turn.person.id)
    if sale is not None and sale.stands(turn.now) and sale.order.may_have_coupon:
        hold, order = sale.alone, sale.order
        if hold is not None:
            here, to = address("hold", hold.id), turn.do("hold", hold.id, "code", code, stated=(hold.version,))
        else:
            here, to = address("order", order.id), turn.do("order", order.id, "code", code, stated=(order.version,))
        named = ", ".join(order_words.names(sale, turn.person))
        lines = (Line(_("{what}: {price}", what=named, price=tell.amount(order.amount))), _before_paying())
        use = Button(_("Use it for this"), to, Style.PRIMARY)
        return Screen(title, lines, ((use, Button(_("Back"), here)),))
    words = _(
        "Choose a time or a package first. When it waits to be paid, open this link again, or enter the code there."
    )
    book, packages = Button(_("Book a session"), "book", Style.PRIMARY), Button(_("My packages"), "packages")
    return Screen(title, (Line(words),), ((book, packages),))


ROUTES: tuple[Route, ...] = (
    show(PAGE, ask),
    do("hold/{booking:id}/typed-code", use_typed, back=PAGE, finish=hold_page.make_card_page),
    do("hold/{booking:id}/code/{code:word}", use_linked, back="hold/{booking:id}", finish=hold_page.make_card_page),
    show("order/{order:id}/code", ask_for_order),
    do(
        "order/{order:id}/code/{code:word}", use_linked_for_order, back="order/{order:id}",
        finish=orders.make_card_page,
    ),
    do("order/{order:id}/typed-code", use_for_order, back="order/{order:id}/code", finish=orders.make_card_page),
    show("code/{code:word}", linked),
)  # fmt: skip
