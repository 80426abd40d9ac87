"""Long lists of buttons: several in a row, and the way to the page before and after."""

from collections.abc import Sequence

from bot.chat.address import Segment, address
from bot.chat.screen import Button, Row


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
