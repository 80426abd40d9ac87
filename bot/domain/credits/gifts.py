"""A gift: sessions that somebody paid for, and that belong to whoever takes them with its code or its link."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.credits.grants import Holding
from bot.domain.payments.money import Money
from bot.domain.subjects import Subject
from bot.domain.tokens import GIFT

SESSION_MONTHS = 12
"""How long a single session that is given can be used."""


class GiftState(StrEnum):
    OPEN = "open"  # whoever has its code can take it
    TAKEN = "taken"
    RETURNED = "returned"  # to who paid for it, for money


@dataclass(frozen=True)
class Gift:
    """`person_id` gave it, and paid for it with `order_id`. It can be taken before `expires_at` (None: for ever), which
    is counted from the purchase; from then on `taken_by` owns `grant_id`. `taken_at`: when it was taken, handed back or
    taken back last.

    `terms`: what was sold, in the form of `packages.as_sold`.
    """

    id: int
    person_id: int
    order_id: int
    state: GiftState
    token: str = field(repr=False)
    name: str
    price: Money
    terms: Mapping[str, Any]
    bought_at: datetime
    expires_at: datetime | None = None
    taken_by: int | None = None
    taken_at: datetime | None = None
    grant_id: int | None = None
    version: int = 1

    @property
    def subject(self) -> Subject:
        return Subject("gift", self.id)

    @property
    def sessions(self) -> int:
        return int(self.terms["sessions"])

    @property
    def code(self) -> str:
        """As it is read aloud and typed."""
        letters = self.token.removeprefix(GIFT.prefix)
        return "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))

    @property
    def open_since(self) -> datetime:
        """Since when nobody has it, of one that nobody has."""
        return self.taken_at or self.bought_at

    def can_be_taken(self, now: datetime) -> bool:
        return self.state is GiftState.OPEN and (self.expires_at is None or now < self.expires_at)

    def can_be_handed_back(self, held: Holding) -> bool:
        """Whether whoever took it, and has these credits, may say that it was for somebody else: nothing of it was
        used, booked or changed since they took it."""
        theirs = (self.grant_id, self.taken_by) == (held.grant.id, held.grant.person_id)
        return self.state is GiftState.TAKEN and theirs and held.credits.number == 1


def as_token(typed: str) -> str:
    """The token of a code that somebody typed, with or without its hyphens and its first letter."""
    letters = re.sub(r"[\s-]", "", typed).lower()
    return GIFT.prefix + (letters[1:] if len(letters) == GIFT.length + 1 and letters.startswith("g") else letters)
