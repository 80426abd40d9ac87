"""Outgoing messages: written once, claimed by one, in order, and never forgotten half-way."""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.subjects import Subject
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.notices import outbox, outbox_claims
from tests.storage.support import NOW, add_person, new_sealer
from tests.support.leases import time_passes

LEASE = 60


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def notice(person: int, key: str, due: int = 0, **more: Any) -> Notice:
    values = {"kind": NoticeKind.REMINDER, "address": "remind/1/60", **more}
    return Notice(key=key, person_id=person, due=later(due), **values)


async def put(storage: Storage, *notices: Notice) -> list[int | None]:
    return await storage.write(lambda tx: [outbox.put(tx, each, NOW) for each in notices])


async def person(storage: Storage) -> int:
    return await storage.write(add_person)


async def claim(storage: Storage, owner: str = "me", at: int = 0, limit: int = 10) -> list[str]:
    rows = await storage.write(lambda tx: outbox_claims.claim(tx, owner, later(at), limit, LEASE))
    return [row.notice.key for row in rows]


async def claim_one(storage: Storage, owner: str = "me") -> int:
    (row,) = await storage.write(lambda tx: outbox_claims.claim(tx, owner, NOW, 10, LEASE))
    return row.id


def sent(tx: Tx, row: int, owner: str = "me") -> bool:
    return outbox.mark_sent(tx, row, owner, account_id=1, chat_ref="c", message_ref="m", digest="d", now=NOW)


async def test_a_notice_is_kept_once_and_comes_out_as_it_went_in(storage: Storage) -> None:
    ana = await person(storage)
    one = notice(ana, "a", expires=later(600), subject=Subject("booking", 7))
    first, second = await put(storage, one, notice(ana, "a", due=99))
    assert second is None
    assert first is not None
    row = await storage.read(lambda tx: outbox.find(tx, first))
    assert row is not None
    assert (row.notice, row.state, row.attempts, row.again) == (one, Delivery.PENDING, 0, False)
    assert await storage.read(lambda tx: outbox.of_subjects(tx, [Subject("booking", 7)])) == [row]
    assert await storage.read(outbox.next_due) == to_epoch(NOW)


async def test_only_what_is_due_is_claimed_and_only_once(storage: Storage) -> None:
    ana, ben = await person(storage), await person(storage)
    await put(storage, notice(ana, "later", due=10), notice(ben, "now"))
    assert await claim(storage) == ["now"]
    assert await claim(storage, "other") == []
    assert await claim(storage, at=10) == ["later"]


async def test_messages_of_a_person_go_out_in_order_one_at_a_time(storage: Storage) -> None:
    ana, ben = await person(storage), await person(storage)
    await put(
        storage, notice(ana, "a2", due=-5), notice(ana, "a1", due=-9), notice(ana, "a3", due=-5), notice(ben, "b")
    )
    assert await claim(storage) == ["a1", "b"]
    assert await claim(storage) == []
    (first,) = [row.id for row in await storage.read(lambda tx: [outbox.find(tx, 2)]) if row]
    assert await storage.write(lambda tx: outbox.mark_sending(tx, first, "me", LEASE))
    assert await claim(storage) == []
    assert await storage.write(lambda tx: sent(tx, first))
    assert await claim(storage) == ["a2"]
    await storage.write(lambda tx: outbox.mark_dead(tx, 1, "me", "blocked"))
    assert await claim(storage) == ["a3"]


async def test_what_was_claimed_and_not_begun_comes_back_as_it_was(storage: Storage) -> None:
    await put(storage, notice(await person(storage), "a"))
    row = await claim_one(storage, "dead")
    assert await claim(storage, at=10 * LEASE) == []
    await time_passes(storage, LEASE)
    (again,) = await storage.write(lambda tx: outbox_claims.claim(tx, "heir", later(LEASE), 10, LEASE))
    assert (again.id, again.again, again.attempts) == (row, False, 0)
    assert not await storage.write(lambda tx: outbox.mark_sending(tx, row, "dead", 200))
    assert await storage.write(lambda tx: outbox.mark_sending(tx, row, "heir", 200))


