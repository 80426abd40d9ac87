"""The examples of `bot/domain/credits/warnings.py`, worked out."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.credits.grants import Credits, Entry, EntryKind, Grant, Holding
from bot.domain.credits.warnings import due
from bot.domain.payments.money import Money

DAY = timedelta(days=1)
END = datetime(2027, 7, 1, 12, tzinfo=UTC)
PRICE = Money(20000, "EUR")


def grant(bought: datetime = END - 180 * DAY, ends: datetime | None = END, sessions: int = 5) -> Grant:
    return Grant(1, 7, "Five", sessions, PRICE, PRICE, bought, ends)


def said(
    left: int, at: datetime, last: datetime, *, of: Grant | None = None, kind: EntryKind = EntryKind.RESERVED,
    grace: tuple[datetime, ...] = (), reserved: int = 0, since: datetime | None = None,
) -> list[str]:  # fmt: skip
    held = Holding(of or grant(), Credits(left, reserved, 4, grace))
    entry = Entry(1, 4, kind, -1, left, reserved, last)
    found = due(held, entry, since or held.grant.bought_at, at)
    return [each.key.removeprefix(f"{int(END.timestamp())}:") for each in found]


@pytest.mark.parametrize(
    ("before", "keys"),
    [(31, []), (30, ["30"]), (8, ["30"]), (7, ["7"]), (2, ["7"]), (1, ["1"]), (0.1, ["1"]), (0, [])],
)
def test_before_the_end(before: float, keys: list[str]) -> None:
    assert said(3, END - before * DAY, END - 40 * DAY) == keys


def test_not_of_a_moment_before_the_purchase() -> None:
    short = grant(END - 11 * DAY)
    assert [said(3, END - days * DAY, END - 11 * DAY, of=short) for days in (10, 7, 1)] == [[], ["7"], ["1"]]


def test_not_of_a_moment_before_its_owner_took_a_gift() -> None:
    taken = END - 11 * DAY
    assert [said(3, END - days * DAY, taken, since=taken) for days in (10, 7, 1)] == [[], ["7"], ["1"]]


def test_an_extension_begins_anew() -> None:
    extended = Grant(1, 7, "Five", 5, PRICE, PRICE, END - 180 * DAY, END, extended_at=END - 5 * DAY)
    assert [said(3, END - days * DAY, END - 60 * DAY, of=extended) for days in (4, 1)] == [[], ["1"]]


def test_days_of_grace_have_an_end_of_their_own() -> None:
    grace = END + 8 * DAY
    assert said(1, grace - 6 * DAY, END - 6 * DAY, grace=(grace,)) == [f"{int(grace.timestamp())}:7"]


def test_the_last_one_is_said_once_and_only_when_it_has_just_become_the_last() -> None:
    at = END - 100 * DAY
    assert said(1, at + DAY, at) == ["last"]
    assert said(1, at + 3 * DAY, at) == []
    assert said(1, at, at, of=grant(sessions=1)) == []
    assert said(1, at, at, kind=EntryKind.RETURNED) == []
    assert said(2, at, at) == []


def test_nothing_booked_for_21_days() -> None:
    at = END - 100 * DAY
    assert said(3, at + 21 * DAY, at, kind=EntryKind.SPENT) == ["idle:4"]
    assert said(3, at + 20 * DAY, at, kind=EntryKind.SPENT) == []
    assert said(3, at + 24 * DAY, at, kind=EntryKind.SPENT) == [], "once, and not of long ago"
    assert said(3, at + 21 * DAY, at, reserved=1) == []
    assert said(0, at + 21 * DAY, at) == []
    assert said(3, at + 21 * DAY, at, of=grant(ends=None)) == ["idle:4"]
