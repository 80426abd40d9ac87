"""What a person has in front of them, whatever the platform: messages, an open form, a home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.chat import tell
from bot.chat.links import JOINER
from bot.chat.words import LANGUAGES, speaking

DAYS = 60
"""How far from the day that a date picker shows people look for another one."""


@dataclass(frozen=True)
class Key:
    """A button. `at` is where it is on the platform; a `url` opens in the browser and tells the bot nothing.

    `hidden` is what shows only when it is looked for: a day in a date picker. Without `at` it is chosen already.
    """

    label: str
    at: str
    url: str | None = None
    hidden: bool = False

    def reads(self, label: str) -> bool:
        """Whether a person would say that this is the button `label`: its words or the beginning of them."""
        return as_read(self.label).startswith(as_read(label))


@dataclass(frozen=True)
class Seen:
    """One message, modal or page. `mine`: the person wrote it. `asks` are the labels of a form's inputs."""

    ref: str
    text: str
    keys: tuple[Key, ...] = ()
    mine: bool = False
    asks: tuple[str, ...] = ()
    over_all: bool = False
    """An open modal covers everything else."""

    def key(self, label: str) -> Key | None:
        exact = [key for key in self.keys if as_read(key.label) == as_read(label)]
        return next(iter(exact or [key for key in self.keys if key.reads(label)]), None)

    def holds(self, words: Sequence[str]) -> bool:
        return all(as_read(word) in as_read(self.text) for word in words)

    def lines(self) -> list[str]:
        buttons = " ".join(f"[{key.label}]" for key in self.keys if not key.hidden)
        return [*self.text.splitlines(), *([buttons] if buttons else [])]


def as_read(text: str) -> str:
    """Without the character in words that look like a link, which nobody sees. What is copied off a text has it."""
    return text.replace(JOINER, "")


@cache
def days_around(shown: str) -> tuple[tuple[str, str], ...]:
    """The days that a date picker leads to, `2026-12-01` each, with their words in every language."""
    found = []
    for language in LANGUAGES:
        with speaking(language):
            days = (date.fromisoformat(shown) + timedelta(days=ahead) for ahead in range(-DAYS, DAYS))
            found += [(day.isoformat(), tell.day(day)) for day in days]
    return tuple(found)