async def test_what_was_begun_comes_back_as_perhaps_out(storage: Storage) -> None:
    await put(storage, notice(await person(storage), "a"))
    row = await claim_one(storage, "dead")
    await storage.write(lambda tx: outbox.mark_sending(tx, row, "dead", LEASE))
    assert await claim(storage, at=10 * LEASE) == []
    await time_passes(storage, LEASE)
    (again,) = await storage.write(lambda tx: outbox_claims.claim(tx, "heir", later(LEASE), 10, LEASE))
    assert (again.id, again.again, again.attempts) == (row, True, 1)
    assert not await storage.write(lambda tx: sent(tx, row, "dead"))
    assert await storage.write(lambda tx: outbox.mark_uncertain(tx, row, "heir", "died"))
    assert await claim(storage, at=1000) == []


async def test_a_message_put_off_waits_for_its_new_time(storage: Storage) -> None:
    await put(storage, notice(await person(storage), "a"))
    row = await claim_one(storage)
    await storage.write(lambda tx: outbox.mark_sending(tx, row, "me", LEASE))
    assert await storage.write(lambda tx: outbox.mark_later(tx, row, "me", later(30)))
    assert await claim(storage, at=29) == []
    (again,) = await storage.write(lambda tx: outbox_claims.claim(tx, "me", later(30), 10, LEASE))
    assert (again.again, again.attempts) == (False, 1)


async def test_cancelling_reaches_what_has_not_begun(storage: Storage) -> None:
    ana, ben = await person(storage), await person(storage)
    await put(
        storage,
        notice(ana, "a", subject=Subject("booking", 7)),
        notice(ana, "b", subject=Subject("booking", 7), kind=NoticeKind.BOOKED),
        notice(ben, "c", subject=Subject("booking", 7)),
        notice(ben, "d", subject=Subject("booking", 8)),
    )
    claimed = await claim_one_of(storage, "a")

    def cancel(tx: Tx) -> int:
        return outbox.cancel(tx, subject=Subject("booking", 7), kinds=[NoticeKind.REMINDER], note="moved")

    assert await storage.write(cancel) == 2
    assert not await storage.write(lambda tx: outbox.mark_sending(tx, claimed, "me", LEASE))
    rows = await storage.read(lambda tx: outbox.of_subjects(tx, [Subject("booking", 7)]))
    states = {row.notice.key: row.state for row in rows}
    assert states == {"a": Delivery.CANCELLED, "b": Delivery.PENDING, "c": Delivery.CANCELLED}
    assert await storage.write(lambda tx: outbox.cancel(tx, person_id=ben, note="stopped")) == 1
    with pytest.raises(ValueError, match="whose"):
        await storage.write(lambda tx: outbox.cancel(tx, note="all"))


async def claim_one_of(storage: Storage, key: str) -> int:
    rows = await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 10, LEASE))
    return next(row.id for row in rows if row.notice.key == key)


async def test_a_correction_is_made_once_and_one_asked_for_meanwhile_stays(storage: Storage) -> None:
    await put(storage, notice(await person(storage), "a", subject=Subject("booking", 7)))
    row = await claim_one(storage)
    await storage.write(lambda tx: sent(tx, row))
    assert await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", NOW, 10, LEASE)) == []
    assert await storage.write(lambda tx: outbox.ask_correction(tx, Subject("booking", 7), NOW)) == 1
    (claimed,) = await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", NOW, 10, LEASE))
    assert (claimed.chat_ref, claimed.message_ref, claimed.digest) == ("c", "m", "d")
    assert await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "other", NOW, 10, LEASE)) == []
    await storage.write(lambda tx: outbox.ask_correction(tx, Subject("booking", 7), NOW))
    assert await storage.write(lambda tx: outbox.mark_corrected(tx, claimed, "me", "e"))
    (second,) = await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", later(1), 10, LEASE))
    assert second.digest == "e"
    assert await storage.write(lambda tx: outbox.correct_later(tx, second, "me", later(50)))
    assert await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", later(49), 10, LEASE)) == []
    (third,) = await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", later(50), 10, LEASE))
    assert await storage.write(lambda tx: outbox.mark_corrected(tx, third, "me", "f"))
    assert await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", later(500), 10, LEASE)) == []


