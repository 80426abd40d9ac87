"""All dates of a plan at once, before they are booked: as its rhythm gives them, or as they were changed since."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Finish, Route, do, show
from bot.chat.screen import Button, Form, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Terms
from bot.domain.plans.plans import Outlook, Plan
from bot.domain.plans.rhythm import Rhythm, read
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from bot.handlers.bookings import client_number, double_booking
from bot.handlers.kit import back_row, clock, failures, phrases, refusals
from bot.handlers.payments import orders
from bot.handlers.plans import plan_words
from bot.services.bookings import take_hold
from bot.services.desk import Desk

KIND = "plan"
"""Of drafts: plans whose dates were changed."""

OF_RHYTHM = "plan/{offer:id}/{coach:id}/{wish:word}"
CHANGED = "dates/{draft:id}"


@dataclass(frozen=True)
class Shown:
    """A plan with the address of its page, `here`, to which `away` leads back."""

    plan: Plan
    here: str
    away: str
    draft: int | None = None


Act = Callable[[Turn, Desk, Shown | None], Awaitable[Screen | Redirect]]
"""What is done with a plan; None where it is too old."""


@dataclass(frozen=True)
class Seen:
    """How a plan could be booked now, and what it is of."""

    outlook: Outlook
    offer: Offer
    coach: Coach
    terms: Terms


async def rhythm_shown(turn: Turn, desk: Desk, offer: int, coach: int, wish: str) -> Shown | None:
    found, wished = await desk.offers.find(offer, turn.generation), read(wish)
    if found is None or wished is None or not wished.is_whole:
        return None
    since = turn.now + timedelta(minutes=found.notice_min)
    plan = Plan.begin(offer, coach, wished, turn.zone, since)
    away = Rhythm(wished.sessions, wished.weekday)
    return Shown(plan, address("plan", offer, coach, wish), address("plan", offer, coach, away.code))


async def draft_shown(turn: Turn, desk: Desk, draft: int) -> Shown | None:
    body = await desk.drafts.find(turn.person.id, draft, KIND, turn.now)
    if body is None:
        return None
    plan = Plan.from_body(body)
    again = address("plan", plan.offer_id, plan.coach_id, plan.rhythm.code)
    return Shown(plan, address("dates", draft), again, draft)


async def of_rhythm(turn: Turn, desk: Desk, offer: int, coach: int, wish: str) -> Screen | Redirect:
    return await _page(turn, desk, await rhythm_shown(turn, desk, offer, coach, wish))


async def changed(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    return await _page(turn, desk, await draft_shown(turn, desk, draft))


async def _page(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else failures.missing()
    outlook, asks = seen.outlook, seen.terms.place.asks_number
    lines = await facts(turn, desk, shown, seen)
    rows: list[Row] = []
    if outlook.is_bookable and asks:
        rows.append((Button(_("Go on"), _step(turn, shown, "ask"), Style.PRIMARY),))
    elif outlook.is_bookable:
        rows.append((Button(go(outlook), _act(turn, shown, "book", stated=outlook.facts), Style.SUCCESS),))
    rows += _ways(turn, shown, outlook)
    rows.append(back_row.row(shown.away))
    return Screen(title(seen), tuple(lines), tuple(rows), leave=back_row.NOTHING_BOOKED)


async def look(turn: Turn, desk: Desk, shown: Shown) -> Seen | Screen:
    """How it stands now, or why nothing can be planned."""
    plan = shown.plan
    outlook = await desk.plans.outlook(turn.person, plan, turn.now)
    if isinstance(outlook, Refusal):
        return refusals.screen(turn, outlook, shown.away)
    offer = await desk.offers.find(plan.offer_id, turn.generation)
    coach = await desk.coaches.find(plan.coach_id, turn.generation)
    if offer is None or coach is None:
        return failures.missing()
    return Seen(outlook, offer, coach, take_hold.terms_with(offer, coach))


def too_old() -> Screen:
    """A plan whose dates were changed is kept for an hour."""
    words = _("This plan is too old, or it was never for this chat. Nothing was booked by it.")
    rows = ((Button(_("Plan again"), "plan", Style.PRIMARY), Button(_("My sessions"), "sessions")),)
    return Screen(_("Plan again"), (Line(words),), rows, over=True)


def title(seen: Seen) -> str:
    what = _("{offer} with {coach}", offer=seen.terms.offer_name, coach=seen.coach.name)
    number = plan_words.sessions(len(seen.outlook.free))
    return _("{sessions}: {what}", sessions=number, what=what)


async def facts(turn: Turn, desk: Desk, shown: Shown, seen: Seen) -> list[Line]:
    outlook, zone, free = seen.outlook, turn.zone, seen.outlook.free
    lines = plan_words.dates(outlook, seen.coach, zone)
    starts = [each.starts for each in free]
    lines += await double_booking.of_dates(turn, desk, starts, seen.terms.length_min, zone)
    if free:
        last = free[-1].starts
        lines += phrases.clock_shift(zone, seen.coach.zone, seen.coach.name, turn.now, last)
    lines += plan_words.lacks(outlook)
    lines.append(Line(phrases.place_to_come(seen.terms.place)))
    lines.append(Line(_("{length} each", length=tell.minutes(seen.terms.length_min)), Tone.TERMS))
    lines += plan_words.cover(outlook, zone)
    if outlook.price and not outlook.uses_credit:
        lines += await phrases.tax_on_prices(turn, desk)
    lines += plan_words.rules(seen.terms, on_credit=outlook.uses_credit)
    return [*lines, *clock.taken_for_yours(turn)]


def go(outlook: Outlook) -> str:
    number = plan_words.sessions(len(outlook.free))
    if outlook.price and not outlook.uses_credit:
        return _("Hold and pay {price}", price=tell.amount(outlook.total))
    return _("Book {sessions}", sessions=number)


def _ways(turn: Turn, shown: Shown, outlook: Outlook) -> list[Row]:
    """Beside booking: the free times in place of those left out, each date by itself, the rhythm, the cover."""
    first = [Button(_("Change dates"), _step(turn, shown, "edit"))]
    if any(each.instead is not None for each in outlook.dates):
        stated = tuple(int(each.instead.starts.timestamp()) for each in outlook.dates if each.instead is not None)
        first.insert(0, Button(_("Take the free times"), _act(turn, shown, "use", stated=stated)))
    cover = _other_cover(turn, shown, outlook)
    if shown.draft is None and len(first) + len(cover) < 3:
        first.append(_other_rhythm(shown))
    return [tuple(first), *([tuple(cover)] if cover else [])]


def _other_rhythm(shown: Shown) -> Button:
    plan, weeks = shown.plan, 2 if shown.plan.rhythm.weeks == 1 else 1
    other = replace(plan.rhythm, weeks=weeks)
    return Button(plan_words.rhythm(weeks), address("plan", plan.offer_id, plan.coach_id, other.code))


def _other_cover(turn: Turn, shown: Shown, outlook: Outlook) -> list[Button]:
    """To pay for all of them, and back; and to book only those that the credits cover."""
    if not outlook.credits or not outlook.free:
        return []
    words = _("Use credits") if shown.plan.pays else _("Pay for all")
    if outlook.is_bookable and not shown.plan.pays:
        words = _("Pay instead")
    plan = shown.plan.covered_otherwise()
    other = Button(words, address("plan", plan.offer_id, plan.coach_id, plan.rhythm.code))
    if shown.draft is not None:
        other = Button(words, _act(turn, shown, "cover"))
    covered = outlook.uses_credit and not outlook.is_bookable and len(outlook.on_credit) > 0
    stated = tuple(int(each.starts.timestamp()) for each in outlook.on_credit)
    return [other, *([Button(_("Only those covered"), _act(turn, shown, "those", stated=stated))] if covered else [])]


def _act(turn: Turn, shown: Shown, what: str, stated: tuple[object, ...] = ()) -> str:
    return turn.do(shown.here, what, stated=stated)


def _step(turn: Turn, shown: Shown, page: str) -> str:
    """A page of a plan whose dates are kept: those that a rhythm gave are kept on the way there."""
    return _act(turn, shown, page) if shown.draft is None else address(shown.here, page)


def all_times(turn: Turn) -> Line:
    return Line(_("All times are {city} time.", city=tell.city(turn.zone)), Tone.QUIET)


async def book(turn: Turn, desk: Desk, shown: Shown | None) -> Screen | Redirect:
    """All of them or none. What the button stated is looked at where the times are taken."""
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else failures.missing()
    to_pay = bool(seen.outlook.price) and not seen.outlook.uses_credit
    act, number = turn.act("order/{id}" if to_pay else "planned/{id}"), turn.values.get(client_number.PHONE)
    outcome = await desk.plans.book(act, shown.plan, turn.states, number if isinstance(number, str) else None)
    if not isinstance(outcome, Refusal):
        return Redirect(outcome.next)
    if outcome.code not in (Code.CHANGED, Code.TAKEN):
        return refusals.screen(turn, outcome, shown.away)
    now = await _page(turn, desk, shown)
    note = _("Something changed meanwhile, so nothing was booked. This is how each date stands now.")
    return replace(now, note=note) if isinstance(now, Screen) else now


async def number(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    """Asks for the client's number, in the place of the tap that books."""
    shown = await draft_shown(turn, desk, draft)
    seen = too_old() if shown is None else await look(turn, desk, shown)
    if shown is None or not isinstance(seen, Seen):
        return seen if isinstance(seen, Screen) else failures.missing()
    if not seen.outlook.is_bookable or not seen.terms.place.asks_number:
        return Redirect(shown.here)
    known = await desk.numbers.known(turn.person, turn.now)
    words = go(seen.outlook)
    held = bool(seen.outlook.price) and not seen.outlook.uses_credit
    then = _("With your answer the times are held.") if held else _("With your answer they are booked.")
    keep = None if known is None else _("{act}: {number}", act=words, number=known)
    asked = await client_number.field(turn, desk, seen.coach.name, known, then=then, keep=keep)
    to = turn.do(shown.here, "book", stated=seen.outlook.facts)
    form = Form(to, (asked,), words, cancel_to=back_row.NOTHING_BOOKED, back_to=shown.here)
    lines = (Line(title(seen)), *await facts(turn, desk, shown, seen))
    return Screen(_("Your number"), lines, (), form=form)


def from_rhythm(what: str, act: Act, finish: Finish | None = None) -> Route:
    """An act of the page on which a rhythm gives the dates."""

    async def handler(turn: Turn, desk: Desk, offer: int, coach: int, wish: str) -> Screen | Redirect:
        return await act(turn, desk, await rhythm_shown(turn, desk, offer, coach, wish))

    return do(f"{OF_RHYTHM}/{what}", handler, back=OF_RHYTHM, changes_person=False, finish=finish)


def from_both(what: str, act: Act, finish: Finish | None = None) -> tuple[Route, ...]:
    """As `from_rhythm`, also for dates that were changed since."""

    async def handler(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
        return await act(turn, desk, await draft_shown(turn, desk, draft))

    own = do(f"{CHANGED}/{what}", handler, back=CHANGED, changes_person=False, finish=finish)
    return from_rhythm(what, act, finish), own


ROUTES: tuple[Route, ...] = (
    show(CHANGED, changed),
    show(f"{CHANGED}/ask", number),
    *from_both("book", book, finish=orders.make_card_page),
)
