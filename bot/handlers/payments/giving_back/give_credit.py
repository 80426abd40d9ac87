"""A coach or an owner gives a session in place of money: the page says what that does, and asks why."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, FieldKind, Form, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import credit_words, failures, package_words, phrases, refusals
from bot.handlers.payments.giving_back import give_back
from bot.services.desk import Desk
from bot.services.exchanges.as_credit import Instead

LONGEST = 300


async def ask(turn: Turn, desk: Desk, booking: int) -> Screen:
    """Everything that the tap will do stands above the one question."""
    found = await give_back.of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    instead, back = await desk.exchanges.as_credit.look(found, turn.now), address("booking", booking)
    if isinstance(instead, Refusal):
        return _refused(turn, instead, back)
    why = Field(
        "reason", _("Why?"), FieldKind.LONG, hint=_("{name} reads it.", name=found.client_name), max_length=LONGEST
    )
    to = turn.do("give-credit", booking, "yes", stated=instead.facts)
    form = Form(to, (why,), _("Give the credit"), cancel_to=back, leave_words=_("Leave it"))
    lines = await _told(turn, desk, found, instead)
    return Screen(_("A session as a credit"), lines, (), form=form)


async def _told(turn: Turn, desk: Desk, booking: Booking, instead: Instead) -> tuple[Line, ...]:
    zone = await package_words.zone_of_practice(turn, desk)
    told = {"name": booking.client_name, "offer": instead.offer_name, "amount": tell.amount(instead.amount)}
    end = credit_words.last_moment(instead.until, zone)
    return (
        Line(phrases.session(booking, turn.person), Tone.STRONG),
        Line(phrases.when_for_coach(booking, turn.person.zone)),
        Line(_("{name} gets one session of {offer}, valid until {end}.", end=end, **told), Tone.STRONG),
        Line(_("{amount} stays with the practice: no money moves, and it cannot go back any more.", **told)),
        *phrases.coach_is_told(booking, turn.person),
    )


async def give(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await give_back.of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    instead, back = await desk.exchanges.as_credit.look(found, turn.now), address("booking", booking)
    if isinstance(instead, Refusal):
        return _refused(turn, instead, back)
    turn.require(*instead.facts)
    reason = turn.values.get("reason")
    if not isinstance(reason, str):
        return Redirect(address("give-credit", booking))
    outcome = await desk.exchanges.as_credit.give(turn.act(back), booking, instead, reason)
    if isinstance(outcome, Refusal):
        return _refused(turn, outcome, back)
    return Redirect(outcome.next, _("Done, and I am letting {name} know.", name=found.client_name))


def _refused(turn: Turn, refusal: Refusal, back: str) -> Screen:
    if refusal.code is Code.OFFER_CLOSED:
        words = _("Nobody can book this any more, so a credit for it is of no use. Nothing was given.")
        return Screen(_("Not done"), (Line(words),), ((Button(_("Back"), back), Button(_("Start"), "start")),))
    return refusals.screen(turn, refusal, back)


async def of_client(turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen | Redirect:
    """For which session of a client."""
    return await give_back.which(turn, desk, person, page, "give-credit", _("A session as a credit"))


ROUTES: tuple[Route, ...] = (
    show("give-credit/of/{person:id}", of_client, permission=Permission.GIVE_BACK),
    show("give-credit/of/{person:id}/{page:id}", of_client, permission=Permission.GIVE_BACK),
    show("give-credit/{booking:id}", ask, permission=Permission.GIVE_BACK),
    do("give-credit/{booking:id}/yes", give, back="give-credit/{booking:id}", permission=Permission.GIVE_BACK),
)
