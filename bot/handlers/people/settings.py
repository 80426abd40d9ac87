"""`/settings`: time zone, language and reminders."""

from dataclasses import dataclass, replace

from bot.chat import tell
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import LANGUAGES, _, known_language
from bot.domain.bookings.reminders import DEFAULT_LEADS_MIN, ReminderKind, wanted, without
from bot.domain.people.people import Person
from bot.handlers.kit import failures, refusals
from bot.services.desk import Desk

APART = (ReminderKind.AFTERWARDS, ReminderKind.CREDITS, ReminderKind.CARDS)
"""What is stopped, and comes again, by itself: it is no reminder of a session to come."""


@dataclass(frozen=True)
class ReminderChoice:
    """One choice of reminders: its word in an address and its leads in minutes; None: the usual ones, (): none."""

    word: str
    leads: tuple[int, ...] | None


USUAL = ReminderChoice("usual", None)
WISHES = (
    USUAL,
    ReminderChoice("day-hour", DEFAULT_LEADS_MIN),
    ReminderChoice("day", (1440,)),
    ReminderChoice("two-hours", (120,)),
    ReminderChoice("hour", (60,)),
    ReminderChoice("none", ()),
)


def _words(wish: ReminderChoice) -> str:
    match wish.word:
        case "usual":
            return _("24 hours and 1 hour before, as usual")
        case "day-hour":
            return _("24 hours and 1 hour before")
        case "day":
            return _("24 hours before")
        case "two-hours":
            return _("2 hours before")
        case "hour":
            return _("1 hour before")
        case _:
            return _("No reminders")


async def settings(turn: Turn, desk: Desk) -> Screen:
    cards = (Button(_("Cards"), "cards"),) if desk.cards.on else ()
    person = turn.person
    lines = (
        Line(_zone(turn)),
        Line(_("Language: {language}", language=LANGUAGES[known_language(person.language)])),
        Line(_("Reminders: {which}", which=_reminders(person))),
        Line(_other_chats(desk), Tone.QUIET),
    )
    rows: tuple[Row, ...] = (
        (Button(_("Change zone"), "zone"), Button(_("Language"), "settings/language")),
        (Button(_("Notifications"), "settings/notify"), Button(_("Calendar"), "calendar")),
        (Button(_("Your receipts"), "receipts"), *cards),
        (Button(_("Start"), "start"),),
    )
    return Screen(_("Settings"), lines, rows)


def _other_chats(desk: Desk) -> str:
    if desk.deployment.slack_on and desk.deployment.telegram_on:
        return _("For now, I treat your accounts on Slack and on Telegram as two people with separate sessions.")
    return _("I treat each chat account as a person of its own: sessions booked from another account do not show here.")


def _zone(turn: Turn) -> str:
    zone = turn.person.zone
    if zone is None:
        return _("Time zone: not known yet, so I show {city} time", city=tell.city(turn.zone))
    return _("Time zone: {city}, where it is {time} now", city=tell.city(zone), time=tell.clock(turn.now, zone))


def _current(person: Person) -> ReminderChoice | None:
    if person.leads is None and person.reminders and set(person.stopped) <= set(APART):
        return USUAL
    return next((wish for wish in WISHES if wish.leads == wanted(person)), None)


def _reminders(person: Person) -> str:
    current = _current(person)
    if current is not None:
        return _words(current)
    return ", ".join(_("{length} before", length=tell.minutes(lead)) for lead in wanted(person))


async def language(turn: Turn, _desk: Desk) -> Screen:
    current = known_language(turn.person.language)
    buttons = tuple(
        Button(name, turn.do("settings", "language", code, stated=(code,)), _style(chosen=code == current))
        for code, name in LANGUAGES.items()
    )
    said = _("Everything I write is in this language, reminders too. Now: {language}", language=LANGUAGES[current])
    return Screen(_("Language"), (Line(said),), (buttons, _back()))


async def set_language(turn: Turn, desk: Desk, code: str) -> Screen | Redirect:
    if code not in LANGUAGES:
        return failures.missing()
    turn.require(code)
    outcome = await desk.people.set_language(turn.act("settings"), code)
    return refusals.or_next(turn, outcome, "settings")


