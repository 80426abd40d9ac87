"""The coach proposes another time: day, time, and the client is asked; until an answer the old time stands."""

from datetime import date, datetime, timedelta

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Refusal
from bot.handlers.bookings.coach_cancel import of_practice
from bot.handlers.kit import failures, paging, phrases, refusals
from bot.services.calendar.free_times import Moving
from bot.services.desk import Desk

WEEK = 7
TIMES_ON_A_PAGE = 20
TIMES_IN_A_ROW = 4

Wanted = tuple[Booking, Offer, str]
"""What is to be moved, under which offer, and the zone in which its coach reads."""


async def days(turn: Turn, desk: Desk, booking: int, first: date | None = None) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    found, offer, zone = wanted
    moving = Moving(found, by_coach=True)
    today = day_of(turn.now, zone)
    if first is None:
        nearest = await desk.times.next_free(offer, found.coach_id, turn.now, turn.now, moving=moving)
        first = today if nearest is None else day_of(nearest.starts, zone)
    first = max(first, today)
    counts, beyond = await desk.times.days_and_next(
        offer, found.coach_id, zone, first, WEEK, turn.now, moving=moving
    )
    rows: list[Row] = [
        (
            Button(
                ngettext("{day} · {n} free", "{day} · {n} free", each.count, day=tell.day(each.day)),
                address("propose", booking, each.day),
            ),
        )
        for each in counts
        if each.count
    ]
    lines = [Line(phrases.when_for_coach(found, zone))]
    if not rows:
        lines.append(Line(_("Nothing is free in these days. More hours give more times to propose.")))
    return Screen(
        _("Another time for {name}", name=found.client_name),
        tuple(lines),
        (*rows, *_around(booking, first, today, beyond, zone), _last(booking)),
    )


def _around(booking: int, first: date, today: date, beyond: FreeTime | None, zone: str) -> list[Row]:
    row: list[Button] = []
    if first > today:
        earlier = max(today, first - timedelta(days=WEEK))
        row.append(Button(_("Earlier days"), address("propose", booking, "from", earlier)))
    if beyond is not None:
        row.append(Button(_("Later days"), address("propose", booking, "from", day_of(beyond.starts, zone))))
    return [tuple(row)] if row else []


async def times(turn: Turn, desk: Desk, booking: int, day: date, page: int = 0) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    found, offer, zone = wanted
    moving = Moving(found, by_coach=True)
    free = await desk.times.on_day(offer, found.coach_id, day, zone, turn.now, moving=moving)
    shown = free[page * TIMES_ON_A_PAGE : (page + 1) * TIMES_ON_A_PAGE]
    buttons = [
        Button(
            tell.clock(time.starts, zone),
            address("propose", booking, time.starts),
            label=_("Choose {when}", when=tell.moment(time.starts, zone)),
        )
        for time in shown
    ]
    rows = paging.in_rows(buttons, TIMES_IN_A_ROW)
    head = ("propose", booking, day)
    rows += paging.turns(head, page, TIMES_ON_A_PAGE, len(free), _("Earlier times"), _("Later times"))
    words = _("All times are on the clock in {city}.", city=tell.city(zone)) if free else _("Nothing is free that day.")
    rows.append((Button(_("Other days"), address("propose", booking, "from", day)),))
    return Screen(tell.long_day(day), (Line(words, Tone.QUIET),), (*rows, _last(booking)))


async def review(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    wanted = await _wanted(turn, desk, booking)
    if wanted is None:
        return Redirect(address("booking", booking))
    found, _offer, zone = wanted
    new = tell.both_clocks(at, zone, found.client_zone, found.client_name)
    lines = (
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
    )
    ask = turn.do("propose", booking, at, "yes", stated=(found.version,))
    other = Button(_("Other times"), address("propose", booking, day_of(at, zone)))
    return Screen(
        _("Ask {name}?", name=found.client_name), lines, ((Button(_("Ask"), ask, Style.PRIMARY), other), _last(booking))
    )


async def propose(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    found = await of_practice(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.moves.propose(turn.act(address("booking", booking)), booking, found.version, at)
    if isinstance(outcome, Refusal):
        return refusals.screen(
            turn, outcome, address("propose", booking), near=lambda time: address("propose", booking, time.starts)
        )
    words = _("{name} is asked. Until there is an answer, the old time stands.", name=found.client_name)
    return Redirect(outcome.next, words)


async def _wanted(turn: Turn, desk: Desk, booking: int) -> Wanted | None:
    """None when there is nothing to move any more, or it is not for this person to do."""
    found = await of_practice(turn, desk, booking)
    if found is None or found.state is not BookingState.CONFIRMED or found.starts <= turn.now:
        return None
    offer = await desk.offers.find(found.offer_id)
    return None if offer is None else (found, offer, turn.person.zone or found.coach_zone)


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
