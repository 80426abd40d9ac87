"""A row that cannot be read is set aside alone: the owners read of it once, and it is tried again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.people.people import Platform
from bot.domain.records import Why
from bot.services.kit.set_aside import LEFT_ALONE, LOOK_AGAIN, RowsSetAside
from storage import tables
from storage.columns import SCHEMA
from storage.engine import Storage, Tx
from storage.journal import faults
from storage.notices import outbox
from storage.people import people
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.bare_practice import CLIENT, NOW, OWNER
from tests.services.selling_practice import SellingPractice

FOREIGN = {"kind": "from-tomorrow"}


class Watched(Post):
    """A process that sends and sets aside."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, Wire())
        self.aside = RowsSetAside(storage, lambda: self.now)
        storage.on_bad_rows = self.aside.heard

    async def goes_on(self, after: timedelta = timedelta()) -> None:
        self.now += after
        for _time in range(2):
            await self.sweep()
            await self.aside.close()
            await self.aside.sweep()
        await self.sweep()

    async def change(self, table: sa.Table, row: int, **values: object) -> None:
        def work(tx: Tx) -> None:
            tx.execute(sa.update(table).where(table.c.id == row).values(**values))

        await self.storage.write(work)


@pytest.fixture
async def practice(storage: Storage) -> SellingPractice:
    practice = SellingPractice(storage)
    await practice.meet(OWNER)
    return practice


@pytest.fixture
async def post(storage: Storage, practice: SellingPractice) -> Watched:
    return Watched(storage)


async def test_a_message_of_an_unknown_kind_is_set_aside_alone(post: Watched, practice: SellingPractice) -> None:
    client = await client_id(practice)
    bad = await post.put(client, "bad")
    await post.put(client, "a")
    await post.put((await practice.meet(OWNER)).id, "b")
    await post.change(tables.outbox, bad, **FOREIGN)
    await post.goes_on()

    assert post.wire.chats == {"2002": ["a"], "1001": ["b", "set-aside"]}
    [aside] = await post.aside.everything()
    assert (aside.table, aside.row, aside.why, aside.since) == ("outbox", str(bad), Why.KIND, NOW)
    fault = await post.storage.read(lambda tx: faults.find(tx, aside.reference))
    assert fault is not None
    assert fault.trail == [{"step": "row.set_aside", "ids": {"table": "outbox", "row": str(bad), "why": "kind"}}]


async def test_the_owners_are_told_once_and_it_goes_out_when_it_can_be_read(
    post: Watched, practice: SellingPractice
) -> None:
    bad = await post.put(await client_id(practice), "bad")
    await post.change(tables.outbox, bad, **FOREIGN)
    for _hour in range(4):
        await post.goes_on(timedelta(hours=1))
    assert post.wire.chats == {"1001": ["set-aside"]}

    await post.change(tables.outbox, bad, kind="opened")
    await post.goes_on(LOOK_AGAIN)
    assert post.wire.chats == {"1001": ["set-aside"], "2002": ["bad"]}
    assert await post.aside.everything() == []


async def test_many_at_once_are_one_message(post: Watched, practice: SellingPractice) -> None:
    client = await client_id(practice)
    for number in range(5):
        await post.change(tables.outbox, await post.put(client, str(number)), **FOREIGN)
    await post.goes_on()
    for number in range(5, 8):
        await post.change(tables.outbox, await post.put(client, str(number)), **FOREIGN)
    await post.goes_on(timedelta(minutes=1))
    assert post.wire.chats == {"1001": ["set-aside"]}
    assert len(await post.aside.everything()) == 8
    await post.goes_on(timedelta(minutes=10))
    assert post.wire.chats == {"1001": ["set-aside", "set-aside"]}


async def test_a_message_of_a_newer_writer_is_left_to_it(post: Watched, practice: SellingPractice) -> None:
    client = await client_id(practice)
    newer = await post.put(client, "newer")
    await post.put(client, "a")
    await post.change(tables.outbox, newer, writer=SCHEMA + 1, **FOREIGN)
    await post.goes_on(LEFT_ALONE - timedelta(seconds=1))
    assert post.wire.chats == {"2002": ["a"]}
    assert await post.aside.everything() == []

    await post.goes_on(timedelta(seconds=1))
    assert post.wire.chats == {"2002": ["a"], "1001": ["set-aside"]}
    [aside] = await post.aside.everything()
    assert (aside.row, aside.why) == (str(newer), Why.NEWER)

    # The newer process comes, and sends what it wrote.
    await post.change(tables.outbox, newer, state="sent")
    await post.goes_on(LOOK_AGAIN)
    assert await post.aside.everything() == []