async def reminders(turn: Turn, _desk: Desk) -> Screen:
    current = _current(turn.person)
    rows: list[Row] = [
        (Button(_words(wish), turn.do("settings", "reminders", wish.word, stated=(wish.word,))),)
        for wish in WISHES
        if wish != current
    ]
    lines = (
        Line(_("Now: {which}", which=_reminders(turn.person))),
        Line(_("As usual: where free cancelling ends 24 hours before, that reminder comes two hours earlier.")),
        Line(_("This also applies to sessions already booked. A reminder due at night comes the evening before.")),
    )
    resumed = {
        ReminderKind.AFTERWARDS: _("Write to me after a session again"),
        ReminderKind.CREDITS: _("Tell me of my packages again"),
        ReminderKind.CARDS: _("Tell me when a card ends"),
    }
    rows += [
        (Button(resumed[kind], turn.do("settings", "reminders", "resume", kind.value)),)
        for kind in APART
        if kind in turn.person.stopped
    ]
    return Screen(_("Reminders"), lines, (*rows, _back()))


async def set_reminders(turn: Turn, desk: Desk, which: str) -> Screen | Redirect:
    wish = next((wish for wish in WISHES if wish.word == which), None)
    if wish is None:
        return failures.missing()
    turn.require(which)
    act = turn.act("settings/reminders")
    none = wish.leads == ()
    outcome = await (desk.people.stop_reminders(act) if none else desk.people.set_reminders(act, wish.leads, on=True))
    said = _("Reminders from now on: {which}", which=_words(wish))
    return refusals.or_next(turn, outcome, "settings/reminders", said)


async def stop_reminders(turn: Turn, desk: Desk, kind: str | None = None) -> Screen | Redirect:
    """From the button under every reminder: stops those of its kind, or (under one of before) all."""
    if kind is not None and kind not in {each.value for each in ReminderKind}:
        return failures.missing()
    turn.require()
    stopped = None if kind is None else ReminderKind(kind)
    outcome = await desk.people.stop_reminders(turn.act("settings/reminders"), stopped)
    if stopped is ReminderKind.AFTERWARDS:
        said = _("No more messages after a session. Here you can switch them on again.")
        return refusals.or_next(turn, outcome, "settings/reminders", said)
    if stopped is ReminderKind.CREDITS:
        said = _("No more messages about what is left of a package. Here you can switch them on again.")
        return refusals.or_next(turn, outcome, "settings/reminders", said)
    if stopped is ReminderKind.CARDS:
        said = _("No more messages about cards that end. Here you can switch them on again.")
        return refusals.or_next(turn, outcome, "settings/reminders", said)
    left = replace(turn.person, reminders=False) if kind is None else without(turn.person, ReminderKind(kind))
    said = _("No more reminders. Here you can switch them on again.")
    if wanted(left):
        said = _("Reminders from now on: {which}", which=_reminders(left))
    return refusals.or_next(turn, outcome, "settings/reminders", said)


async def resume_reminders(turn: Turn, desk: Desk, kind: str) -> Screen | Redirect:
    if kind not in {each.value for each in ReminderKind}:
        return failures.missing()
    turn.require()
    outcome = await desk.people.stop_reminders(turn.act("settings/reminders"), ReminderKind(kind), resume=True)
    said = _("I will write to you after a session again.")
    if kind == ReminderKind.CREDITS.value:
        said = _("I will tell you before something of a package ends.")
    elif kind == ReminderKind.CARDS.value:
        said = _("I will tell you before your card ends.")
    return refusals.or_next(turn, outcome, "settings/reminders", said)


def stop_button(turn: Turn, kind: ReminderKind) -> Button:
    to = turn.do("settings", "reminders", "stop", kind.value)
    return Button(_("Stop these"), to, label=_stop_aloud(kind))


def _stop_aloud(kind: ReminderKind) -> str:
    match kind:
        case ReminderKind.EARLY:
            return _("Stop the earlier reminders")
        case ReminderKind.LAST_CALL:
            return _("Stop the last reminders before the start")
        case ReminderKind.AFTERWARDS:
            return _("Stop messages after a session")
        case ReminderKind.CREDITS:
            return _("Stop messages about packages")
        case ReminderKind.CARDS:
            return _("Stop messages about cards")


def _style(*, chosen: bool) -> Style:
    return Style.PRIMARY if chosen else Style.PLAIN


def _back() -> Row:
    return (Button(_("Back"), "settings"), Button(_("Start"), "start"))


ROUTES: tuple[Route, ...] = (
    show("settings", settings, command="/settings"),
    show("settings/language", language),
    do("settings/language/{code:word}", set_language, back="settings/language"),
    show("settings/reminders", reminders),
    do("settings/reminders/stop/{kind:word}", stop_reminders, back="settings/reminders"),
    do("settings/reminders/stop", stop_reminders, back="settings/reminders"),
    do("settings/reminders/resume/{kind:word}", resume_reminders, back="settings/reminders"),
    do("settings/reminders/{which:word}", set_reminders, back="settings/reminders"),
)
