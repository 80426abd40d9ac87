"""Home pages that people have open, and the people whose page an audit entry may change."""

from collections.abc import Iterable

import sqlalchemy as sa

from bot.domain.people.people import Account
from bot.domain.records import AuditEntry
from storage.identity import surviving
from storage.people import people
from storage.people.conversations import home_note
from storage.tables import bookings, coaches, conversations
from storage.tx import Tx


def concerned(tx: Tx, entries: Iterable[AuditEntry]) -> set[int]:
    """Ids of persons: who acted, and the two sides of the bookings and the coaches that the entries are about."""
    found: set[int] = set()
    for entry in entries:
        if entry.person_id is not None:
            found.add(entry.person_id)
        about = entry.subject
        if (booking_id := about.number("booking")) is not None:
            sides = sa.select(surviving(bookings.c.person_id), coaches.c.person_id).join_from(
                bookings, coaches, coaches.c.id == bookings.c.coach_id
            )
            for row in tx.execute(sides.where(bookings.c.id == booking_id)):
                found.update(row)
        elif (coach_id := about.number("coach")) is not None:
            found.update(tx.execute(sa.select(coaches.c.person_id).where(coaches.c.id == coach_id)).scalars())
        elif (person_id := about.number("person")) is not None:
            found.add(tx.execute(sa.select(surviving(sa.literal(person_id, sa.BigInteger)))).scalar_one())
    return found


def open_pages(tx: Tx, person_ids: Iterable[int]) -> list[tuple[Account, str, str | None]]:
    """Reachable accounts of these persons that have opened their home page, with the address it stands at and what the
    act came to that led there."""
    pages = []
    for person_id in person_ids:
        for account in people.accounts_of(tx, person_id):
            if account.unreachable is None:
                columns = sa.select(conversations.c.home_address, conversations.c.home_sealed)
                row = tx.execute(columns.where(conversations.c.account_id == account.id)).first()
                if row is not None and row.home_address is not None:
                    note = home_note(tx, account.id, row.home_address, row.home_sealed)
                    pages.append((account, row.home_address, note))
    return pages
