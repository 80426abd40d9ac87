"""Sessions as a calendar file, or one as a page of Google on which it is saved; and the new file after a move."""

from collections.abc import Sequence

from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, File, Line, Link, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.calendar_entry import google_link, published
from bot.handlers.kit import calendar_lines, failures, phrases, refusals
from bot.pages import calendar_words, papers
from bot.pages.calendar_words import Reader
from bot.services.calendar.files import is_of, to_come
from bot.services.desk import Desk


async def take(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    turn.require()
    outcome = await desk.calendar_files.take(turn.act(address("calendar-file", booking)), booking)
    return refusals.or_next(turn, outcome, address("booking", booking))


async def take_plan(turn: Turn, desk: Desk, plan: int) -> Screen | Redirect:
    turn.require()
    outcome = await desk.calendar_files.take_plan(turn.act(address("calendar-plan", plan)), plan)
    return refusals.or_next(turn, outcome, "sessions")


async def page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None or not is_of(found, turn.person, turn.now):
        return failures.missing()
    if not to_come([found], turn.now):
        return Redirect(address("booking", booking))
    title, back = _("Add to your calendar"), Button(_("Back"), address("booking", booking))
    return await _with_file(turn, desk, [found], title, (_does_not_follow(),), back)


async def plan_page(turn: Turn, desk: Desk, plan: int) -> Screen | Redirect:
    found = await desk.plans.of(turn.person, plan, turn.now)
    mine = [each for each in found if is_of(each, turn.person, turn.now)]
    if not mine:
        return failures.missing()
    coming = to_come(mine, turn.now)
    if not coming:
        return Redirect("sessions")
    own = coming[0].person_id == turn.person.id
    title, back = _("Add to your calendar"), Button(_("Back"), "sessions" if own else "today")
    return await _with_file(turn, desk, coming, title, (_does_not_follow(),), back)


async def told(turn: Turn, desk: Desk, booking: int, start: int) -> Screen | Redirect:
    """To who took the file of a session that was moved. `start`: the epoch second at which this one has it begin."""
    found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
    if found is None or not found.is_filed_by(turn.person.id):
        return failures.missing()
    session = Button(_("The session"), address("booking", booking))
    if found.state is not BookingState.CONFIRMED:
        lines = (Line(phrases.session(found, turn.person)), *calendar_lines.left_behind(found, turn.person))
        return Screen(_("This session was cancelled"), lines, ((session,),), over=True)
    if int(found.starts.timestamp()) != start:
        newer = Line(_("The session was moved again. A newer file is below."))
        return Screen(_("This file is out of date"), (newer,), ((session,),), over=True)
    words = _("The session was moved, and the entry that you added does not follow. Add it again with this file.")
    twice = _("Where two stand then, delete the older one.")
    lines = (Line(words), Line(twice))
    return await _with_file(turn, desk, [found], _("A new calendar file"), lines, session)


def _does_not_follow() -> Line:
    return Line(_("The file does not follow by itself: after a move I send you a new one."), Tone.QUIET)


async def _with_file(
    turn: Turn, desk: Desk, those: Sequence[Booking], title: str, lines: tuple[Line, ...], back: Button
) -> Screen:
    reader = await _reader(turn, desk)
    entries = [calendar_words.of_session(each, reader, turn.now, follows=False) for each in those]
    data = await papers.calendar_file(published(entries))
    about = phrases.session(those[0], turn.person)
    said = [Line(about), *(Line(_when(turn, each), Tone.STRONG) for each in those), *lines, phrases.file_in_chat()]
    rows: list[Row] = [(Link(_("Google Calendar"), google_link(entries[0])),)] if len(entries) == 1 else []
    more = Button(_("All my sessions"), "calendar", label=_("All my sessions in my calendar, by a link"))
    rows.append((more, back))
    file = File(calendar_words.file_name(those), data, joined(": ", (_("Calendar file"), about)))
    return Screen(title, tuple(said), tuple(rows), file=file)


def _when(turn: Turn, booking: Booking) -> str:
    own = booking.person_id == turn.person.id
    return (phrases.when_for_client if own else phrases.when_for_coach)(booking, turn.person.zone)


async def _reader(turn: Turn, desk: Desk) -> Reader:
    names = turn.person.gives_sessions_of is not None and (await desk.feeds.of(turn.person)).names
    return Reader(turn.person, names, {turn.account.platform}, desk.sharing.telegram_username)


ROUTES: tuple[Route, ...] = (
    show("calendar-file/{booking:id}", page),
    show("calendar-plan/{plan:id}", plan_page),
    do("calendar-file/{booking:id}/take", take, back="booking/{booking:id}", changes_person=False),
    do("calendar-plan/{plan:id}/take", take_plan, back="calendar-plan/{plan:id}", changes_person=False),
)
