"""A coach or an owner gives money back by hand: how much and why are asked, and a page says what happens first."""

from dataclasses import dataclass

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.giving_back import Given, Returnable
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.bookings import my_bookings
from bot.handlers.kit import failures, paging, phrases, refusals, typed_amounts
from bot.handlers.payments.giving_back import give_back_words
from bot.services.desk import Desk
from bot.services.payments.refunds.giving_back import may_give_back

DRAFT = "giving-back"
LONGEST = 300
SHOWN = 8
CARD, OTHERWISE = "card", "otherwise"


@dataclass(frozen=True)
class Kept:
    """What was filled in, for the page that says what it does."""

    given: Given
    reason: str


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    money = await desk.giving_back.returnable(found)
    why, back = money.why_not(), address("booking", booking)
    if why is not None:
        return refusals.screen(turn, Refusal(Code.UNRETURNABLE, why), back)
    to = turn.do("give-back", booking, "ask", stated=(found.version, money.left.amount))
    form = Form(to, _fields(found, money), _("Go on"), cancel_to=back, leave_words=_("Leave it"))
    lines = (
        Line(phrases.session(found, turn.person), Tone.STRONG),
        Line(phrases.when_for_coach(found, turn.person.zone)),
    )
    return Screen(_("Give money back"), (*lines, *_owed(found, money)), (), form=form)


def _owed(booking: Booking, money: Returnable) -> list[Line]:
    if not money.owed:
        return []
    amount, name = tell.amount(money.owed), booking.client_name
    return [Line(_("{amount} is owed to {name}: it could not go back.", amount=amount, name=name))]


def _fields(booking: Booking, money: Returnable) -> tuple[Field, ...]:
    proposed = money.owed if money.owed else money.left
    amount = Field(
        "amount",
        _("How much goes back?"),
        hint=_("At most {amount}: so much is left of what was paid.", amount=tell.amount(money.left)),
        default=typed_amounts.price(proposed),
        suggested=True,
        read=give_back_words.reader(money),
        max_length=40,
    )
    reason = Field(
        "reason",
        _("Why?"),
        FieldKind.LONG,
        hint=_("{name} reads it. Nothing goes back yet.", name=booking.client_name),
        max_length=LONGEST,
    )
    if not money.owed:
        return amount, reason
    ways = (Choice(CARD, _("Back to the card")), Choice(OTHERWISE, _("I paid it another way")))
    how = Field(
        "how",
        _("How does it go back?"),
        FieldKind.CHOICE,
        hint=_("If you have paid it by transfer or in cash, I only write that down."),
        choices=ways,
    )
    return how, amount, reason


