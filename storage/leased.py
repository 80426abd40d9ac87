"""Leases on rows, judged by the database's clock: those of the processes may be apart, and a sandbox's may be moved.

What is due, on the other hand, is so by the product's clock.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class real_now(FunctionElement[int]):  # noqa: N801 - reads as the SQL function that it is
    """The database's clock in whole epoch seconds; on SQLite, that of the machine, which all its processes share."""

    type = sa.BigInteger()
    inherit_cache = True


LONGEST_SECONDS = 3600
"""No lease is taken for longer: one that ends later was written by a clock that ran ahead, and holds nobody up."""


def held(until: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a lease that ends then is still one."""
    return sa.and_(until > real_now(), until <= lasting(LONGEST_SECONDS))


def free(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Nobody works on this row, or who did has not been heard of for too long."""
    return sa.or_(table.c.lease_until.is_(None), ~held(table.c.lease_until))


def lasting(seconds: int | sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The end of a lease that begins now."""
    return real_now() + seconds


# `clock_timestamp`, since a transaction may have waited for a lock after it began.
@compiles(real_now, "postgresql")
def _on_postgres(_element: real_now, _compiler: Any, **_kw: Any) -> str:
    return "CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)"


@compiles(real_now, "sqlite")
def _on_sqlite(_element: real_now, _compiler: Any, **_kw: Any) -> str:
    return "CAST(strftime('%s', 'now') AS INTEGER)"
