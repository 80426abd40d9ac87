"""Says why there is nothing to book: each cause has its own words and next step."""

from dataclasses import replace
from datetime import date, timedelta

from bot.chat.address import address
from bot.chat.screen import Button, Line, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.slots import Reason
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Code
from bot.handlers.bookings.time_picker import TimeSearch
from bot.handlers.kit import phrases, refusals, unreadable
from bot.handlers.kit.reasons import time_reasons
from bot.services.calendar.times import NoTimes
from bot.services.desk import Desk


async def nothing_on_offer(turn: Turn, desk: Desk, coach: int = 0) -> Screen:
    """`coach` 0 is any."""
    for offer in await desk.offers.open_for(coach or None):
        if refused := await desk.offers.closed_to(turn.person.id, offer, turn.now):
            others = ((Button(_("Other offers"), "book", Style.PRIMARY),),) if coach else ()
            return Screen(offer.name, (Line(refusals.words(refused)),), (*others, _ways_on()))
    if unread := await unreadable.instead_of_offers(desk):
        return unread
    practice = await desk.practice.get(turn.generation)
    lines = [Line(_("Nothing can be booked here at the moment."))]
    lines += phrases.question_to(practice.contact)
    return Screen(_("Nothing on offer"), tuple(lines), (_ways_on(),))


async def closed(turn: Turn, desk: Desk, offer: Offer) -> Screen | None:
    """Says why this client cannot book the offer; None for who can."""
    refused = await desk.offers.closed_to(turn.person.id, offer, turn.now)
    if refused is None:
        return None
    sessions, others = Button(_("My sessions"), "sessions"), Button(_("Other offers"), "book")
    first, second = (sessions, others) if refused.code is Code.LIMIT else (others, sessions)
    rows = ((replace(first, style=Style.PRIMARY),), (second, Button(_("Start"), "start")))
    return Screen(offer.name, (Line(refusals.words(refused)),), rows)


async def no_times(turn: Turn, desk: Desk, offer: Offer, coach: int) -> Screen:
    if offer.state is OfferState.ARCHIVED or not offer.coach_ids:
        words = Line(_("This is no longer on offer. See what else there is."))
        others = Button(_("Other offers"), "book", Style.PRIMARY)
        return Screen(offer.name, (words,), ((others, Button(_("Start"), "start")),))
    if offer.state is not OfferState.OPEN:
        why = NoTimes.PAUSED
    else:
        why = await desk.times.why_none(offer, coach or None, turn.now)
    rows: list[Row] = [
        (Button(_("Tell me when"), turn.do("tell", offer.id, coach, stated=(offer.id, coach)), Style.SUCCESS),)
    ]
    if coach:
        rows.append((Button(_("Anyone else"), address("with", 0)),))
    rows.append((Button(_("Other offers"), "book"), Button(_("Start"), "start")))
    return Screen(offer.name, (Line(_words(why)),), tuple(rows))


async def why_not_on(turn: Turn, desk: Desk, search: TimeSearch, first: date, count: int = 1) -> str:
    """Why `count` days of the reader's calendar from `first` on have no free time; ask only where nothing is free."""
    reason = await desk.times.why_not_on(
        search.offer, search.coach_id, search.zone, first, count, turn.now, moving=search.moving
    )
    return time_reasons.of_days(reason or Reason.DAY_OFF, first, first + timedelta(days=count - 1))


def _words(why: NoTimes) -> str:
    match why:
        case NoTimes.NO_HOURS:
            return _("No hours have been set yet, so there is no time to choose. I can tell you when there are.")
        case NoTimes.ALL_TAKEN:
            return _("Every time is taken. I can tell you when one is free again.")
        case NoTimes.PAUSED:
            return _("This is paused at the moment. I can tell you when it is back.")
        case NoTimes.HORIZON:
            return _("The next hours are further ahead than can be booked today. I can tell you when they open.")


def _ways_on() -> Row:
    return (Button(_("My sessions"), "sessions"), Button(_("Help"), "help"))
