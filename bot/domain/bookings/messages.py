"""Messages between a client and a coach about a booking, passed on without showing either's address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """Words to the practice, or its answer, without a session between them.

    `from_practice`: an owner wrote it; None where that was not kept yet.
    """

    id: int
    from_person_id: int
    to_person_id: int
    text: str
    from_practice: bool | None = None

    def is_of(self, person_id: int, owners: Collection[int]) -> bool:
        """Whether it is this person's to read: an owner's, or that of its side that is not the practice."""
        if person_id in owners:
            return True
        if person_id not in (self.from_person_id, self.to_person_id):
            return False
        if self.from_practice is None:
            return self.other(person_id) in owners
        return person_id == (self.to_person_id if self.from_practice else self.from_person_id)

    def other(self, person_id: int) -> int:
        """Who reads an answer of this person, who is one of the two."""
        return self.to_person_id if person_id == self.from_person_id else self.from_person_id


@dataclass(frozen=True)
class Message:
    """Either the sender's own `text`, or `late_min`: they are running that many minutes late."""

    id: int
    booking_id: int
    from_person_id: int
    to_person_id: int
    sent_at: datetime
    text: str = ""
    late_min: int | None = None
