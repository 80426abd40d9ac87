"""How much a bot may send, what failures look like, and who is let in."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox.faults import FaultKind
from bot.sandbox.telegram.errors import Refusal
from bot.sandbox.telegram.flood import Flood, FloodLimits
from tests.sandbox.telegram.telegram_room import Room, open_room


async def test_nobody_is_written_to_who_has_not_begun_or_has_left(room: Room) -> None:
    user = await room.person()
    with pytest.raises(BadRequest, match="hat not found"):
        await room.bot.send_message(user, "Hi")
    await room.act("start", user=user)
    await room.act("block", user=user)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await room.bot.send_message(user, "Hi")
    await room.act("unblock", user=user)
    await room.act("profile", user=user, deactivated=True)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await room.bot.send_message(user, "Hi")


async def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    async with open_room(limits=FloodLimits(chat_burst=3)) as room:
        user, other = await room.started(), await room.started("Ben")
        for number in range(3):
            await room.bot.send_message(user, f"{number}")
        with pytest.raises(RetryAfter) as refused:
            await room.bot.send_message(user, "Too fast")
        assert refused.value.retry_after == timedelta(seconds=1)
        await room.bot.send_message(other, "Not to you")


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


async def test_the_limits_can_be_lifted(room: Room) -> None:
    user = await room.started()
    await room.act("options", flood="off")
    for number in range(25):
        await room.bot.send_message(user, f"{number}")


async def test_faults_speak_telegrams_shape(room: Room) -> None:
    user = await room.started()
    room.standin.faults.add("sendMessage", "rate_limit", retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        await room.bot.send_message(user, "Hi")
    assert refused.value.retry_after == timedelta(seconds=7)
    assert [call.answer_status for call in room.standin.journal.calls("sendMessage")] == [429]


async def test_a_message_can_arrive_though_its_answer_is_lost(room: Room) -> None:
    user = await room.started()
    kinds: tuple[FaultKind, ...] = ("timeout_after", "cut")
    for kind in kinds:
        room.standin.faults.add("sendMessage", kind, seconds=0.05)
        with pytest.raises(NetworkError):
            await room.bot.send_message(user, kind)
    assert [message["text"] for message in (await room.chat(user))["messages"]] == ["/start", "timeout_after"]


async def test_a_wrong_token_is_unauthorised(room: Room) -> None:
    async with room.session.get(f"{room.served.url}/bot1:wrong/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    room.standin.token = "2:another"
    with pytest.raises(InvalidToken):
        await room.bot.get_me()
