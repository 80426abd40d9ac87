"""Messages between a client and a coach about a booking, passed on without showing either's address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """Words to the practice, or its answer, without a session between them."""

    id: int
    from_person_id: int
    to_person_id: int
    text: str

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
