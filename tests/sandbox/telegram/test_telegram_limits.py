"""How much a bot may send, what failures look like, and who is let in."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox.faults import FaultKind
from bot.sandbox.telegram.errors import Refusal
from bot.sandbox.telegram.flood import Flood, FloodLimits
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room


async def test_nobody_is_written_to_who_has_not_begun_or_has_left(running: RunningTelegram) -> None:
    user = await running.person()
    with pytest.raises(BadRequest, match="hat not found"):
        await running.bot.send_message(user, "Hi")
    await running.act("start", user=user)
    await running.act("block", user=user)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await running.bot.send_message(user, "Hi")
    await running.act("unblock", user=user)
    await running.act("profile", user=user, deactivated=True)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await running.bot.send_message(user, "Hi")


async def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    async with open_room(limits=FloodLimits(chat_burst=3)) as running:
        user, other = await running.started(), await running.started("Ben")
        for number in range(3):
            await running.bot.send_message(user, f"{number}")
        with pytest.raises(RetryAfter) as refused:
            await running.bot.send_message(user, "Too fast")
        assert refused.value.retry_after == timedelta(seconds=1)
        await running.bot.send_message(other, "Not to you")


def test_all_chats_together_take_thirty_a_second_and_a_group_twenty_a_minute() -> None:
    flood = Flood(FloodLimits())
    for chat in range(1, 31):
        flood.take(chat, 100.0)
    with pytest.raises(Refusal, match="retry after 1"):
        flood.take(31, 100.0)
    flood.take(31, 100.1)
    for second in range(20):
        flood.take(-5, 101.0 + second / 10)
    with pytest.raises(Refusal, match="retry after 2"):
        flood.take(-5, 103.0)


async def test_the_limits_can_be_lifted(running: RunningTelegram) -> None:
    user = await running.started()
    await running.act("options", flood="off")
    for number in range(25):
        await running.bot.send_message(user, f"{number}")


async def test_faults_speak_telegrams_shape(running: RunningTelegram) -> None:
    user = await running.started()
    running.standin.faults.add("sendMessage", "rate_limit", retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        await running.bot.send_message(user, "Hi")
    assert refused.value.retry_after == timedelta(seconds=7)
    assert [call.answer_status for call in running.standin.journal.calls("sendMessage")] == [429]


async def test_a_message_can_arrive_though_its_answer_is_lost(running: RunningTelegram) -> None:
    user = await running.started()
    kinds: tuple[FaultKind, ...] = ("timeout_after", "cut")
    for kind in kinds:
        running.standin.faults.add("sendMessage", kind, seconds=0.05)
        with pytest.raises(NetworkError):
            await running.bot.send_message(user, kind)
    assert [message["text"] for message in (await running.chat(user))["messages"]] == ["/start", "timeout_after"]


async def test_a_wrong_token_is_unauthorised(running: RunningTelegram) -> None:
    async with running.session.get(f"{running.served.url}/bot1:wrong/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    running.standin.token = "2:another"
    with pytest.raises(InvalidToken):
        await running.bot.get_me()
