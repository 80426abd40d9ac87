"""Instants in the database are whole epoch seconds, in Python aware UTC datetimes."""

from datetime import UTC, datetime
from typing import overload


@overload
def to_epoch(instant: datetime) -> int: ...
@overload
def to_epoch(instant: None) -> None: ...
@overload
def to_epoch(instant: datetime | None) -> int | None: ...
def to_epoch(instant: datetime | None) -> int | None:
    """Whole seconds, rounded down; None stays None."""
    return None if instant is None else int(instant.timestamp())


@overload
def from_epoch(seconds: int) -> datetime: ...
@overload
def from_epoch(seconds: None) -> None: ...
@overload
def from_epoch(seconds: int | None) -> datetime | None: ...
def from_epoch(seconds: int | None) -> datetime | None:
    """The UTC instant; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
