"""A coach leaves: one question for each booking that is still to come, then all of it on one page, then yes."""

from collections.abc import Mapping, Sequence

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.team.members import find
from bot.services.desk import Desk
from bot.services.team.coaches import Fate, Takeover

DRAFT = "removing"
SHOWN = 12
COACHES_SHOWN = 6
KEEP, CANCEL = "keep", "cancel"
TO = "to-"


async def ask(turn: Turn, desk: Desk, coach: int) -> Screen:
    """Asks one question for each upcoming booking; without any, leads straight to the last page."""
    found = await find(desk, coach)
    if found is None:
        return failures.missing()
    upcoming = await desk.coaches.upcoming(coach, turn.now)
    to = turn.do("team", coach, "fates", stated=[booking.id for booking in upcoming])
    if not upcoming:
        words = _("Nothing is booked with {name}.", name=found.name)
        keep = Button(_("Keep {name}", name=found.name), address("team", coach))
        return Screen(_("Remove {name}?", name=found.name), (Line(words),), ((Button(_("Go on"), to), keep),))
    could = await desk.coaches.successors(coach, turn.now)
    fields = tuple(_question(booking, could[booking.id], turn.person.zone) for booking in upcoming)
    leave = _("Keep {name}", name=found.name)
    form = Form(to, fields, _("Go on"), cancel_to=address("team", coach), leave_words=leave)
    words = _("What should happen to each booking with {name}? Nothing happens yet.", name=found.name)
    return Screen(_("Remove a coach"), (Line(words),), (), form=form)


def _question(booking: Booking, could: Sequence[Takeover], zone: str | None) -> Field:
    what = _("{when}: {what}", when=phrases.when_for_coach(booking, zone), what=phrases.with_client(booking))
    choices = [Choice(KEEP, _("Keep it")), Choice(CANCEL, _("Cancel, refund in full"))]
    choices += [Choice(f"{TO}{each.coach.id}", _hand_over(booking, each, zone)) for each in could[:COACHES_SHOWN]]
    return Field(_name(booking), what, kind=FieldKind.CHOICE, choices=tuple(choices))


def _hand_over(booking: Booking, takeover: Takeover, zone: str | None) -> str:
    """The time is named where that coach cannot do it at the session's own."""
    if takeover.at == booking.starts:
        return _("Ask for {name}", name=takeover.coach.name)
    when = tell.short_moment(takeover.at, zone or booking.coach_zone)
    return _("Ask for {name}, {when}", name=takeover.coach.name, when=when)


def _name(booking: Booking) -> str:
    return f"booking-{booking.id}"


