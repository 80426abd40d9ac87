"""The periods of a report: a month, a quarter or a year, as somebody writes them."""

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(20\d{2}|21\d{2})(?:[-/ ]?(?:q([1-4])|(0?[1-9]|1[0-2])))?")


@dataclass(frozen=True)
class Period:
    """`months` from the first of one on: 1, 3 or 12."""

    first: date
    months: int

    @property
    def end(self) -> date:
        """The first day after it."""
        return _later(self.first, self.months)

    @property
    def before(self) -> "Period":
        return Period(_later(self.first, -self.months), self.months)

    @property
    def after(self) -> "Period":
        return Period(self.end, self.months)

    @property
    def name(self) -> str:
        """`2026-q4`, `2026-12` or `2026`, which `read` reads."""
        if self.months == 12:
            return str(self.first.year)
        if self.months == 3:
            return f"{self.first.year}-q{self.first.month // 3 + 1}"
        return f"{self.first:%Y-%m}"


def quarter_of(day: date) -> Period:
    return Period(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3)


def read(text: str) -> Period | None:
    """`2026-Q4`, `2026Q4`, `2026-12` or `2026`; None for anything else."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        return None
    year, quarter, month = found.groups()
    if quarter is not None:
        return Period(date(int(year), int(quarter) * 3 - 2, 1), 3)
    return Period(date(int(year), int(month), 1), 1) if month is not None else Period(date(int(year), 1, 1), 12)


def _later(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
