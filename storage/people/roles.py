"""Roles beyond that of a client. Owners are kept here; a coach is whoever has a coach row."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.people.people import Role
from storage.identity import stands_for, surviving
from storage.instants import to_epoch
from storage.tables import roles
from storage.tx import Tx


def grant(tx: Tx, person_id: int, role: Role, now: datetime) -> bool:
    """Give the role; False when the person has it already."""
    made = tx.upsert(roles).values(person_id=person_id, role=role.value, granted_at=to_epoch(now))
    return tx.execute(made.on_conflict_do_nothing().returning(roles.c.role)).first() is not None


def withdraw(tx: Tx, person_id: int, role: Role) -> bool:
    """Take the role; False when the person does not have it."""
    held = sa.and_(stands_for(roles.c.person_id, person_id), roles.c.role == role.value)
    return tx.execute(sa.delete(roles).where(held)).rowcount > 0


def owner_ids(tx: Tx) -> list[int]:
    """Persons who own the practice, the first one first."""
    rows = tx.execute(
        sa.select(surviving(roles.c.person_id))
        .where(roles.c.role == Role.OWNER.value)
        .order_by(roles.c.granted_at, roles.c.person_id)
    )
    return list(dict.fromkeys(rows.scalars()))