async def keep_fates(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    if await find(desk, coach) is None:
        return failures.missing()
    upcoming = await desk.coaches.upcoming(coach, turn.now)
    turn.require(*(booking.id for booking in upcoming))
    fates = {str(booking.id): turn.values.get(_name(booking)) for booking in upcoming}
    could = await desk.coaches.successors(coach, turn.now)
    offered = {booking: {KEEP, CANCEL, *(f"{TO}{each.coach.id}" for each in those)} for booking, those in could.items()}
    if any(fates[str(booking.id)] not in offered.get(booking.id, ()) for booking in upcoming):
        return Redirect(address("team", coach, "remove"))
    outcome = await desk.drafts.keep(turn.act(f"team/{coach}/remove/{{id}}"), DRAFT, {"fates": fates})
    return refusals.or_next(turn, outcome, address("team", coach))


async def confirm(turn: Turn, desk: Desk, coach: int, draft: int) -> Screen | Redirect:
    found, fates = await find(desk, coach), await _fates(turn, desk, draft)
    if found is None:
        return failures.missing()
    if fates is None:
        return Redirect(address("team", coach, "remove"))
    upcoming = await desk.coaches.upcoming(coach, turn.now)
    if any(booking.id not in fates for booking in upcoming):
        return Redirect(address("team", coach, "remove"), _("Someone has booked since; here are all questions again."))
    asked = await _asked(turn, desk, coach, fates)
    if asked is None:
        words = _("Another coach is no longer free then; here are all questions again.")
        return Redirect(address("team", coach, "remove"), words)
    lines = [
        Line(_("Then nobody can book {name} any more, and I will let {name} know.", name=found.name), Tone.STRONG),
        *(Line(_becomes(turn, booking, fates[booking.id], asked.get(booking.id))) for booking in upcoming[:SHOWN]),
    ]
    yes = turn.do("team", coach, "remove", draft, "yes", stated=_stated(upcoming, asked))
    keep = Button(_("Keep {name}", name=found.name), address("team", coach))
    go = Button(_("Remove {name}", name=found.name), yes, Style.DANGER)
    return Screen(_("Remove {name}?", name=found.name), tuple(lines), ((go, keep),))


def _becomes(turn: Turn, booking: Booking, fate: Fate, takeover: Takeover | None) -> str:
    if fate == CANCEL:
        return phrases.cancelled_with(booking, turn.person.zone)
    when, what = phrases.when_for_coach(booking, turn.person.zone), phrases.with_client(booking)
    if takeover is None:
        return _("{when}, {what}: kept", when=when, what=what)
    new = tell.short_moment(takeover.at, turn.person.zone or booking.coach_zone)
    names = {"name": takeover.coach.name, "client": booking.client_name}
    return _("{when}, {what}: {client} is asked about {name}, {new}", when=when, what=what, new=new, **names)


async def _asked(turn: Turn, desk: Desk, coach: int, fates: Mapping[int, Fate]) -> dict[int, Takeover] | None:
    """Who is to take over which booking; None when one of them cannot any more."""
    could = await desk.coaches.successors(coach, turn.now)
    chosen = {booking: fate for booking, fate in fates.items() if isinstance(fate, int)}
    found = {
        booking: takeover
        for booking, fate in chosen.items()
        for takeover in could.get(booking, ())
        if takeover.coach.id == fate
    }
    return found if len(found) == len(chosen) else None


def _stated(upcoming: list[Booking], asked: Mapping[int, Takeover]) -> list[object]:
    """The facts that the last page states: if any of them changes, the page is shown again."""
    facts: list[object] = [fact for booking in upcoming for fact in (booking.id, booking.version)]
    return facts + [fact for booking, each in sorted(asked.items()) for fact in (booking, each.coach.id, each.at)]


async def remove(turn: Turn, desk: Desk, coach: int, draft: int) -> Screen | Redirect:
    found, fates = await find(desk, coach), await _fates(turn, desk, draft)
    if found is None:
        return failures.missing()
    asked = await _asked(turn, desk, coach, fates or {})
    turn.require(*_stated(await desk.coaches.upcoming(coach, turn.now), asked or {}))
    outcome = await desk.coaches.remove(turn.act("team"), coach, fates or {})
    said = _("{name} no longer coaches here.", name=found.name)
    return refusals.or_next(turn, outcome, address("team", coach, "remove"), said)


async def _fates(turn: Turn, desk: Desk, draft: int) -> dict[int, Fate] | None:
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if body is None:
        return None
    return {int(booking): _fate(said) for booking, said in body["fates"].items()}


def _fate(said: str) -> Fate:
    if said.startswith(TO):
        return int(said.removeprefix(TO))
    return "cancel" if said == CANCEL else "keep"


ROUTES: tuple[Route, ...] = (
    show("team/{coach:id}/remove", ask, permission=Permission.KEEP_TEAM),
    do("team/{coach:id}/fates", keep_fates, back="team/{coach:id}/remove", permission=Permission.KEEP_TEAM),
    show("team/{coach:id}/remove/{draft:id}", confirm, permission=Permission.KEEP_TEAM),
    do(
        "team/{coach:id}/remove/{draft:id}/yes",
        remove,
        back="team/{coach:id}/remove/{draft:id}",
        permission=Permission.KEEP_TEAM,
    ),
)
