"""What is written without a question about it goes together, in its order, and before anything else is asked."""

import contextlib
from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.subjects import Subject
from storage.engine import DatabaseError, Storage, Tx, Violation
from storage.journal import acts, audit
from storage.notices import outbox, outbox_claims
from storage.tables import conversations
from tests.storage.support import NOW, add_account, add_person


def write(tx: Tx, person: int, number: int) -> None:
    notices = [Notice(f"{number}:{each}", person, NoticeKind.REMINDER, "remind/1/60", NOW) for each in range(2)]
    outbox.put_all(tx, notices, NOW)
    after = None if number else {"name": "'; --"}
    audit.write(tx, person_id=person, via="slack", act="x", subject=Subject("booking", number), after=after, now=NOW)


async def test_what_is_put_off_is_there_when_it_is_asked_for_and_when_the_transaction_ends(storage: Storage) -> None:
    person = await storage.write(add_person)

    def work(tx: Tx) -> list[Mapping[str, object] | None]:
        for number in range(2):
            write(tx, person, number)
        seen = [entry.after for entry in audit.recent(tx)]
        acts.mark(tx, "k", person, "start", NOW)
        write(tx, person, 2)
        return seen

    assert await storage.write(work) == [None, {"name": "'; --"}]
    entries = await storage.read(audit.recent)
    assert [str(entry.subject) for entry in entries] == ["booking:2", "booking:1", "booking:0"]
    assert await storage.read(lambda tx: acts.led_to(tx, "k")) == "start"
    claimed = await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 1, 60))
    assert [row.notice.key for row in claimed] == ["0:0"]


async def test_what_cannot_be_written_undoes_all_that_went_with_it(storage: Storage) -> None:
    account = await storage.write(add_account)

    def work(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("booking", 1), now=NOW)
        tx.batch_insert(sa.insert(conversations), {"account_id": account, "misses": None})

    with pytest.raises(Violation):
        await storage.write(work)
    assert await storage.read(audit.recent) == []


async def test_a_savepoint_undoes_what_was_put_off_inside_it_and_no_more(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 1), now=NOW)
        with contextlib.suppress(ZeroDivisionError), tx.savepoint():
            audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 2), now=NOW)
            raise ZeroDivisionError
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("coach", 3), now=NOW)

    await storage.write(work)
    assert [str(entry.subject) for entry in await storage.read(audit.recent)] == ["coach:3", "coach:1"]


async def test_what_is_put_off_is_not_lost_without_a_transaction_and_refused_in_a_read(storage: Storage) -> None:
    def entry(tx: Tx) -> None:
        audit.write(tx, person_id=None, via="cli", act="x", subject=Subject("booking", 1), now=NOW)

    with pytest.raises(DatabaseError):
        await storage.read(entry)
    await storage.write_one(entry)
    assert [str(one.subject) for one in await storage.read(audit.recent)] == ["booking:1"]
