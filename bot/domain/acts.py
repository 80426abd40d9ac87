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
    """

    key: str
    person: Person
    via: str
    now: datetime
    next: str

    @property
    def cause(self) -> Cause:
        return Cause(self.person.id, self.via, self.now)
