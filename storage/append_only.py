"""Tables to which rows are only added, in the order of their instants: the audit trail, and the ledgers of money and
credits.

`storage.upkeep.guards` makes the database hold to it, whoever writes. See docs/decisions/0027.
"""

import sqlalchemy as sa

from storage.tables import audit, credit_entries, transactions

TABLES = (audit.name, credit_entries.name, transactions.name)

LATE_SECONDS = 600
"""A row that says an earlier moment than the last one gets the last one's, since clocks differ and turns take their
time. One that is earlier by more than this comes from nobody of ours, and the database refuses it.
"""

EARLIEST, LATEST = 0, 253_370_764_800
"""Instants from 1970 to the end of 9998: what lies beyond is shown in no time zone, and the database refuses it."""

AHEAD_SECONDS = 5 * 366 * 86_400
"""The database refuses a row that is further than this ahead of the last one. The product goes as far and no further at
once, and so gets to where its clock is even after a longer silence.
"""

DETAIL = ("before", "after", "why")
"""What may be emptied of an entry of the audit trail, and nothing else, once it is older than `DETAIL_STAYS_DAYS`."""

SEALED = "why_sealed"
"""What may change of an entry of the ledger of credits, and nothing else: the owner's reason is sealed anew with
another key, or emptied."""

DETAIL_STAYS_DAYS = 90
"""By the database's own clock: rows cannot be made to look old by a row from the future."""


def in_order(column: sa.ColumnElement[int], told: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """What a new row gets in this column: `told`; as the instant of an append-only table no less than its last row,
    and not too far ahead of it. A last row whose instant cannot be read is followed by nobody.
    """
    if not any(column is each for each in (audit.c.at, credit_entries.c.at, transactions.c.at)):
        return told
    last = sa.select(sa.func.max(column)).where(readable(column)).scalar_subquery()
    most = last + sa.literal_column(str(AHEAD_SECONDS), sa.BigInteger)
    return sa.case((last > told, last), (most < told, most), else_=told)


def readable(column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether what stands there is an instant; on SQLite it may be no number."""
    earliest, latest = (sa.literal_column(str(each), sa.BigInteger) for each in (EARLIEST, LATEST))
    return column.between(earliest, latest)
