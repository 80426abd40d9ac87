"""Why a line of hours is not read, on its way out of the reading."""

from bot.domain.calendar.spans import HoursReason


class UnreadableHours(Exception):
    """Leaves the reading of a line; `parse_hours` turns it into a value.

    `instead`: what may be meant by `fragment`, to stand in its place; `lines`: what may be meant by the whole line.
    """

    def __init__(
        self, fragment: str, reason: HoursReason, instead: tuple[str, ...] = (), lines: tuple[str, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.fragment = fragment
        self.reason = reason
        self.instead = instead
        self.lines = lines
