"""The addresses of pages of free days and times, and of what a choice leads to: a booking, a move, a proposal."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.address import address


@dataclass(frozen=True)
class TimePages:
    """How the addresses begin: of `days`, which a day follows, of a day's `times`, and of the `choice` of an instant.

    `clock` is where the reader may change their zone on the way, None where the zone is not theirs to change.
    """

    days: str
    times: str
    choice: str
    clock: str | None = None

    def since(self, day: date) -> str:
        """The free days from this one on."""
        return address(self.days, day)

    def on(self, day: date) -> str:
        """The free times of this day."""
        return address(self.times, day)

    def at(self, at: datetime) -> str:
        """What choosing this time leads to."""
        return address(self.choice, at)


def of_booking(offer: int, coach: int) -> TimePages:
    """`coach` 0 is any."""
    heads = ("days", "times", "review", "clock")
    return TimePages(*(address(head, offer, coach) for head in heads))


def of_move(booking: int) -> TimePages:
    head = address("move", booking)
    return TimePages(address(head, "from"), head, head, address("reclock", booking))


def of_switch(booking: int, offer: int) -> TimePages:
    """Of a move to another offer."""
    head = address("to", booking, offer)
    return TimePages(address(head, "from"), head, head)


def of_proposal(booking: int) -> TimePages:
    head = address("propose", booking)
    return TimePages(address(head, "from"), head, head)
