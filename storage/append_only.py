"""Tables to which rows are only added, in the order of their instants: the audit trail and the ledger of money.

`storage.upkeep.guards` makes the database hold to it, whoever writes. See docs/decisions/0027.
"""

import sqlalchemy as sa

from storage.tables import audit, transactions

TABLES = (audit.name, transactions.name)

LATE_SECONDS = 600
"""A row that says an earlier moment than the last one gets the last one's, since clocks differ and turns take their
time. One that is earlier by more than this comes from nobody of ours, and the database refuses it.
"""

DETAIL = ("before", "after", "why")
"""What may be emptied of an entry of the audit trail, and nothing else, once it is older than `DETAIL_STAYS_DAYS`."""

DETAIL_STAYS_DAYS = 90
"""By the database's own clock: rows cannot be made to look old by a row from the future."""


def in_order(column: sa.ColumnElement[int], told: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """What a new row gets in this column: `told`; as the instant of an append-only table no less than its last row."""
    if not any(column is each for each in (audit.c.at, transactions.c.at)):
        return told
    last = sa.select(sa.func.max(column)).scalar_subquery()
    return sa.case((last > told, last), else_=told)
