"""Addresses: the links of a chat. `times/3/7/2026-12-01` is a page, `hold/3/7/20261201T0900Z/<tag>` an act.

An address is at most 60 ASCII bytes: a Telegram button holds 64 (Bot API, `callback_data`), one byte is the flag of
a notice, and the rest is spare. Ids are decimal; the kinds of typed segments never match each other's text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

MAX_BYTES = 60
YEARS = range(2000, 2200)
"""Nobody books outside of these, and a forged date near the end of the calendar breaks every sum with it."""

IDS = 10**12
"""No table has so many rows, and two larger ids leave no room for the rest of an address."""

Segment = int | str | date | datetime
Arguments = Mapping[str, Segment]

_ALPHABET = re.compile(r"[A-Za-z0-9.-]+")
_ID = re.compile(r"\d{1,19}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{8}T\d{4}Z")
_WORD = re.compile(r"[a-z][a-z0-9.-]*")
_PLACEHOLDER = re.compile(r"\{(\w+):(\w+)\}")


class AddressTooLong(ValueError):
    """An address is longer than a button can carry: a mistake of ours, found by tests."""


def address(*segments: Segment) -> str:
    """Join segments: ints, words, dates (`2026-12-01`) and UTC instants to the minute (`20261201T0900Z`)."""
    text = "/".join(_write(segment) for segment in segments)
    if len(text.encode()) > MAX_BYTES:
        raise AddressTooLong(text)
    return text


def _write(segment: Segment) -> str:
    if isinstance(segment, datetime):
        return segment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    if isinstance(segment, date):
        return segment.isoformat()
    text = str(segment)
    if not all(_ALPHABET.fullmatch(part) for part in text.split("/")):
        raise ValueError(f"not an address: {text!r}")
    return text


def _read_id(text: str) -> int | None:
    return int(text) if _ID.fullmatch(text) and int(text) < IDS else None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) and int(text[:4]) in YEARS else None
    except ValueError:
        return None


def _read_instant(text: str) -> datetime | None:
    if not _INSTANT.fullmatch(text) or int(text[:4]) not in YEARS:
        return None
    try:
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[9:11]), int(text[11:13]), tzinfo=UTC)
    except ValueError:
        return None


def _read_word(text: str) -> str | None:
    return text if _WORD.fullmatch(text) else None


READERS = {"id": _read_id, "day": _read_day, "instant": _read_instant, "word": _read_word}


@dataclass(frozen=True)
class Pattern:
    """`times/{offer:id}/{coach:id}/{day:day}`: literal words and typed segments."""

    text: str

    @cached_property
    def _parts(self) -> tuple[tuple[str, str | None], ...]:
        """Each word with None, each typed segment by its name with its kind."""
        found = ((part, _PLACEHOLDER.fullmatch(part)) for part in self.text.split("/"))
        return tuple((part, None) if typed is None else (typed[1], typed[2]) for part, typed in found)

    def match(self, segments: list[str]) -> dict[str, Segment] | None:
        if len(self._parts) != len(segments):
            return None
        found: dict[str, Segment] = {}
        for (name, kind), segment in zip(self._parts, segments, strict=True):
            if kind is None:
                if name != segment:
                    return None
                continue
            value = READERS[kind](segment)
            if value is None:
                return None
            found[name] = value
        return found

    def fill(self, arguments: Arguments) -> str:
        """The address of this pattern with these arguments; arguments it does not name are left out."""
        return address(*(name if kind is None else arguments[name] for name, kind in self._parts))
