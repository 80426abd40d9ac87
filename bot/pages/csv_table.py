"""A table as a CSV file that spreadsheets open: comma-separated, UTF-8 with its mark, amounts as plain decimals."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.domain.payments.money import Money, decimals

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(head: Sequence[str], rows: Iterable[Sequence[str | int | Money | None]]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(head)
    written.writerows([_cell(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain(money: Money) -> str:
    """`-45.00`, `4500` of a currency without cents."""
    places = decimals(money.currency)
    return f"{Decimal(money.amount).scaleb(-places):.{places}f}"


def _cell(value: str | int | Money | None) -> str:
    """What somebody typed must not be a formula."""
    if isinstance(value, Money):
        return plain(value)
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
