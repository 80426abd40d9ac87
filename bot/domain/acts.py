"""What a service needs to know of something that a person, or time itself, does."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people.people import Person


@dataclass(frozen=True)
class Act:
    """Who, through what, once under which key, and what to show next.

    `key` is the update's own id: a second delivery has the same and changes nothing.
    `via` is telegram, slack, web, stripe, worker or cli. `next` may hold `{id}` for the id of what was made.
    """

    key: str
    person: Person
    via: str
    now: datetime
    next: str
