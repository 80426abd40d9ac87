"""Rows are found by what they are about, also those of processes that know bookings alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account, Platform
from bot.domain.subjects import Subject
from storage import subjects
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import outbox, outbox_claims
from storage.people import adopted_replies
from storage.tables import outbox as rows
from tests.storage.support import NOW, add_account, add_person

BOOKING = Subject("booking", 7)
THINGS = (BOOKING, Subject("coach", 7), Subject("workspace", "T0HARBOUR"), Subject("invitation", 7))


def say(tx: Tx, *about: Subject) -> None:
    """A message about each went out."""
    for subject in about:
        _say(tx, subject)


def _say(tx: Tx, subject: Subject) -> None:
    key = f"said:{subject}"
    notice = Notice(key, add_person(tx), NoticeKind.NEEDS_HOURS, "help", NOW, subject=subject)
    made = outbox.put(tx, notice, NOW)
    tx.execute(sa.update(rows).where(rows.c.id == made).values(state=Delivery.SENT.value))


def say_as_before(tx: Tx, booking_id: int, state: Delivery = Delivery.SENT) -> int:
    """As a process of the version before writes it."""
    known = {"key": f"old:{booking_id}", "person_id": add_person(tx), "kind": NoticeKind.HOLD.value, "address": "help"}
    return tx.insert(sa.insert(rows).values(booking_id=booking_id, due=0, created_at=0, state=state.value, **known))


@pytest.mark.parametrize("subject", THINGS, ids=str)
async def test_what_was_said_of_any_thing_can_be_corrected(storage: Storage, subject: Subject) -> None:
    await storage.write(lambda tx: say(tx, *THINGS))
    assert await storage.write(lambda tx: outbox.ask_correction(tx, subject, NOW)) == 1
    [claimed] = await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", NOW, 10, 60))
    assert claimed.notice.subject == subject


async def test_what_is_about_a_booking_can_be_found_by_processes_of_the_version_before(storage: Storage) -> None:
    await storage.write(lambda tx: say(tx, *THINGS))
    by_booking = sa.select(rows.c.subject).where(rows.c.booking_id == 7)
    assert await storage.read(lambda tx: list(tx.execute(by_booking).scalars())) == ["booking:7"]


async def test_rows_of_the_version_before_are_found_corrected_and_cancelled(storage: Storage) -> None:
    await storage.write(lambda tx: [say_as_before(tx, 7), say_as_before(tx, 8, Delivery.PENDING)])
    [row] = await storage.read(lambda tx: outbox.of_subjects(tx, [BOOKING]))
    assert row.notice.subject == BOOKING
    assert await storage.write(lambda tx: outbox.ask_correction(tx, BOOKING, NOW)) == 1
    other = Subject("booking", 8)
    assert await storage.write(lambda tx: outbox.cancel(tx, subject=other, note="withdrawn")) == 1
    assert await storage.write(lambda tx: outbox.ask_correction(tx, Subject("coach", 7), NOW)) == 0


async def test_an_answer_is_adopted_for_a_row_of_the_version_before(storage: Storage) -> None:
    row_id = await storage.write(lambda tx: say_as_before(tx, 7, Delivery.PENDING))

    def adopt(tx: Tx) -> None:
        row = outbox.find(tx, row_id)
        assert row is not None
        account = Account(add_account(tx), row.notice.person_id, Platform.TELEGRAM, "", "1001", "1001", None)
        adopted_replies.adopt(tx, BOOKING, NoticeKind.HOLD, account, "1001", "9", NOW, until=NOW + timedelta(hours=1))

    await storage.write(adopt)
    row = await storage.read(lambda tx: outbox.find(tx, row_id))
    assert row is not None
    assert (row.state, row.message_ref) == (Delivery.SENT, "9")
    again = sa.select(rows.c.correct_at).where(rows.c.id == row_id)
    assert await storage.read(lambda tx: tx.execute(again).scalar()) == to_epoch(NOW + timedelta(hours=1))


async def test_rows_of_the_version_before_are_carried_over_part_by_part(storage: Storage) -> None:
    await storage.write(lambda tx: [say_as_before(tx, number) for number in (7, 8, 9)])
    await storage.write(lambda tx: say(tx, Subject("coach", 7)))
    parts = [await storage.write(lambda tx: subjects.carry_over(tx, rows, 2)) for _part in range(3)]
    assert parts == [2, 1, 0]
    written = sa.select(rows.c.subject).order_by(rows.c.subject)
    assert await storage.read(lambda tx: list(tx.execute(written).scalars())) == [
        "booking:7", "booking:8", "booking:9", "coach:7",
    ]  # fmt: skip
