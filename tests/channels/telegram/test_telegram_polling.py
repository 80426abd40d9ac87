"""Long polling: nothing is lost or done twice over restarts, failures and a second process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.channels.telegram import polling
from storage.engine import StorageAway
from tests.channels.telegram.telegram_setup import ScriptedFront, TelegramSetup, open_channel, until
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room


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

    async def seconds_left(self) -> float:
        return 12.0

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
async def running() -> AsyncIterator[RunningTelegram]:
    async with open_room() as opened:
        yield opened


@asynccontextmanager
async def poller(
    running: RunningTelegram, table: Table, front: ScriptedFront | None = None
) -> AsyncIterator[TelegramSetup]:
    lease = KeptLease(table)
    async with open_channel(running, "polling", lease, False, front or ScriptedFront()) as telegram_setup:
        await telegram_setup.channel.start()
        yield telegram_setup


def texts(telegram_setup: TelegramSetup) -> list[str | None]:
    return [heard.text or heard.command for heard in telegram_setup.front.heard]


async def test_the_webhook_goes_and_what_waited_is_fetched(running: RunningTelegram) -> None:
    await running.bot.set_webhook("http://127.0.0.1:1/gone")
    await running.act("options", pause=True)
    user = await running.started("Ana")
    await running.act("options", pause=False)
    async with poller(running, Table()) as telegram_setup:
        await until(lambda: telegram_setup.front.heard)
        await running.act("say", user=user, text="book")
        await until(lambda: len(telegram_setup.front.heard) == 2)
        [_, shown] = [message for message in (await running.chat(user))["messages"] if message["from_bot"]] or [0, 0]
        await running.act("tap", user=user, message_id=shown["message_id"], text="One")
        await until(lambda: len(telegram_setup.front.heard) == 3)
        await until(lambda: not running.standin.world.delivery.pending)
        assert texts(telegram_setup)[:2] == ["/start", "book"]
        assert telegram_setup.front.heard[2].address == "go/one"
    assert running.standin.world.delivery.webhook is None


async def test_a_restart_loses_nothing_and_repeats_nothing(running: RunningTelegram) -> None:
    table = Table()
    user = await running.started("Ana")
    async with poller(running, table) as telegram_setup:
        await until(lambda: table.offset)
    assert table.holder is None
    for text in ("one", "two"):
        await running.act("say", user=user, text=text)
    async with poller(running, table) as telegram_setup:
        await until(lambda: len(telegram_setup.front.heard) == 2)
        await asyncio.sleep(0.05)
        assert texts(telegram_setup) == ["one", "two"]


async def test_an_update_in_hand_is_finished_before_the_end(running: RunningTelegram) -> None:
    table = Table()
    front = ScriptedFront(delay=0.3)
    user = await running.started("Ana")
    async with poller(running, table, front):
        await until(lambda: front.busy)
    assert [heard.command for heard in front.heard] == ["/start"]
    assert table.offset is not None
    assert front.living == {str(user): front.living[str(user)]}


async def test_with_the_database_away_nothing_is_confirmed(running: RunningTelegram) -> None:
    table = Table()
    front = ScriptedFront(away=True)
    await running.started("Ana")
    async with poller(running, table, front):
        await until(lambda: len(running.standin.journal.calls("getUpdates")) >= 3)
        assert table.offset is None
        front.away = False
        await until(lambda: table.offset)
    assert [heard.command for heard in front.heard] == ["/start"]


async def test_failures_of_telegram_are_outlived(running: RunningTelegram) -> None:
    for kind in ("cut", "status", "rate_limit"):
        running.standin.faults.add("getUpdates", kind, retry_after=1)
    running.standin.faults.add("deleteWebhook", "status", status=502)
    await running.started("Ana")
    async with poller(running, Table()) as telegram_setup:
        await until(lambda: telegram_setup.front.heard)


async def test_a_webhook_set_by_somebody_else_is_removed_again(running: RunningTelegram) -> None:
    async with poller(running, Table()) as telegram_setup:
        await until(lambda: running.standin.journal.calls("deleteWebhook"))
        await asyncio.sleep(0.05)
        await running.bot.set_webhook("http://127.0.0.1:1/gone")
        await running.started("Ana")
        await until(lambda: telegram_setup.front.heard)


async def test_one_process_polls_and_another_takes_over(running: RunningTelegram) -> None:
    table = Table()
    user = await running.started("Ana")
    async with poller(running, table) as second_to_leave:
        await until(lambda: second_to_leave.front.heard)
        async with poller(running, table) as waiting:
            await running.act("say", user=user, text="one")
            await until(lambda: len(second_to_leave.front.heard) == 2)
            await second_to_leave.channel.close()
            await running.act("say", user=user, text="two")
            await until(lambda: waiting.front.heard)
            assert texts(waiting) == ["two"]
    assert texts(second_to_leave) == ["/start", "one"]


async def test_who_waits_for_a_silent_process_says_so_at_once_and_once(
    running: RunningTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(holder="a process that died")
    await running.started("Ana")
    async with poller(running, table) as waiting:
        await until(lambda: "another_process_polls" in caplog.text)
        assert not running.standin.journal.calls("getUpdates")  # it would end the other one's poll
        await asyncio.sleep(0.2)
        table.holder = None
        await until(lambda: waiting.front.heard)
    [said] = [record for record in caplog.records if record.message == "telegram.another_process_polls"]
    assert said.ids == {"lease_ends_in_s": 12}  # type: ignore[attr-defined]


async def test_a_lease_is_renewed_however_long_an_update_takes(
    running: RunningTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "RENEW_S", 0.05)
    renewed: list[bool] = []

    class Counted(KeptLease):
        async def acquire(self) -> bool:
            renewed.append(front.busy > 0)
            return await super().acquire()

    front = ScriptedFront(delay=0.3)
    await running.started("Ana")
    async with open_channel(running, "polling", Counted(Table()), False, front) as opened:
        await opened.channel.start()
        await until(lambda: front.heard)
    assert renewed.count(True) >= 3


async def test_who_lost_the_lease_ends_its_poll(running: RunningTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "RENEW_S", 0.05)
    table = Table()
    async with poller(running, table) as stopped:
        await until(lambda: running.standin.journal.calls("deleteWebhook"))
        table.holder = "another process"
        await asyncio.sleep(0.2)
        await running.started("Ana")
        await asyncio.sleep(0.2)
        assert not stopped.front.heard


async def test_chats_go_side_by_side_and_each_in_its_order(running: RunningTelegram) -> None:
    front = ScriptedFront(delay=0.05)
    users = [await running.started(name) for name in ("Ana", "Ben", "Cem")]
    for text in ("one", "two"):
        for user in users:
            await running.act("say", user=user, text=text)
    async with poller(running, Table(), front):
        await until(lambda: len(front.heard) == 9)
    assert front.most_at_once == 3
    for user in users:
        mine = [heard.text or heard.command for heard in front.heard if heard.profile.user_ref == str(user)]
        assert mine == ["/start", "one", "two"]
