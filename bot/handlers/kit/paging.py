"""Long lists of buttons: several in a row, and the way to the page, or the day, before and after."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat import tell
from bot.chat.address import Segment, address
from bot.chat.screen import Button, Row
from bot.chat.words import _


def in_rows(buttons: Sequence[Button], width: int) -> list[Row]:
    return [tuple(buttons[first : first + width]) for first in range(0, len(buttons), width)]


def turns(head: Sequence[Segment], page: int, size: int, total: int, before: str, after: str) -> list[Row]:
    """Buttons to the neighbours of page `page` (from 0) of `total` things, `size` on each; no row without any.

    `head` are the segments of the list's address, which the page's number follows.
    """
    row: list[Button] = []
    if page:
        row.append(Button(before, address(*head, page - 1)))
    if (page + 1) * size < total:
        row.append(Button(after, address(*head, page + 1)))
    return [tuple(row)] if row else []


def days_beside(head: Sequence[Segment], day: date) -> Row:
    """The way to the days before and after; `head` are the segments that the day follows."""
    earlier, later = day - timedelta(days=1), day + timedelta(days=1)
    return (
        Button(tell.day(earlier), address(*head, earlier), label=_("Earlier: {day}", day=tell.day(earlier))),
        Button(tell.day(later), address(*head, later), label=_("Later: {day}", day=tell.day(later))),
    )
