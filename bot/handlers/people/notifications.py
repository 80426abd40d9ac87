"""`/settings`, Notifications: the addresses beside the chat, and for each topic where it comes and whether."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Reach, Where, can_choose
from bot.domain.people.people import ADDRESSES, Platform
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, refusals
from bot.handlers.people import addresses
from bot.services.desk import Desk

BACK = "settings/notify"
_MAIL = ("SMTP_URL", "EMAIL_FROM")
_SMS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")


def _topic(topic: Topic) -> str:
    match topic:
        case Topic.BOOKING:
            return _("Bookings")
        case Topic.REMINDERS:
            return _("Reminders")
        case Topic.MONEY:
            return _("Money")
        case Topic.NEWS:
            return _("News")


def _about(topic: Topic) -> str:
    match topic:
        case Topic.BOOKING:
            return _("What was booked, moved and cancelled, and what somebody writes to you about it.")
        case Topic.REMINDERS:
            return _("What comes before a session, and after it.")
        case Topic.MONEY:
            return _("What is paid, owed and given back, and what of a package or a card ends soon.")
        case Topic.NEWS:
            return _("Free times that you wait for, and what is new here.")


def _always(topic: Topic) -> str | None:
    """What cannot be switched off of it, and why."""
    match topic:
        case Topic.BOOKING:
            return _("What the other side moves, cancels or writes comes always: without it you would miss a session.")
        case Topic.MONEY:
            return _("Receipts, and what is about your money or its safety, come always: you may need to act on them.")
        case Topic.NEWS:
            return _("What is about the safety of your account, or is yours to do, comes always.")
        case Topic.REMINDERS:
            return None


def _where(reach: Reach, topic: Topic) -> str:
    match reach.preferences.of(topic).where:
        case Where.CHAT:
            return _("here in the chat")
        case Where.COPY:
            return _("here, and a copy by mail")
        case Where.EMAIL:
            return _("by mail")
        case Where.SMS:
            return _("by SMS")
        case Where.NOWHERE:
            return _("only what has to come")


def _choice(where: Where) -> str:
    match where:
        case Where.CHAT:
            return _("Here in the chat")
        case Where.COPY:
            return _("Mail me a copy")
        case Where.EMAIL:
            return _("Only by mail")
        case Where.SMS:
            return _("By SMS")
        case Where.NOWHERE:
            return _("Only what has to come")


async def page(turn: Turn, desk: Desk) -> Screen:
    reach = await desk.preferences.of(turn.person.id)
    there = [each for each in reach.accounts if each.platform in ADDRESSES and each.address is not None]
    there.sort(key=lambda each: each.id)
    lines = [Line(addresses.state(each)) for each in there]
    add = addresses.add_buttons(desk)
    if not there and add:
        lines = [Line(_("Only this chat so far. Add an address, and I write there when I cannot reach you here."))]
    lines += [Line(f"{_topic(topic)}: {_where(reach, topic)}", Tone.STRONG) for topic in Topic]
    lines += [Line(words, Tone.QUIET) for words in _not_set_up(turn, desk)]
    topics = [Button(_topic(topic), address("settings", "notify", "topic", topic.value)) for topic in Topic]
    rows: list[Row] = [tuple(topics[:2]), tuple(topics[2:]), *([add] if add else [])]
    rows += [(Button(addresses.shown(each), address("settings", "notify", "at", each.id)),) for each in there]
    rows.append((Button(_("Back"), "settings"), Button(_("Start"), "start")))
    return Screen(_("Notifications"), tuple(lines), tuple(rows))


def _not_set_up(turn: Turn, desk: Desk) -> list[str]:
    """To owners alone: which settings are missing."""
    if not turn.may(Permission.SET_UP):
        return []
    mail, sms = ", ".join(_MAIL), ", ".join(_SMS)
    said = {
        Platform.EMAIL: _("I cannot send mail yet. Set these, and restart: {settings}", settings=mail),
        Platform.SMS: _("I cannot send SMS yet. Set these, and restart: {settings}", settings=sms),
    }
    return [words for platform, words in said.items() if platform not in desk.deployment.addresses]


async def topic_page(turn: Turn, desk: Desk, topic: str) -> Screen:
    if topic not in set(Topic):
        return failures.missing()
    which, reach = Topic(topic), await desk.preferences.of(turn.person.id)
    lines = [Line(_("Now: {which}", which=_where(reach, which)), Tone.STRONG), Line(_about(which))]
    if (always := _always(which)) is not None:
        lines.append(Line(always, Tone.QUIET))
    rows: list[Row] = [
        (Button(_choice(where), turn.do("settings", "notify", "set", topic, where.value, stated=(where.value,))),)
        for where in Where
        if where is not reach.preferences.of(which).where and can_choose(reach, which, where)
    ]
    if which is Topic.REMINDERS:
        lines.append(Line(await _quiet(turn, desk), Tone.QUIET))
        rows.append((Button(_("When, or none"), "settings/reminders"),))
    return Screen(_topic(which), tuple(lines), (*rows, (Button(_("Back"), BACK), Button(_("Start"), "start"))))


async def _quiet(turn: Turn, desk: Desk) -> str:
    quiet = (await desk.practice.get(turn.generation)).quiet
    begin, end = (f"{minute // 60 % 24}:{minute % 60:02d}" for minute in quiet)
    return _("Between {begin} and {end} I send none but those of the last hour.", begin=begin, end=end)


async def choose(turn: Turn, desk: Desk, topic: str, where: str) -> Screen | Redirect:
    if topic not in set(Topic) or where not in set(Where):
        return failures.missing()
    turn.require(where)
    outcome = await desk.preferences.choose(turn.act(BACK), Topic(topic), Where(where))
    return refusals.or_next(turn, outcome, BACK)


ROUTES: tuple[Route, ...] = (
    show("settings/notify", page),
    show("settings/notify/topic/{topic:word}", topic_page),
    do("settings/notify/set/{topic:word}/{where:word}", choose, back="settings/notify/topic/{topic:word}"),
)
