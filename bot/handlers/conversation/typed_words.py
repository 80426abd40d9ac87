"""Finds the address that typed words mean: by the first word of a command, or by a time."""

from dataclasses import replace
from typing import Any

from bot.chat import forms
from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.typed_when import parse_when
from bot.handlers.bookings import typed_times

HELP = {"help", "?", "hilfe", "human", "mensch"}
WAYS_OUT = {"cancel": forms.CANCEL, "abbrechen": forms.CANCEL, "back": forms.BACK, "zurück": forms.BACK}
WORDS = {
    "hi": "start", "hello": "start", "hallo": "start", "hey": "start", "start": "start", "menu": "start",
    "book": "book", "booking": "book", "buchen": "book", "appointment": "book", "termin": "book",
    "sessions": "sessions", "session": "sessions", "termine": "sessions", "bookings": "sessions",
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
    if words and words[0] in WORDS and len(words) <= 6:
        to = WORDS[words[0]]
        if _may(turn, router, to):
            return to
        return _place(turn) or "start"
    return None if text.isdigit() else _place(turn)


def _place(turn: Turn) -> str | None:
    when = parse_when(turn.text, int(turn.now.timestamp()), turn.zone)
    if when is None:
        return None
    return typed_times.place_here(turn, when) or typed_times.place_of(when, turn.zone, turn.now)


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
    """The first screen again, with what was read; from the second miss on, a human to turn to: `human`, a sentence."""
    said = text.strip()[:80]
    note = _("I read “{said}” and do not know what to do with it. These are the things I can do:", said=said)
    if misses >= 2:
        still = _("I read “{said}” and still do not understand.", said=said)
        note = " ".join(part for part in (still, human, _("I can do this:")) if part)
    return replace(first, note=note)
