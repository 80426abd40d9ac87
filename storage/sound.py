"""Judges whether what stands in a row can be what its columns are for, whoever wrote it.

A number that no clock and no sum of money reaches, a time zone that nobody knows or JSON that is none would otherwise
be met long after the row was read, by whoever shows it beside the rows of others.
"""

import json
import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

MOST = 10**12
"""No instant in seconds, no amount in minor units and no id of ours is beyond it."""


class Senseless(ValueError):
    """A value that its column cannot hold; the message names the column alone."""


class Unparsed:
    """Stands for JSON that is none: the other columns, and the other rows, can be read."""


UNPARSED: Final = Unparsed()


def lenient_json(text: str) -> object:
    """As `json.loads`, for a driver that would end the whole statement over one value."""
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return UNPARSED


def check(table: sa.Table, row: Any) -> None:
    """Raise `Senseless` where a value of these columns of the row makes no sense; not for one that is not there."""
    numbers, others = _checks(table, row._fields)
    for place in numbers:
        value = row[place]
        if value is not None and not (type(value) is int and -MOST <= value <= MOST):
            raise Senseless(f"{table.name}.{row._fields[place]}")
    for place, makes_sense in others:
        value = row[place]
        if value is not None and not makes_sense(value):
            raise Senseless(f"{table.name}.{row._fields[place]}")


@cache
def _checks(table: sa.Table, names: tuple[str, ...]) -> tuple[list[int], list[tuple[int, Callable[[Any], bool]]]]:
    """By their places in the row: the columns that are whole numbers, and the others that are judged."""
    there = [(names.index(column.name), column) for column in table.columns if column.name in names]
    judged = [(place, judge) for place, column in there if (judge := _judge(column)) is not None]
    return [place for place, column in there if _is_number(column)], judged


def _is_number(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Integer) or column.name == "id"


def _judge(column: sa.Column[Any]) -> Callable[[Any], bool] | None:
    if isinstance(column.type, sa.JSON):
        return lambda value: value is not UNPARSED
    if isinstance(column.type, sa.Text):
        if column.name.rpartition("_")[2] == "zone":
            return lambda value: isinstance(value, str) and is_zone(value)
        return lambda value: isinstance(value, str)
    if isinstance(column.type, sa.Float):
        return lambda value: isinstance(value, int | float) and math.isfinite(value)
    return None


@lru_cache(maxsize=500)
def is_zone(name: str) -> bool:
    """Without a look at the names of all zones, which would make a process slower to start."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
