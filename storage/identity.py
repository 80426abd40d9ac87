"""Resolves a stored id to the person it stands for, since two persons may turn out to be one.

Then `merged_into` of the one names the other, which is itself merged into nobody. Rows keep the id that they were
written with, those of the audit trail for ever; every statement that goes from a row to a person, or from a person to
their rows, asks here. See docs/decisions/0015.
"""

import sqlalchemy as sa

from storage.tables import persons

_stored = persons.alias("stored")


def surviving(person_id: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The id of the person whom this stored id stands for."""
    into = sa.select(_stored.c.merged_into).where(_stored.c.id == person_id).correlate_except(_stored)
    return sa.func.coalesce(into.scalar_subquery(), person_id)


def stands_for(stored: sa.ColumnElement[int], *persons: int | sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a stored id stands for one of these persons, each given by the id that survives."""
    them = sa.or_(_stored.c.id.in_(persons), _stored.c.merged_into.in_(persons))
    return stored.in_(sa.select(_stored.c.id).where(them).correlate_except(_stored))
