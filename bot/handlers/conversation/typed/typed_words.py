"""Finds the address that typed words mean: by the first word of a command, or by a time."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.chat import forms
from bot.chat.address import address
from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.typed_when import When, parse_when
from bot.domain.conversation import intents
from bot.domain.people.permissions import Permission
from bot.domain.plans.parse_plan import parse_plan
from bot.handlers.bookings import typed_times

HELP = {
    "help",
    "?",
    "hilfe",
}
BOOKS = {"book", "offer-of", "with", "when"}
"""Pages on which a coach books as anybody does; everywhere else a day that they type is one of theirs."""
WAYS_OUT = {"cancel": forms.CANCEL, "abbrechen": forms.CANCEL, "back": forms.BACK, "zurück": forms.BACK}
WORDS = {
    "hi": "start", "hello": "start", "hallo": "start", "hey": "start", "start": "start", "menu": "start",
    "book": "book", "booking": "book", "buchen": "book", "appointment": "book", "termin": "book",
    "sessions": "sessions", "session": "sessions", "termine": "sessions", "bookings": "sessions",
    "packages": "packages", "package": "packages", "bundle": "packages", "credits": "packages", "paket": "packages",
    "pakete": "packages", "guthaben": "packages",
    "gift": "gifts", "gifts": "gifts", "voucher": "gifts", "geschenk": "gifts", "geschenke": "gifts",
    "gutschein": "gifts", "verschenken": "gifts", "calendar": "calendar", "kalender": "calendar",
    "plan": "plan", "planen": "plan",
    "cancel": "sessions", "move": "sessions", "reschedule": "sessions", "absagen": "sessions",
    "verschieben": "sessions", "settings": "settings", "einstellungen": "settings", "language": "settings/language",
    "sprache": "settings/language", "timezone": "zone", "zone": "zone", "zeitzone": "zone",
    "today": "today", "heute": "today", "availability": "hours", "hours": "hours", "clients": "clients",
    "setup": "setup", "audit": "audit", "coach": "coach",
}  # fmt: skip


def read(turn: Turn, router: Router[Any]) -> str | None:
    """A show address that fits what was typed, or None."""
    text = _plain(turn.text)
    if asks_for_help(text):
        return "help"
    words = text.lstrip("/").split()
    planned = parse_plan(text, int(turn.now.timestamp()), turn.zone)
    if planned is not None:
        return address("plan", planned.code)
    intent = intents.find(text, coach=turn.may(Permission.SEE_DAY))
    if intent == "move" and (to := _moved_to(turn)) is not None:
        return to
    if intent is not None:
        when = _instant_or_day(turn, turn.text)
        named = _when_within(turn, turn.text)
        if intent == "free" and turn.may(Permission.SEE_DAY) and (named is None or named.first is None):
            return None  # "Intro 20 min free": a price, or anything else that staff write
        return address("typed", intent) if when is None else address("typed", intent, when)
    if words and words[0] in WORDS and len(words) <= 6:
        to = WORDS[words[0]]
        if _may(turn, router, to):
            return to
        return _place(turn) or "start"
    return None if text.isdigit() else _place(turn)


def _moved_to(turn: Turn) -> str | None:
    """Of `move friday to monday at 3`, where it is to go and on which day it is."""
    found = intents.TO.fullmatch(turn.text.casefold())
    to = None if found is None else _instant_or_day(turn, found["after"])
    if found is None or to is None:
        return None
    of = _when_within(turn, found["before"])
    return address("move-to", to) if of is None or of.first is None else address("move-to", to, "of", of.first)


def _instant_or_day(turn: Turn, text: str) -> datetime | date | None:
    """The time that stands anywhere in it, or else the day."""
    when = _when_within(turn, text)
    if when is None:
        return None
    if when.at is not None and when.first in (None, when.day):
        return typed_times.instant_of(when, turn.zone, turn.now)
    return when.first


def _when_within(turn: Turn, text: str) -> When | None:
    """The longest run of words that reads as a day or a time."""
    words = text.casefold().replace("?", " ").replace("!", " ").split()[: intents.MOST_WORDS]
    runs = ((at, end) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
    for at, end in sorted(runs, key=lambda run: run[0] - run[1]):
        if (when := parse_when(" ".join(words[at:end]), int(turn.now.timestamp()), turn.zone)) is not None:
            return when
    return None


def beside(turn: Turn, to: str) -> str:
    """Where a command leads, with the time that was typed after it: `/book tuesday 3pm`."""
    when = parse_when(turn.text, int(turn.now.timestamp()), turn.zone) if to == "book" and turn.text else None
    return to if when is None else typed_times.place_of(when, turn.zone, turn.now) or to


def left_out(words: str) -> str:
    """Says which words after a command were not understood."""
    return _("I could not read “{said}”, so I left it out.", said=shorten(words.strip(), 80))


def line_of_hours(turn: Turn) -> str | None:
    """What a coach says of their hours in other words than those of the line: `block tomorrow afternoon`."""
    if not turn.may(Permission.KEEP_OWN_HOURS):
        return None
    text = _plain(turn.text)
    found = intents.BLOCK.fullmatch(text) or intents.BLOCK_LAST.fullmatch(text)
    return None if found is None else f"off {found[1]}"


def _place(turn: Turn) -> str | None:
    when = parse_when(turn.text, int(turn.now.timestamp()), turn.zone)
    if when is None:
        return None
    here = typed_times.place_here(turn, when)
    if here is None and turn.may(Permission.SEE_DAY) and turn.stands.split("/")[0] not in BOOKS:
        return address("today", when.first or day_of(turn.now, turn.zone))
    return here or typed_times.place_of(when, turn.zone, turn.now)


def asks_for_help(text: str) -> bool:
    return _plain(text).lstrip("/") in HELP


def way_out(text: str) -> str | None:
    """Back or Cancel of an open question, when exactly that was typed."""
    return WAYS_OUT.get(_plain(text).lstrip("/"))


def _plain(text: str) -> str:
    return text.strip().casefold().rstrip("!. ")


def _may(turn: Turn, router: Router[Any], to: str) -> bool:
    found = router.find(to)
    return found is not None and turn.may(found.route.permission)


def not_understood(first: Screen, text: str, misses: int, human: str | None) -> Screen:
    """The page that is shown again, with what was read; from the second miss on, a human to turn to: `human`, a
    sentence."""
    said = shorten(text.strip(), 80)
    note = _("I read “{said}” and do not know what to do with it. You can go on here:", said=said)
    if misses >= 2:
        still = _("I read “{said}” and still do not understand.", said=said)
        note = " ".join(part for part in (still, human, _("You can go on here:")) if part)
    return replace(first, note=note)