async def test_a_message_of_a_newer_writer_is_not_claimed_even_where_its_kind_is_known(
    post: Watched, practice: SellingPractice
) -> None:
    newer = await post.put(await client_id(practice), "newer")
    await post.change(tables.outbox, newer, writer=SCHEMA + 1)
    await post.goes_on()
    assert post.wire.chats == {}


async def test_a_message_to_whose_account_cannot_be_read_waits(post: Watched, practice: SellingPractice) -> None:
    client, owner = await client_id(practice), await practice.meet(OWNER)
    [account] = await post.storage.read(lambda tx: people.accounts_of(tx, client))
    await post.put(client, "a")
    await post.put(owner.id, "b")
    await post.change(tables.accounts, account.id, platform="pigeon")
    await post.goes_on()
    assert post.wire.chats == {"1001": ["b", "set-aside"]}
    [aside] = await post.aside.everything()
    assert (aside.table, aside.row, aside.why) == ("accounts", str(account.id), Why.KIND)

    await post.change(tables.accounts, account.id, platform=Platform.TELEGRAM.value)
    await post.goes_on(timedelta(hours=1))
    assert post.wire.chats == {"1001": ["b", "set-aside"], "2002": ["a"]}
    assert await post.aside.everything() == []


async def test_a_correction_of_a_message_that_cannot_be_read_waits_alone(
    post: Watched, practice: SellingPractice
) -> None:
    client = await client_id(practice)
    rows = [await post.put(client, text) for text in ("a", "b")]
    await post.goes_on()
    for row in rows:
        await post.change(tables.outbox, row, correct_at=int(NOW.timestamp()))
        post.shown |= {"a": None}
    await post.change(tables.outbox, rows[0], **FOREIGN)
    await post.goes_on()
    await post.goes_on(timedelta(minutes=1))
    [aside] = await post.aside.everything()
    assert (aside.table, aside.row) == ("outbox", str(rows[0]))
    assert (await post.row(rows[1])).correct_at is None


async def test_what_is_said_of_a_booking_reads_past_a_bad_row(storage: Storage, practice: SellingPractice) -> None:
    await practice.open()
    booking = await practice.book((await practice.starts())[0])
    before = await storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject]))

    def spoil(tx: Tx) -> None:
        tx.execute(sa.update(tables.outbox).where(tables.outbox.c.id == before[0].id).values(**FOREIGN))

    await storage.write(spoil)
    after = await storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject]))
    assert after == before[1:]


async def test_a_notice_of_this_version_names_it(post: Watched, practice: SellingPractice) -> None:
    client = await client_id(practice)
    many = [Notice(f"many:{number}", client, NoticeKind.OPENED, "a", NOW) for number in range(2)]
    await post.put(client, "one")
    await post.storage.write(lambda tx: outbox.put_all(tx, many, NOW))
    written = await post.storage.read(lambda tx: tx.execute(sa.select(tables.outbox.c.writer)).scalars().all())
    assert set(written) == {SCHEMA}
    assert CLIENT.user_ref not in post.wire.chats


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("why", "no-such-word"), ("row_ref", "no-such/word"), ("table_name", "no-such-table"), ("reference", "?"),
        *((name, 10**17) for name in ("since", "tried_at", "told_at")),
    ],
)  # fmt: skip
async def test_what_is_kept_of_a_row_that_is_set_aside_may_be_broken_itself(
    post: Watched, practice: SellingPractice, column: str, value: object
) -> None:
    client, aside = await client_id(practice), tables.set_aside
    bad, other = await post.put(client, "bad"), await post.put(client, "other")
    for each in (bad, other):
        await post.change(tables.outbox, each, **FOREIGN)
    await post.goes_on()
    await post.storage.write(lambda tx: tx.execute(sa.update(aside).where(aside.c.id == 1).values({column: value})))
    assert len(await post.aside.everything()) == 2
    for each in (bad, other):
        await post.change(tables.outbox, each, kind="opened")
    await post.goes_on(LOOK_AGAIN)
    await post.goes_on(timedelta(hours=1))
    assert await post.aside.everything() == []
    assert sorted(post.wire.chats["2002"]) == ["bad", "other"]
