"""An act: what a service is told about a change that a person or a sweep asks for."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people.people import Person
from bot.domain.records import Cause


@dataclass(frozen=True)
class Act:
    """Who asks for a change, when and through which channel, and which page to show next.

    `key` is the id of the update that asks: a second delivery has the same and changes nothing.
    `via` is telegram, slack, web, stripe, worker or cli. `next` may hold `{id}` for the id of what was made.
    `button` is what was tapped, with all that it states; None for what was typed, which can be meant twice.
    """

    key: str
    person: Person
    via: str
    now: datetime
    next: str
    button: str | None = None

    @property
    def tap_key(self) -> str | None:
        """Under which a tap on this very button is known again, whatever update brings it."""
        return None if self.button is None else tap_key(self.person.id, self.button)

    @property
    def cause(self) -> Cause:
        return Cause(self.person.id, self.via, self.now)


def tap_key(person_id: int, button: str) -> str:
    return f"tap:{person_id}:{button}"