async def keep(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    money = await desk.giving_back.returnable(found)
    turn.require(found.version, money.left.amount)
    amount = turn.values["amount"]
    assert isinstance(amount, Money)
    body = {
        "booking": booking, "amount": amount.amount, "currency": amount.currency,
        "another_way": turn.values.get("how") == OTHERWISE, "reason": str(turn.values["reason"]),
    }  # fmt: skip
    outcome = await desk.drafts.keep(turn.act(f"give-back/{booking}/{{id}}"), DRAFT, body)
    return refusals.or_next(turn, outcome, address("booking", booking))


async def confirm(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    kept = await _kept(turn, desk, booking, draft)
    if found is None:
        return failures.missing()
    if kept is None:
        return Redirect(address("give-back", booking))
    money = await desk.giving_back.returnable(found)
    why, again = money.why_not(kept.given), Button(_("Change it"), address("give-back", booking))
    if why is not None:
        return refusals.screen(turn, Refusal(Code.UNRETURNABLE, why), address("give-back", booking))
    yes = turn.do("give-back", booking, draft, "yes", stated=_stated(found, money, kept))
    act = Button(_("I paid it") if kept.given.another_way else _("Give it back"), yes, Style.DANGER)
    leave = Button(_("Leave it"), address("booking", booking), label=_("Give nothing back"))
    amount = tell.amount(kept.given.amount)
    title = _("Give {amount} back?", amount=amount)
    if kept.given.another_way:
        title = _("You paid {amount} another way?", amount=amount)
    return Screen(title, _review(turn, found, money, kept), ((act,), (again, leave)))


def _review(turn: Turn, booking: Booking, money: Returnable, kept: Kept) -> tuple[Line, ...]:
    amount, name = tell.amount(kept.given.amount), booking.client_name
    happens = _("{amount} goes back to {name}, to the card that was paid with.", amount=amount, name=name)
    if kept.given.another_way:
        words = _("You have paid {amount} to {name} yourself. I write it down, and nothing goes to the card.")
        happens = words.format(amount=amount, name=name)
    left, came = tell.amount(money.after(kept.given)), tell.amount(money.came)
    lines = [
        Line(phrases.session(booking, turn.person)),
        Line(phrases.when_for_coach(booking, turn.person.zone)),
        Line(happens, Tone.STRONG),
        Line(_("Then {left} is left of {came}.", left=left, came=came)),
    ]
    if booking.state is BookingState.CONFIRMED and booking.starts > turn.now:
        lines.append(Line(_("The session stays booked.")))
    lines.append(Line(_("{name} reads your reason: {reason}", name=name, reason=kept.reason)))
    return (*lines, *phrases.coach_is_told(booking, turn.person))


async def give(turn: Turn, desk: Desk, booking: int, draft: int) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    kept = await _kept(turn, desk, booking, draft)
    if found is None or kept is None:
        return Redirect(address("give-back", booking)) if found is not None else failures.missing()
    money = await desk.giving_back.returnable(found)
    turn.require(*_stated(found, money, kept))
    act = turn.act(address("booking", booking))
    outcome = await desk.giving_back.give(act, booking, found.version, money.left, kept.given, kept.reason)
    amount, name = tell.amount(kept.given.amount), found.client_name
    said = _("{amount} goes back, and I am letting {name} know.", amount=amount, name=name)
    if kept.given.another_way:
        said = _("Written down, and I am letting {name} know.", name=name)
    return refusals.or_next(turn, outcome, address("booking", booking), said)


async def of_client(turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen | Redirect:
    return await which(turn, desk, person, page, "give-back", _("Give money back"))


async def which(turn: Turn, desk: Desk, person: int, page: int, head: str, title: str) -> Screen | Redirect:
    """Which session of a client, where there are several whose money is still there; `head` is done with it."""
    scope = None if turn.may(Permission.SEE_EVERY_CLIENT) else turn.person.coach_id
    if scope is None and not turn.may(Permission.SEE_EVERY_CLIENT):
        return failures.missing()
    found = await desk.day.client(scope, person, turn.now)
    if found is None:
        return failures.missing()
    with_money = [each for each in found.bookings if each.paid.amount]
    if len(with_money) == 1:
        return Redirect(address(head, with_money[0].id))
    page = min(page, max(0, len(with_money) - 1) // SHOWN)
    shown = with_money[page * SHOWN : (page + 1) * SHOWN]
    rows: list[Row] = [(Button(_short(turn, each), address(head, each.id)),) for each in shown]
    at = (head, "of", person)
    rows += paging.turns(at, page, SHOWN, len(with_money), _("Later sessions"), _("Earlier sessions"))
    rows.append((Button(_("Back"), address("client", person)), Button(_("Start"), "start")))
    words = (
        _("For which session?") if with_money else _("Nothing is left of what was paid. There is nothing to give back.")
    )
    return Screen(title, (Line(found.row.name, Tone.STRONG), Line(words)), tuple(rows))


def _short(turn: Turn, booking: Booking) -> str:
    words = my_bookings.short if booking.coach_id == turn.person.coach_id else my_bookings.short_with_coach
    when = words(booking, turn.person.zone or booking.coach_zone)
    return _("{when}: {amount}", when=when, amount=tell.amount(booking.paid))


def _stated(booking: Booking, money: Returnable, kept: Kept) -> tuple[object, ...]:
    given = kept.given
    return (booking.version, money.left.amount, given.amount.amount, given.amount.currency, given.another_way)


async def _kept(turn: Turn, desk: Desk, booking: int, draft: int) -> Kept | None:
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if body is None or body["booking"] != booking:
        return None
    return Kept(Given(Money(body["amount"], body["currency"]), body["another_way"]), body["reason"])


async def of_practice(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """The booking, if this person may give its money back."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    return found if found is not None and may_give_back(turn.person, found, turn.now) else None


ROUTES: tuple[Route, ...] = (
    show("give-back/of/{person:id}", of_client, permission=Permission.GIVE_BACK),
    show("give-back/of/{person:id}/{page:id}", of_client, permission=Permission.GIVE_BACK),
    show("give-back/{booking:id}", ask, permission=Permission.GIVE_BACK),
    do("give-back/{booking:id}/ask", keep, back="give-back/{booking:id}", permission=Permission.GIVE_BACK),
    show("give-back/{booking:id}/{draft:id}", confirm, permission=Permission.GIVE_BACK),
    do(
        "give-back/{booking:id}/{draft:id}/yes",
        give,
        back="give-back/{booking:id}/{draft:id}",
        permission=Permission.GIVE_BACK,
    ),
)
