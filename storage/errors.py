"""What a work function may meet at the database. Whatever a driver raises is one of these by then."""

from dataclasses import dataclass

from bot.domain.records import Why

OVERLAP = "ex_sessions_overlap"


class StorageAway(Exception):
    """The database cannot be reached, or was busy beyond the time-out; the work may be tried again later."""


class DatabaseError(Exception):
    """A statement failed. The driver's own error is the cause."""


class Violation(DatabaseError):
    """A row was refused by the constraint of this name, which is the same on both databases.

    "" stands for one that has no name: a trigger's, or a foreign key of SQLite.
    """

    def __init__(self, constraint: str, told: str = "") -> None:
        super().__init__(told or constraint)
        self.constraint = constraint


class Overlap(Violation):
    """The coach already has a held or confirmed session in that time."""

    def __init__(self) -> None:
        super().__init__(OVERLAP)


class Outdated(DatabaseError):
    """Somebody changed a row since this transaction read it. Like one that met a deadlock it is run again."""


class RefusedBefore(DatabaseError):
    """The database refused what had been put off before a savepoint: whoever opened that has no answer to it."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, or not be acted on: `row` is its key in the table."""

    table: str
    row: str
    why: Why


class CannotRead(Exception):
    """What was asked for, or is to be changed, stands in a row that cannot be read."""

    def __init__(self, bad: BadRow) -> None:
        super().__init__(f"{bad.table} {bad.row}")
        self.bad = bad
