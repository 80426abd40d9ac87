"""What somebody looks for in the trail of changes: who did it, what it was about, and on which day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.chat import tell
from bot.chat.address import Segment, address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, Form, Redirect, Row, Screen, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.hours import parse_hours
from bot.domain.calendar.local_dates import day_of, whole_day
from bot.domain.calendar.spans import HoursError
from bot.domain.people.permissions import Permission
from bot.domain.records import About, AuditFilter
from bot.handlers.kit import failures, paging
from bot.services.desk import Desk

ANY, ITSELF, PERSON = "any", "itself", "p"
PEOPLE_ON_A_PAGE = 8
YEAR = timedelta(days=364)


@dataclass(frozen=True)
class Chosen:
    """`who` is `any`, `itself` (time, or the practice) or `p7`; `what` is `any` or an `About`; `day` is one day."""

    who: str = ANY
    what: str = ANY
    day: date | None = None

    def at(self, page: str = "only") -> str:
        """The address of the trail as it is chosen, or of a page that changes the choice."""
        if self == EVERYTHING and page == "only":
            return "audit"
        day: tuple[Segment, ...] = () if self.day is None else (self.day,)
        return address("audit", page, self.who, self.what, *day)

    @property
    def person_id(self) -> int | None:
        number = self.who.removeprefix(PERSON)
        return int(number) if self.who.startswith(PERSON) and number.isascii() and number.isdecimal() else None

    def wanted(self, zone: str) -> AuditFilter | None:
        """None when nothing can be chosen like this."""
        if (self.who not in {ANY, ITSELF} and self.person_id is None) or self.what not in {ANY, *About}:
            return None
        about = None if self.what == ANY else About(self.what)
        since = until = None
        if self.day is not None:
            since, until = whole_day(self.day, zone)
        return AuditFilter(self.person_id, self.who == ITSELF, about, since, until)


EVERYTHING = Chosen()


def _about(what: str) -> str:
    words = {
        About.BOOKINGS: _("Bookings and messages"),
        About.MONEY: _("Payments and refunds"),
        About.OFFERS: _("Offers"),
        About.TEAM: _("Coaches and hours"),
        About.PRACTICE: _("The practice"),
    }
    return words[About(what)]


async def said(desk: Desk, chosen: Chosen) -> list[str]:
    """Says what is looked for; nothing when that is everything."""
    facts = []
    if chosen.who == ITSELF:
        facts.append(_("by Rapport itself"))
    elif chosen.person_id is not None:
        person = await desk.people.find(chosen.person_id)
        facts.append(_("by {name}", name=_("somebody") if person is None else person.name))
    if chosen.what != ANY:
        facts.append(_about(chosen.what))
    if chosen.day is not None:
        facts.append(tell.day(chosen.day))
    return [_("Only: {facts}", facts=" · ".join(facts))] if facts else []


def buttons(chosen: Chosen) -> Row:
    return (
        Button(_("Who"), chosen.at("who")),
        Button(_("What"), chosen.at("what")),
        Button(_("Which day"), chosen.at("when")),
    )


async def choose_who(turn: Turn, desk: Desk, who: str, what: str, day: date | None = None, page: int = 0) -> Screen:
    chosen = Chosen(who, what, day)
    if chosen.wanted("UTC") is None:
        return failures.missing()
    before = page * PEOPLE_ON_A_PAGE
    found = await desk.audit.actors(before, PEOPLE_ON_A_PAGE + 1)
    rows: list[Row] = []
    for each, name in found[:PEOPLE_ON_A_PAGE]:
        label = _("By {name}, no. {number}", name=name, number=each)
        rows.append((Button(name, Chosen(f"{PERSON}{each}", what, day).at(), label=label),))
    if page == 0:
        rows.append((Button(_("Rapport itself"), Chosen(ITSELF, what, day).at()),))
    head = chosen.at("who").split("/")
    total = before + len(found)
    rows += paging.turns(head, page, PEOPLE_ON_A_PAGE, total, _("Earlier page"), _("Next page"))
    rows.append((Button(_("Anybody"), Chosen(ANY, what, day).at()), Button(_("Back"), chosen.at())))
    return Screen(_("Who changed it?"), (), tuple(rows))


async def choose_what(_turn: Turn, _desk: Desk, who: str, what: str, day: date | None = None) -> Screen:
    chosen = Chosen(who, what, day)
    if chosen.wanted("UTC") is None:
        return failures.missing()
    rows: list[Row] = [(Button(_about(each), Chosen(who, each, day).at()),) for each in About]
    rows.append((Button(_("Anything"), Chosen(who, ANY, day).at()), Button(_("Back"), chosen.at())))
    return Screen(_("What was it about?"), (), tuple(rows))


async def day_form(turn: Turn, desk: Desk, who: str, what: str, day: date | None = None) -> Screen:
    chosen = Chosen(who, what, day)
    if chosen.wanted("UTC") is None:
        return failures.missing()
    today = day_of(turn.now, turn.zone)
    near = {_("Today"): today, _("Yesterday"): today - timedelta(days=1)}
    asked = Field(
        "day",
        _("On which day?"),
        hint=_("For example: {day}, or 24 dec", day=today.isoformat()),
        choices=tuple(Choice(each.isoformat(), words) for words, each in near.items()),
        read=_day_until(today),
        max_length=40,
    )
    form = Form(turn.do("audit", "day", who, what), (asked,), _("Show"), cancel_to=chosen.at())
    return Screen(_("Which day"), (), (), form=form)


def _day_until(today: date) -> Callable[[str], object]:
    def read(raw: str) -> object:
        change = parse_hours(f"{raw} off", today - YEAR)
        days = () if isinstance(change, HoursError) or change.weekly else tuple(change.days)
        if len(days) != 1 or days[0] > today:
            return Wrong(_("Write one day of the last year, such as {day} or 24 dec.", day=today.isoformat()))
        return days[0]

    return read


async def show_day(turn: Turn, _desk: Desk, who: str, what: str) -> Screen | Redirect:
    turn.require()
    day = turn.values["day"]
    return Redirect(Chosen(who, what, day if isinstance(day, date) else None).at())


ROUTES: tuple[Route, ...] = (
    show("audit/who/{who:word}/{what:word}", choose_who, permission=Permission.READ_AUDIT),
    show("audit/who/{who:word}/{what:word}/{page:id}", choose_who, permission=Permission.READ_AUDIT),
    show("audit/who/{who:word}/{what:word}/{day:day}", choose_who, permission=Permission.READ_AUDIT),
    show("audit/who/{who:word}/{what:word}/{day:day}/{page:id}", choose_who, permission=Permission.READ_AUDIT),
    show("audit/what/{who:word}/{what:word}", choose_what, permission=Permission.READ_AUDIT),
    show("audit/what/{who:word}/{what:word}/{day:day}", choose_what, permission=Permission.READ_AUDIT),
    show("audit/when/{who:word}/{what:word}", day_form, permission=Permission.READ_AUDIT),
    show("audit/when/{who:word}/{what:word}/{day:day}", day_form, permission=Permission.READ_AUDIT),
    do(
        "audit/day/{who:word}/{what:word}",
        show_day,
        back="audit/when/{who:word}/{what:word}",
        permission=Permission.READ_AUDIT,
    ),
)
