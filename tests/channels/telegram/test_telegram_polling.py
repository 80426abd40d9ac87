"""Long polling: nothing is lost or done twice over restarts, failures and a second process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.channels.telegram import polling
from storage.engine import StorageAway
from tests.channels.telegram.telegram_setup import ScriptedFront, TelegramSetup, open_channel, until
from tests.sandbox.telegram.telegram_room import Room, open_room


@dataclass
class Table:
    """The database's row: who polls, and the offset."""

    holder: object = None
    offset: int | None = None


@dataclass(eq=False)
class KeptLease:
    table: Table
    away: bool = False
    saved: list[int] = field(default_factory=list)

    async def acquire(self) -> bool:
        if self.away:
            raise StorageAway
        self.table.holder = self.table.holder or self
        return self.table.holder is self

    async def load(self) -> int | None:
        return self.table.offset

    async def save(self, offset: int) -> bool:
        if self.table.holder is not self:
            return False
        self.table.offset = offset
        self.saved.append(offset)
        return True

    async def release(self) -> None:
        if self.table.holder is self:
            self.table.holder = None


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_WAIT_S", 0.05)
    monkeypatch.setattr(polling, "TURN_AWAY_S", 0.05)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with open_room() as opened:
        yield opened


@asynccontextmanager
async def poller(room: Room, table: Table, front: ScriptedFront | None = None) -> AsyncIterator[TelegramSetup]:
    lease = KeptLease(table)
    async with open_channel(room, "polling", lease, False, front or ScriptedFront()) as telegram_setup:
        await telegram_setup.channel.start()
        yield telegram_setup


def texts(telegram_setup: TelegramSetup) -> list[str | None]:
    return [heard.text or heard.command for heard in telegram_setup.front.heard]


async def test_the_webhook_goes_and_what_waited_is_fetched(room: Room) -> None:
    await room.bot.set_webhook("http://127.0.0.1:1/gone")
    await room.act("options", pause=True)
    user = await room.started("Ana")
    await room.act("options", pause=False)
    async with poller(room, Table()) as telegram_setup:
        await until(lambda: telegram_setup.front.heard)
        await room.act("say", user=user, text="book")
        await until(lambda: len(telegram_setup.front.heard) == 2)
        [_, shown] = [message for message in (await room.chat(user))["messages"] if message["from_bot"]] or [0, 0]
        await room.act("tap", user=user, message_id=shown["message_id"], text="One")
        await until(lambda: len(telegram_setup.front.heard) == 3)
        await until(lambda: not room.standin.world.delivery.pending)
        assert texts(telegram_setup)[:2] == ["/start", "book"]
        assert telegram_setup.front.heard[2].address == "go/one"
    assert room.standin.world.delivery.webhook is None


async def test_a_restart_loses_nothing_and_repeats_nothing(room: Room) -> None:
    table = Table()
    user = await room.started("Ana")
    async with poller(room, table) as telegram_setup:
        await until(lambda: table.offset)
    assert table.holder is None
    for text in ("one", "two"):
        await room.act("say", user=user, text=text)
    async with poller(room, table) as telegram_setup:
        await until(lambda: len(telegram_setup.front.heard) == 2)
        await asyncio.sleep(0.05)
        assert texts(telegram_setup) == ["one", "two"]


async def test_an_update_in_hand_is_finished_before_the_end(room: Room) -> None:
    table = Table()
    front = ScriptedFront(delay=0.3)
    user = await room.started("Ana")
    async with poller(room, table, front):
        await until(lambda: front.living or room.standin.journal.calls("getUpdates"))
        await asyncio.sleep(0.1)
    assert [heard.command for heard in front.heard] == ["/start"]
    assert table.offset is not None
    assert front.living == {str(user): front.living[str(user)]}


async def test_with_the_database_away_nothing_is_confirmed(room: Room) -> None:
    table = Table()
    front = ScriptedFront(away=True)
    await room.started("Ana")
    async with poller(room, table, front):
        await until(lambda: len(room.standin.journal.calls("getUpdates")) >= 3)
        assert table.offset is None
        front.away = False
        await until(lambda: table.offset)
    assert [heard.command for heard in front.heard] == ["/start"]


async def test_failures_of_telegram_are_outlived(room: Room) -> None:
    for kind in ("cut", "status", "rate_limit"):
        room.standin.faults.add("getUpdates", kind, retry_after=1)
    room.standin.faults.add("deleteWebhook", "status", status=502)
    await room.started("Ana")
    async with poller(room, Table()) as telegram_setup:
        await until(lambda: telegram_setup.front.heard)


async def test_a_webhook_set_by_somebody_else_is_removed_again(room: Room) -> None:
    async with poller(room, Table()) as telegram_setup:
        await until(lambda: room.standin.journal.calls("deleteWebhook"))
        await asyncio.sleep(0.05)
        await room.bot.set_webhook("http://127.0.0.1:1/gone")
        await room.started("Ana")
        await until(lambda: telegram_setup.front.heard)


async def test_one_process_polls_and_another_takes_over(room: Room) -> None:
    table = Table()
    user = await room.started("Ana")
    async with poller(room, table) as second_to_leave:
        await until(lambda: second_to_leave.front.heard)
        async with poller(room, table) as waiting:
            await room.act("say", user=user, text="one")
            await until(lambda: len(second_to_leave.front.heard) == 2)
            await second_to_leave.channel.close()
            await room.act("say", user=user, text="two")
            await until(lambda: waiting.front.heard)
            assert texts(waiting) == ["two"]
    assert texts(second_to_leave) == ["/start", "one"]


async def test_chats_go_side_by_side_and_each_in_its_order(room: Room) -> None:
    front = ScriptedFront(delay=0.05)
    users = [await room.started(name) for name in ("Ana", "Ben", "Cem")]
    for text in ("one", "two"):
        for user in users:
            await room.act("say", user=user, text=text)
    async with poller(room, Table(), front):
        await until(lambda: len(front.heard) == 9)
    assert front.most_at_once == 3
    for user in users:
        mine = [heard.text or heard.command for heard in front.heard if heard.profile.user_ref == str(user)]
        assert mine == ["/start", "one", "two"]
