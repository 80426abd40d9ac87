"""The coach proposes another time: day, time, and the client is asked; until an answer the old time stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of
from bot.domain.refusals import Refusal
from bot.handlers.bookings import no_times, time_pages, time_picker
from bot.handlers.bookings.coach_cancel import of_practice
from bot.handlers.bookings.time_picker import TimeSearch
from bot.handlers.kit import failures, phrases, refusals
from bot.services.calendar.free_times import Moving
from bot.services.desk import Desk


@dataclass(frozen=True)
class Wanted:
    """A session that its coach may propose another time for."""

    booking: Booking
    search: TimeSearch


async def days(turn: Turn, desk: Desk, booking: int, first: date | None = None) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    found, search = wanted.booking, wanted.search
    if first is None:
        today = search.day_of(turn.now)
        first = await time_picker.next_day(turn, desk, search, today) or today
    week = await time_picker.week(turn, desk, search, first)
    lines = [Line(phrases.session(found, turn.person)), Line(phrases.when_for_coach(found, search.zone))]
    if not week.free:
        why = await no_times.why_not_on(turn, desk, search, week.first, len(week.days))
        lines += [Line(why), Line(_("With more hours there is more to propose."), Tone.QUIET)]
    title = _("Another time for {name}", name=found.client_name)
    return time_picker.days_screen(search, week, title, tuple(lines), _last(booking))


async def times(turn: Turn, desk: Desk, booking: int, day: date, page: int = 0) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    search, title = wanted.search, tell.long_day(day)
    whose = Line(phrases.session(wanted.booking, turn.person))
    free, days = await time_picker.day_and_around(turn, desk, search, day)
    last: tuple[Row, ...] = ((Button(_("Other days"), search.pages.since(day)),), _last(booking))
    if not free:
        nothing = Screen(title, (whose, Line(await no_times.why_not_on(turn, desk, search, day))), last)
        return time_picker.with_picker(search, day, [], nothing)
    return time_picker.times_screen(search, day, free, page, title, (whose,), *days, *last)


async def review(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    found, zone = wanted.booking, wanted.search.zone
    refusal = await desk.moves.against(found, at, turn.now)
    if refusal is not None:
        back = address("propose", booking)
        return refusals.screen(turn, refusal, back, lambda time: address("propose", booking, time.starts), asked=True)
    new = tell.both_clocks(at, zone, found.client_zone, found.client_name)
    lines = (
        Line(phrases.session(found, turn.person)),
        Line(_("Now: {when}", when=phrases.when_for_coach(found, zone))),
        Line(_("Proposed: {when}", when=new), Tone.STRONG),
        Line(
            _(
                "{name} can accept, ask for other times, or decline and get everything back. "
                "Without an answer the old time stands.",
                name=found.client_name,
            ),
            Tone.QUIET,
        ),
        *phrases.coach_is_told(found, turn.person),
    )
    ask = turn.do("propose", booking, at, "yes", stated=(found.version,))
    other = Button(_("Other times"), address("propose", booking, day_of(at, zone)))
    return Screen(
        _("Ask {name}?", name=found.client_name),
        lines,
        ((Button(_("Ask"), ask, Style.SUCCESS), other), _last(booking)),
        leave=wanted.search.leave,
    )


async def propose(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.moves.propose(turn.act(address("booking", booking)), booking, found.version, at)
    if isinstance(outcome, Refusal):
        refused = refusals.screen(
            turn, outcome, address("propose", booking), near=lambda time: address("propose", booking, time.starts)
        )
        return replace(refused, leave=address("booking", booking))
    if turn.person.id == found.coach_person_id:
        words = _("I am asking {name}. Until there is an answer, the old time stands.", name=found.client_name)
    else:
        names = {"name": found.client_name, "coach": found.coach_name}
        words = _("I am asking {name} and telling {coach}. Until there is an answer, the old time stands.", **names)
    return Redirect(outcome.next, words)


async def _wanted(turn: Turn, desk: Desk, booking: int) -> Wanted | None:
    """None when there is nothing to move any more, or it is not for this person to do."""
    found = await of_practice(turn, desk, booking)
    if found is None or found.state is not BookingState.CONFIRMED or found.starts <= turn.now:
        return None
    offer = await desk.offers.find(found.offer_id)
    if offer is None:
        return None
    zone, moving = turn.person.zone or found.coach_zone, Moving(found, by_coach=True)
    pages, leave = time_pages.of_proposal(booking), address("booking", booking)
    return Wanted(found, TimeSearch(offer, found.coach_id, zone, pages, leave, moving=moving, own=found.starts))


def _last(booking: int) -> Row:
    return (Button(_("Keep the time"), address("booking", booking)), Button(_("Start"), "start"))


ROUTES: tuple[Route, ...] = (
    show("propose/{booking:id}", days),
    show("propose/{booking:id}/from/{first:day}", days),
    show("propose/{booking:id}/{day:day}", times),
    show("propose/{booking:id}/{day:day}/{page:id}", times),
    show("propose/{booking:id}/{at:instant}", review),
    do("propose/{booking:id}/{at:instant}/yes", propose, back="propose/{booking:id}/{at:instant}"),
)