async def test_what_is_just_going_out_can_be_asked_to_be_corrected(storage: Storage) -> None:
    await put(storage, notice(await person(storage), "a", subject=Subject("booking", 7)))
    row = await claim_one(storage)
    await storage.write(lambda tx: outbox.mark_sending(tx, row, "me", LEASE))
    assert await storage.write(lambda tx: outbox.ask_correction(tx, Subject("booking", 7), NOW)) == 1
    await storage.write(lambda tx: sent(tx, row))
    assert len(await storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", NOW, 10, LEASE))) == 1


CLAIMER = """
import asyncio, json, sys
from datetime import UTC, datetime
from storage.instants import to_epoch
from storage.notices import outbox, outbox_claims
from storage.engine import Storage
from storage.sealing import Sealer

async def main(url, key, owner):
    now, taken = datetime(2026, 12, 1, 9, tzinfo=UTC), []
    storage = await Storage.open(url, Sealer([key]))
    idle = 0
    while idle < 20:
        rows = await storage.write(lambda tx: outbox_claims.claim(tx, owner, now, 5, 600))
        idle = 0 if rows else idle + 1
        for row in rows:
            taken.append((row.notice.person_id, row.notice.key))
            await storage.write(lambda tx: outbox.mark_sending(tx, row.id, owner, 600))
            await storage.write(lambda tx: outbox.mark_sent(
                tx, row.id, owner, account_id=1, chat_ref="c", message_ref="m", digest="d", now=now))
        await asyncio.sleep(0 if rows else 0.02)
    await storage.close()
    print(json.dumps(taken))

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_send_everything_once_and_in_order(storage: Storage, database_url: str) -> None:
    people = [await person(storage) for _ in range(10)]
    wanted = [(who, f"{who}-{n}") for n in range(6) for who in people]
    await put(storage, *(notice(who, key, due=-100 + i) for i, (who, key) in enumerate(wanted)))
    key = "A" * 43
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", CLAIMER, database_url, key, owner, stdout=asyncio.subprocess.PIPE
        )
        for owner in ("one", "two")
    ]
    outputs = [json.loads((await process.communicate())[0]) for process in both]
    taken = [tuple(each) for output in outputs for each in output]
    assert sorted(taken) == sorted(wanted)
    for output in outputs:
        for who in people:
            own = [key for person_id, key in output if person_id == who]
            assert own == sorted(own)


async def test_a_claim_beside_an_open_claim_takes_other_people(storage: Storage, database_url: str) -> None:
    people = [await person(storage) for _ in range(4)]
    await put(storage, *(notice(who, f"{who}-{n}", due=n - 9) for n in range(2) for who in people))
    other = await Storage.open(database_url, new_sealer())
    batches = await asyncio.gather(
        *(
            where.write(lambda tx, owner=owner: outbox_claims.claim(tx, owner, NOW, 1, LEASE))  # type: ignore[misc]
            for owner in ("a", "b")
            for where in (storage, other)
        )
    )
    taken = [row.notice.key for batch in batches for row in batch]
    assert len(taken) == len(set(taken))
    assert all(key.endswith("-0") for key in taken)
    await other.close()


async def test_what_is_under_way_is_not_claimed_once_more(storage: Storage) -> None:
    """Its process would not begin it, and it would wait until that claim is over."""
    await put(storage, notice(await person(storage), "a"))
    (row,) = await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 10, LEASE))
    await storage.write(lambda tx: outbox.mark_later(tx, row.id, "me", NOW))
    assert await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 10, LEASE, but=[row.id])) == []
    assert len(await storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 10, LEASE))) == 1
