"""`/clients`: who books, with whom, when next and last, where they can be reached; and a page for each client."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import my_bookings, outcome
from bot.handlers.kit import failures, paging, phrases
from bot.services.desk import Desk
from bot.services.reports.coach_day import ClientPage, ClientRow

ON_A_PAGE = 6
HISTORY = 10
COMING_SHOWN = 5
DUE_SHOWN = 3


async def clients(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    """A coach's own clients; those of all coaches for an owner who is no coach."""
    if turn.person.coach_id is None:
        return await everybody(turn, desk, page) if turn.may(Permission.SEE_EVERY_CLIENT) else failures.missing()
    found = await _found(turn, desk, turn.person.coach_id, page)
    return _list(turn, found, page, "clients", _("Your clients"))


async def everybody(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    """Clients of all coaches, for an owner; with whom they book is named where there are several."""
    found = await _found(turn, desk, None, page)
    if len(await desk.coaches.all()) < 2 and len({name for each in found for name in each.coaches}) < 2:
        found = [replace(each, coaches=()) for each in found]
    return _list(turn, found, page, "clients/all", _("All clients"))


async def _found(turn: Turn, desk: Desk, coach_id: int | None, page: int) -> list[ClientRow]:
    """The clients of this page, and one more if there is a next page."""
    buyers = turn.may(Permission.SEE_EVERY_CLIENT)
    return await desk.day.clients(coach_id, turn.now, page * ON_A_PAGE, ON_A_PAGE + 1, buyers=buyers)


def _list(turn: Turn, found: list[ClientRow], page: int, at: str, title: str) -> Screen:
    shown, known = found[:ON_A_PAGE], page * ON_A_PAGE + len(found)
    lines: list[Line] = []
    rows: list[Row] = []
    for client in shown:
        lines.append(Line(client.name, Tone.STRONG))
        lines.append(Line(_facts(turn, client), Tone.QUIET))
        label = _("About {name}", name=client.name)
        rows.append((Button(client.name, address("client", client.person_id), label=label),))
    if not shown:
        lines.append(Line(_("Nobody has booked yet.") if page == 0 else _("There are no more clients.")))
        if page == 0 and turn.may(Permission.SHARE):
            rows.append((Button(_("Share the link"), "share", Style.PRIMARY),))
    rows += paging.turns((at,), page, ON_A_PAGE, known, _("Earlier page"), _("Next page"))
    return Screen(title, tuple(lines), (*rows, (*_other_list(turn, at), Button(_("Start"), "start"))))


def _other_list(turn: Turn, at: str) -> Row:
    """The way to the day, and between one's own clients and those of all coaches, where there are both."""
    today = Button(_("Today"), "today")
    if at == "clients":
        return (Button(_("All clients"), "clients/all"), today) if turn.may(Permission.SEE_EVERY_CLIENT) else (today,)
    coaches = Button(_("Coaches"), "team")
    return (Button(_("Your clients"), "clients"), coaches, today) if turn.person.coach_id else (coaches, today)


def _facts(turn: Turn, client: ClientRow) -> str:
    facts = []
    if client.coaches:
        facts.append(_("with {names}", names=", ".join(client.coaches)))
    if client.next is not None:
        facts.append(_("next: {when}", when=tell.moment(client.next, turn.zone)))
    if client.last is not None:
        facts.append(_("last: {when}", when=tell.moment(client.last, turn.zone)))
    if client.only_bought:
        facts.append(_("has a package, booked nothing yet"))
    else:
        facts.append(ngettext("{n} session so far", "{n} sessions so far", client.count))
    if client.unpaid:
        facts.append(ngettext("{n} unpaid", "{n} unpaid", client.unpaid))
    if client.reachable:
        where = ", ".join(phrases.PLATFORMS[platform] for platform in dict.fromkeys(client.reachable))
        facts.append(_("on {platforms}", platforms=where))
    else:
        facts.append(_("cannot be reached"))
    return joined(" · ", facts)


async def one(turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen:
    """A coach sees what was booked with them, an owner everything. `page` is that of the sessions to come."""
    if turn.person.coach_id is None and not turn.may(Permission.SEE_EVERY_CLIENT):
        return failures.missing()
    scope = None if turn.may(Permission.SEE_EVERY_CLIENT) else turn.person.coach_id
    found = await desk.day.client(scope, person, turn.now)
    if found is None:
        return failures.missing()
    lines = [Line(_facts(turn, found.row))]
    if not found.row.reachable:
        lines.append(Line(_("Messages and reminders do not arrive. Reach them another way."), Tone.STRONG))
    several = scope is None and await _several(desk, found)
    lines += [Line(_entry(turn, booking, name_coach=several)) for booking in found.bookings[:HISTORY]]
    coming = [each for each in found.bookings if each.state is BookingState.CONFIRMED and each.starts > turn.now]
    if len(coming) > 1:
        lines.append(Line(_("Which session do you mean?"), Tone.STRONG))
        rows = _choice(turn, found, coming[::-1], page, name_coach=several)
    else:
        rows = _acts(turn, found, coming)
    rows += _to_settle(turn, found, name_coach=several)
    if turn.may(Permission.GIVE_BACK) and any(each.paid.amount for each in found.bookings):
        credit = address("give-credit", "of", person)
        rows.append(
            (Button(_("Give money back"), address("give-back", "of", person)), Button(_("As a credit"), credit))
        )
    if turn.may(Permission.KEEP_EVERY_BOOKING):
        rows.append((Button(_("Credits"), address("client-credits", person)),))
    if turn.may(Permission.SEE_MONEY):
        tax = (Button(_("Tax"), address("client-tax", person)),)
        taxed = (await desk.practice.get(turn.generation)).tax is not None
        rows.append((Button(_("Receipts"), address("receipts", "of", person)), *(tax if taxed else ())))
    to_list = Button(_("Clients"), "clients")
    rows.append((to_list, Button(_("Start"), "start")))
    return Screen(found.row.name, tuple(lines), tuple(rows))


async def _several(desk: Desk, found: ClientPage) -> bool:
    """Whether the bookings are with several coaches, so that each must name its own."""
    coaches = {coach.id for coach in await desk.coaches.all()}
    return len(coaches | {booking.coach_id for booking in found.bookings}) > 1


def _entry(turn: Turn, booking: Booking, *, name_coach: bool) -> str:
    zone = turn.person.zone or booking.coach_zone
    when = tell.moment(booking.starts, zone)
    what = phrases.with_coach(booking) if name_coach else booking.terms.offer_name
    return _("{when}: {what}, {state}", when=when, what=what, state=_state(booking, turn))


def _state(booking: Booking, turn: Turn) -> str:
    match booking.state:
        case BookingState.HELD:
            return _("held, not paid yet")
        case BookingState.CANCELLED:
            return _("cancelled")
        case BookingState.EXPIRED:
            return _("the hold ended")
    if booking.outcome is not None:
        return outcome.settled(booking.outcome)
    return _("booked") if booking.starts > turn.now else _("to be settled")


def _choice(turn: Turn, found: ClientPage, coming: list[Booking], page: int, *, name_coach: bool) -> list[Row]:
    """Of several sessions to come each has its button, and what can be done about it stands on its page."""
    page = min(page, (len(coming) - 1) // COMING_SHOWN)
    shown = coming[page * COMING_SHOWN : (page + 1) * COMING_SHOWN]
    rows: list[Row] = [
        (Button(_short(turn, each, name_coach=name_coach), address("booking", each.id)),) for each in shown
    ]
    head = ("client", found.row.person_id)
    return rows + paging.turns(head, page, COMING_SHOWN, len(coming), _("Sooner sessions"), _("Later sessions"))


def _short(turn: Turn, booking: Booking, *, name_coach: bool) -> str:
    words = my_bookings.short_with_coach if name_coach else my_bookings.short
    return words(booking, turn.person.zone or booking.coach_zone)


def _acts(turn: Turn, found: ClientPage, coming: list[Booking]) -> list[Row]:
    """What can be done about the one session to come; without any, a message goes with the latest one."""
    if not coming:
        own = [each for each in found.bookings if each.coach_person_id == turn.person.id]
        last = next(iter(own or found.bookings), None)
        return [] if last is None else [(Button(_("Message"), address("write", last.id)),)]
    [booking] = coming
    what = phrases.session(booking, turn.person)
    write = Button(_("Message"), address("write", booking.id), label=_("Message: {what}", what=what))
    label = _("Cancel session: {what}", what=what)
    cancel = Button(_("Cancel session"), address("coach-cancel", booking.id), label=label)
    propose = Button(_("Propose a time"), address("propose", booking.id), label=_("Propose a time: {what}", what=what))
    return [
        (Button(_("Next session"), address("booking", booking.id), label=_("Next session: {what}", what=what)), write),
        (cancel,) if booking.coach_gone else (propose, cancel),
    ]


def _to_settle(turn: Turn, found: ClientPage, *, name_coach: bool) -> list[Row]:
    due = [each for each in found.bookings if outcome.is_due(each, turn.now)][:DUE_SHOWN]
    names = [(each, _short(turn, each, name_coach=name_coach)) for each in due]
    return [(Button(_("How it went: {when}", when=when), address("settling", each.id)),) for each, when in names]


ROUTES: tuple[Route, ...] = (
    show("clients", clients, permission=Permission.SEE_CLIENTS, command="/clients"),
    show("clients/{page:id}", clients, permission=Permission.SEE_CLIENTS),
    show("clients/all", everybody, permission=Permission.SEE_EVERY_CLIENT),
    show("clients/all/{page:id}", everybody, permission=Permission.SEE_EVERY_CLIENT),
    show("client/{person:id}", one),
    show("client/{person:id}/{page:id}", one),
)
