"""A reply that a platform does not take at once: shown later, given way to a newer one, or left to the outbox."""

import asyncio

import pytest

from bot.channels.reply.replies import Patience
from bot.chat.channel import Away, CannotReach, PerhapsDelivered, TooMany, TryLater
from bot.domain.people.people import Unreachable
from tests.channels.reply.fake_platform import FakeChannel, FakeChat, typed
from tests.channels.reply.test_living import HERE, Listener

HASTY = Patience(at_once_s=0.02, after_fault_s=0.01, again_s=0.03)


def opened(patience: Patience = HASTY) -> tuple[FakeChat, Listener, FakeChannel]:
    chat, front = FakeChat(), Listener()
    return chat, front, FakeChannel(chat, front, patience)


async def test_a_short_wait_is_sat_out() -> None:
    chat, _front, channel = opened()
    chat.troubles = [TooMany(0.01)]
    assert await channel.answer(HERE, typed("hello"))
    assert chat.seen == [("hello", True)]


async def test_a_longer_wait_goes_on_in_the_background() -> None:
    chat, front, channel = opened()
    chat.troubles = [TooMany(0.05), TooMany(0.05)]
    assert not await channel.answer(HERE, typed("hello"))
    assert chat.seen == []
    await asyncio.wait_for(chat.arrived.wait(), 30)
    assert chat.seen == [("hello", True)]
    await channel.replies.close()
    assert (front.living, front.unseen_replies) == ("m0", [])


async def test_a_newer_reply_takes_the_place_of_one_that_waits() -> None:
    chat, front, channel = opened()
    chat.troubles = [TooMany(0.05)]
    await channel.answer(HERE, typed("older"))
    await channel.answer(HERE, typed("newer"))
    await channel.replies.close()
    assert (chat.seen, front.unseen_replies) == ([("newer", True)], [])


async def test_one_that_was_being_shown_just_then_is_the_living_one_before() -> None:
    chat, _front, channel = opened()
    chat.troubles = [TooMany(0.03)]
    await channel.answer(HERE, typed("older"))
    going, may_go_on = asyncio.Event(), asyncio.Event()

    async def on_its_way() -> None:
        going.set()
        await may_go_on.wait()

    chat.meanwhile = on_its_way
    await going.wait()
    newer = asyncio.create_task(channel.answer(HERE, typed("newer")))
    await asyncio.sleep(0)
    may_go_on.set()
    await newer
    assert chat.seen == [("older", False), ("newer", True)]


async def test_a_fault_is_tried_again_soon_however_long_a_notice_would_wait() -> None:
    chat, front, channel = opened()
    chat.troubles = [Away(900.0), Away(900.0), Away(900.0)]
    assert not await channel.answer(HERE, typed("hello"))
    await asyncio.wait_for(chat.arrived.wait(), 30)
    assert (chat.seen, front.unseen_replies) == ([("hello", True)], [])


async def test_where_a_fault_says_nothing_it_is_left_alone_for_as_long_as_it_says() -> None:
    chat, front, channel = opened(Patience(at_once_s=0.02, after_fault_s=None))
    chat.troubles = [Away(900.0)]
    assert not await channel.answer(HERE, typed("hello"))
    assert (chat.seen, front.unseen_replies) == ([], [("hello", 900.0)])


@pytest.mark.parametrize(("trouble", "seconds"), [(TryLater(31.0), 31.0), (PerhapsDelivered(), 5.0)])
async def test_what_cannot_be_shown_soon_or_may_stand_is_left_to_the_outbox(trouble: Exception, seconds: float) -> None:
    chat, front, channel = opened()
    chat.troubles = [trouble]
    assert not await channel.answer(HERE, typed("hello"))
    assert front.unseen_replies == [("hello", seconds)]


async def test_a_late_reply_that_may_stand_is_left_to_the_outbox_too() -> None:
    chat, front, channel = opened()
    chat.troubles = [TooMany(0.03), PerhapsDelivered()]
    await channel.answer(HERE, typed("hello"))
    await asyncio.wait_for(front.told.wait(), 30)
    assert front.unseen_replies == [("hello", 5.0)]


async def test_what_everybody_may_read_is_not_said_again() -> None:
    chat, front, channel = opened()
    chat.troubles = [PerhapsDelivered()]
    assert not await channel.answer(HERE, typed("hello"), again=False)
    assert front.unseen_replies == []


async def test_who_left_is_not_called_after() -> None:
    chat, front, channel = opened()
    chat.troubles = [CannotReach(Unreachable.BLOCKED)]
    assert await channel.answer(HERE, typed("hello"))
    assert front.unseen_replies == []


async def test_a_mistake_of_ours_is_written_down_and_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    chat, front, channel = opened()
    chat.troubles = [ValueError("what the platform calls a bad request")]
    assert not await channel.answer(HERE, typed("hello"))
    assert "reply.lost" in caplog.text
    assert await channel.answer(HERE, typed("again"))
    assert front.unseen_replies == []


async def test_without_a_database_a_reply_that_did_not_come_is_lost_and_said_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chat, front, channel = opened()
    front.away = True
    chat.troubles = [PerhapsDelivered()]
    assert not await channel.answer(HERE, typed("hello"))
    assert "reply.lost" in caplog.text


async def test_what_still_waits_at_the_end_is_left_to_the_outbox() -> None:
    chat, front, channel = opened()
    chat.troubles = [TooMany(20.0)]
    await channel.answer(HERE, typed("hello"))
    await channel.replies.close()
    assert front.unseen_replies == [("hello", 20.0)]
