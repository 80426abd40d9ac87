"""Failures that a stand-in produces on request."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

FaultKind = Literal["timeout_before", "timeout_after", "cut", "cut_after", "status", "rate_limit", "slow"]


@dataclass(frozen=True)
class Fault:
    """A failure asked for: `*_before` leaves the work undone, `*_after` does it and hides the answer.

    `seconds` is how long a time-out keeps the line before it closes, or a slow answer waits.
    """

    match: str
    kind: FaultKind
    status: int = 500
    retry_after: int = 3
    seconds: float = 5.0
    times: int = 1


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, match: str, kind: FaultKind, **details: Any) -> None:
        """Fail the next `times` calls whose name or path fits the pattern `match`; details as in `Fault`.

        ValueError for an unknown kind, TypeError for an unknown detail.
        """
        if kind not in get_args(FaultKind):
            raise ValueError(f"unknown kind of fault: {kind}")
        self._waiting.append(Fault(match, kind, **details))

    def take(self, name: str, path: str) -> Fault | None:
        for at, fault in enumerate(self._waiting):
            if fnmatchcase(name, fault.match) or fnmatchcase(path, fault.match):
                left = replace(fault, times=fault.times - 1)
                self._waiting[at : at + 1] = [left] if left.times > 0 else []
                return fault
        return None

    def clear(self) -> None:
        self._waiting.clear()
