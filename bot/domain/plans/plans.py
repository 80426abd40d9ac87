"""A plan before it is booked: its dates, and what speaks against each of them today."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.calendar.slots import FreeTime, Reason
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.rules import Unusable
from bot.domain.payments.money import Money
from bot.domain.plans import rhythm
from bot.domain.plans.rhythm import MOST, Rhythm


@dataclass(frozen=True)
class Plan:
    """`starts` are in order, on no clock; `zone` is the one on which `rhythm` stays. `last` is the latest date that
    the rhythm gave, after which one more is added.
    """

    offer_id: int
    coach_id: int
    rhythm: Rhythm
    zone: str
    starts: Sequence[datetime]
    last: datetime

    @classmethod
    def begin(cls, offer_id: int, coach_id: int, wished: Rhythm, zone: str, since: datetime) -> "Plan":
        """The dates that the rhythm gives from `since` on."""
        those = tuple(_at(each) for each in rhythm.starts(wished, zone, _seconds(since)))
        return cls(offer_id, coach_id, wished, zone, those, those[-1])

    def with_date(self, number: int, at: datetime) -> "Plan":
        """Date `number`, from 0 on, is another."""
        others = (*self.starts[:number], *self.starts[number + 1 :])
        return replace(self, starts=tuple(sorted({*others, at})))

    def of_dates(self, those: AbstractSet[datetime]) -> "Plan":
        """On these dates instead."""
        return replace(self, starts=tuple(sorted(those)))

    def covered_otherwise(self) -> "Plan":
        """Paid instead of on credit, or the other way round."""
        return replace(self, rhythm=replace(self.rhythm, pays=not self.pays))

    def longer(self) -> "Plan":
        """With one more date at its end."""
        more = _at(rhythm.following(self.rhythm, self.zone, _seconds(self.last)))
        return replace(self, starts=tuple(sorted({*self.starts, more})), last=more)

    @property
    def pays(self) -> bool:
        return self.rhythm.pays

    @property
    def is_full(self) -> bool:
        return len(self.starts) >= MOST

    def as_body(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {
            "offer": self.offer_id,
            "coach": self.coach_id,
            "rhythm": self.rhythm.code,
            "zone": self.zone,
            "starts": [_seconds(each) for each in self.starts],
            "last": _seconds(self.last),
        }

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "Plan":
        wished = rhythm.read(body["rhythm"])
        assert wished is not None
        starts = tuple(_at(each) for each in body["starts"])
        return cls(body["offer"], body["coach"], wished, body["zone"], starts, _at(body["last"]))


@dataclass(frozen=True)
class PlannedDate:
    """`against`: why it cannot be booked now, with the next free time `instead`; None where it can.

    `credit`: what it would take, or why the client's credits do not cover it; None where it is paid.
    """

    starts: datetime
    against: Reason | None = None
    instead: FreeTime | None = None
    credit: BookedCredit | Unusable | None = None

    @property
    def is_free(self) -> bool:
        return self.against is None

    @property
    def on_credit(self) -> bool:
        return isinstance(self.credit, BookedCredit)


@dataclass(frozen=True)
class Outlook:
    """A plan as it could be booked now. `facts` is what the button must state that books it.

    `credits`: whether the client has any for it, be they used or not.
    """

    plan: Plan
    dates: Sequence[PlannedDate]
    price: Money
    facts: tuple[object, ...]
    credits: bool = False

    @property
    def free(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.is_free]

    @property
    def on_credit(self) -> list[PlannedDate]:
        return [each for each in self.free if each.on_credit]

    @property
    def uses_credit(self) -> bool:
        return self.credits and not self.plan.pays

    @property
    def is_bookable(self) -> bool:
        """Whether there is something to book, all of it covered in one way."""
        return bool(self.free) and (not self.uses_credit or len(self.on_credit) == len(self.free))

    @property
    def total(self) -> Money:
        return Money(self.price.amount * len(self.free), self.price.currency)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
