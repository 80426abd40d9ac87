"""`/calendar`: the private link by which a person's sessions stand in a calendar of theirs."""

from bot.chat.links import tappable
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Link, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.calendar_entry import google_subscription
from bot.handlers.kit import failures, refusals
from bot.services.calendar.feeds import FeedLink
from bot.services.desk import Desk

HERE = "calendar"
SHOWN, HIDDEN = "shown", "hidden"


async def page(turn: Turn, desk: Desk) -> Screen:
    link = await desk.feeds.of(turn.person)
    last = (Button(_("My sessions"), "sessions"), Button(_("Start"), "start"))
    lines, rows = _off(turn, link) if link.url is None else _on(link, link.url)
    said, choice = _names(turn, link)
    return Screen(_("Your sessions in your calendar"), (*lines, *said), (*rows, *choice, last))


def _off(turn: Turn, link: FeedLink) -> tuple[list[Line], list[Row]]:
    words = _("With a private link, your own calendar shows your sessions. It follows when one is moved or cancelled.")
    lines = [Line(words)]
    if _gives(turn):
        lines.append(Line(_("The sessions that you give are in it, too.")))
    lines.append(Line(_("For one session alone, open it and tap Add to calendar."), Tone.QUIET))
    make = Button(_("Make my link"), turn.do(HERE, "renew", stated=_facts(link)), Style.PRIMARY)
    return lines, [(make,)]


def _on(link: FeedLink, url: str) -> tuple[list[Line], list[Row]]:
    how = _(
        "Google: Other calendars, From URL; it may show a change a day late. "
        "Apple: New Calendar Subscription. Outlook: Subscribe from web."
    )
    lines = [
        Line(_("Subscribe to this link in your calendar:")),
        Line(tappable(url), Tone.STRONG),
        Line(_("Whoever has it can read your sessions, so keep it to yourself.")),
        Line(how, Tone.QUIET),
    ]
    rows: list[Row] = [
        (Link(_("Subscribe in Google"), google_subscription(url)),),
        (Button(_("New link"), f"{HERE}/new"), Button(_("Switch off"), f"{HERE}/off")),
    ]
    return lines, rows


def _names(turn: Turn, link: FeedLink) -> tuple[list[Line], list[Row]]:
    """A coach's choice: a calendar is often open to others."""
    if not _gives(turn):
        return [], []
    if link.names:
        hide = Button(_("Hide clients' names"), turn.do(HERE, "names", HIDDEN, stated=(link.names,)))
        return [Line(_("Your clients' names stand in your calendar."))], [(hide,)]
    reveal = Button(_("Show clients' names"), turn.do(HERE, "names", SHOWN, stated=(link.names,)))
    return [Line(_("Your clients' names do not stand in your calendar."))], [(reveal,)]


def _gives(turn: Turn) -> bool:
    return turn.person.gives_sessions_of is not None


def _facts(link: FeedLink) -> tuple[object, ...]:
    return (link.url or "",)


async def ask_new(turn: Turn, desk: Desk) -> Screen | Redirect:
    words = _("The link that you have stops working at once, wherever it is. Subscribe to the new one instead.")
    return await _ask(turn, desk, _("A new link?"), words, Button(_("Make a new one"), "renew", Style.DANGER))


async def ask_off(turn: Turn, desk: Desk) -> Screen | Redirect:
    words = _("The link that you have stops working at once, and calendars that subscribed to it show nothing new.")
    return await _ask(turn, desk, _("Switch it off?"), words, Button(_("Switch off"), "end", Style.DANGER))


async def _ask(turn: Turn, desk: Desk, title: str, words: str, act: Button) -> Screen | Redirect:
    link = await desk.feeds.of(turn.person)
    if link.url is None:
        return Redirect(HERE)
    go = Button(act.text, turn.do(HERE, act.to, stated=_facts(link)), act.style)
    return Screen(title, (Line(words),), ((go, Button(_("Keep it"), HERE, label=_("Keep the link that I have"))),))


async def renew(turn: Turn, desk: Desk) -> Screen | Redirect:
    link = await desk.feeds.of(turn.person)
    turn.require(*_facts(link))
    said = _("This is your link.") if link.url is None else _("This is your new link. The old one works no more.")
    return refusals.or_next(turn, await desk.feeds.renew(turn.act(HERE)), HERE, said)


async def end(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require(*_facts(await desk.feeds.of(turn.person)))
    said = _("Switched off: the link works no more.")
    return refusals.or_next(turn, await desk.feeds.end(turn.act(HERE)), HERE, said)


async def names(turn: Turn, desk: Desk, which: str) -> Screen | Redirect:
    if which not in (SHOWN, HIDDEN) or not _gives(turn):
        return failures.missing()
    turn.require((await desk.feeds.of(turn.person)).names)
    return refusals.or_next(turn, await desk.feeds.show_names(turn.act(HERE), on=which == SHOWN), HERE, _("Saved."))


ROUTES: tuple[Route, ...] = (
    show(HERE, page, command="/calendar"),
    show(f"{HERE}/new", ask_new),
    show(f"{HERE}/off", ask_off),
    do(f"{HERE}/renew", renew, back=HERE, changes_person=False),
    do(f"{HERE}/end", end, back=HERE, changes_person=False),
    do(f"{HERE}/names/{{which:word}}", names, back=HERE, changes_person=False),
)
