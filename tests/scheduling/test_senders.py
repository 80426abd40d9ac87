"""Several senders, and what they make room for: each message once, each part of the work to whom it belongs."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.channel import Sent
from bot.chat.screen import Kept, Screen
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account
from bot.domain.subjects import Subject
from bot.scheduling.claims import Claimed, claim, tell_sender
from bot.scheduling.pace import Pace
from bot.services.notices.notice_planning import ANSWER_GOES_FIRST
from storage.engine import Storage
from storage.notices import outbox
from storage.people import people
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.bare_practice import CLIENT, made
from tests.services.selling_practice import SellingPractice, guest
from tests.support.leases import time_passes

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def client(storage: Storage) -> int:
    return await client_id(SellingPractice(storage))


async def test_cut_off_before_the_intent_nothing_is_lost_and_nothing_is_doubled(storage: Storage, client: int) -> None:
    """The process ends while it looks at what to say."""
    first, second = Post(storage, Wire()), Post(storage, Wire())
    await first.put(client, "a")
    looking = asyncio.Event()

    async def looks_for_ever(*_where: object) -> Screen | None:
        looking.set()
        return await asyncio.Future()

    first.sending.visit = looks_for_ever
    task = asyncio.create_task(first.sweep())
    await looking.wait()
    assert await second.sweep() == 0

    await second.sweep(timedelta(seconds=61))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert second.wire.chats["2002"] == ["a"]


async def test_two_processes_send_each_row_once(storage: Storage) -> None:
    selling_practice = SellingPractice(storage)
    guests = [replace(CLIENT, user_ref=str(number), chat_ref=str(number)) for number in range(12)]
    wire = Wire()
    posts = [Post(storage, wire), Post(storage, wire)]
    for who in guests:
        person = await selling_practice.meet(who)
        for text in ("a", "b", "c"):
            await posts[0].put(person.id, text)

    await asyncio.gather(*(post.sweep() for post in posts * 3))
    await posts[1].sweep()

    assert dict(wire.chats) == {str(number): ["a", "b", "c"] for number in range(12)}


async def test_an_answer_shown_while_its_notice_is_on_its_way_is_the_one_message(storage: Storage) -> None:
    """The notice, which arrives below it, says where the hold goes on."""
    selling_practice = await SellingPractice(storage).open()
    booking_id = made(
        await selling_practice.try_hold(CLIENT, selling_practice.paid, (await selling_practice.starts())[0])
    )
    person = await selling_practice.meet(CLIENT)
    [account] = await storage.read(lambda tx: people.accounts_of(tx, person.id))
    post = Post(storage, Wire())
    about = Subject("booking", booking_id)
    post.shown[f"notice/hold/{booking_id}"] = Screen("Held", kept=Kept(NoticeKind.HOLD, about), language="de")

    async def the_answer_is_shown() -> None:
        before = await selling_practice.replies.adopt(account, NoticeKind.HOLD, about, "2002", "answer", post.now)
        assert before is None

    post.wire.meanwhile = the_answer_is_shown
    await post.sweep(ANSWER_GOES_FIRST)

    assert [title for _ref, title in post.wire.edits] == ["Diese Reservierung geht oben weiter."]
    [row] = await storage.read(lambda tx: outbox.of_subjects(tx, [about], {NoticeKind.HOLD}))
    assert (row.state, row.message_ref) == (Delivery.SENT, "answer")
    assert await post.sweep(10 * MINUTE) == 0
    assert len(post.wire.chats["2002"]) == 1


async def test_a_sender_that_is_to_stop_ends_what_it_began_and_leaves_the_rest_to_others(storage: Storage) -> None:
    wire, selling_practice = Wire(), SellingPractice(storage)
    first, second = Post(storage, wire), Post(storage, wire)
    ids = [await first.put((await selling_practice.meet(guest(number))).id, str(number)) for number in range(60)]

    async def is_told_to_stop() -> None:
        first.deliveries.stop()

    wire.meanwhile = is_told_to_stop
    await first.sweep()
    gone = sum(map(len, wire.chats.values()))
    assert 0 < gone < 60
    states = [(await first.row(each)).state for each in ids]
    assert (states.count(Delivery.SENT), states.count(Delivery.PENDING)) == (gone, 60 - gone)
    wire.meanwhile = None
    await second.sweep()
    assert all(len(texts) == 1 for texts in wire.chats.values())
    assert len(wire.chats) == 60


async def test_stopped_between_the_intent_and_the_call_it_does_not_send_what_another_sent(
    storage: Storage, client: int
) -> None:
    wire = Wire()
    first, second = Post(storage, wire), Post(storage, wire)
    row_id = await first.put(client, "a", NoticeKind.REMINDER)

    class Stopped(Pace):
        async def turn(self, to: Account) -> None:
            first.now += 2 * MINUTE
            await second.sweep(2 * MINUTE)
            assert wire.chats["2002"] == ["a"]

    first.sending.pace = Stopped()
    await first.sweep()

    assert wire.chats["2002"] == ["a"]
    assert (await first.row(row_id)).state is Delivery.SENT


async def test_a_sender_hears_that_another_process_answers_people(storage: Storage, client: int) -> None:
    post = Post(storage, Wire())
    await post.put(client, "a")

    async def looks(owner: str = "sender") -> Claimed | None:
        return await storage.write(lambda tx: claim(tx, owner, post.now, {}, planned=True))

    async def answers(owner: str) -> None:
        await tell_sender(storage, owner)

    before = storage.written
    await answers("web")  # nobody sends: nothing is to be told
    assert storage.written == before
    found = await looks()
    assert found is not None
    assert not found.answering
    await answers("sender")
    found = await looks()
    assert found is not None
    assert not found.answering
    await answers("web")
    found = await looks()
    assert found is not None
    assert found.answering
    assert await looks("another") is None
    await time_passes(storage, 10)
    found = await looks()
    assert found is not None
    assert not found.answering


async def test_what_people_do_is_told_before_what_was_planned_long_ahead(storage: Storage) -> None:
    post, selling_practice = Post(storage, Wire()), SellingPractice(storage)
    people_there = [await selling_practice.meet(guest(number)) for number in range(200)]
    for person in people_there[:-1]:
        await post.put(person.id, "remind", NoticeKind.REMINDER)
    post.now += MINUTE
    await post.put(people_there[-1].id, "news")
    order: list[str] = []

    async def goes_out(to: object, screen: Screen, *, key: str) -> Sent:
        order.append(screen.title)
        return Sent("chat", "1")

    post.wire.send = goes_out  # type: ignore[method-assign]
    assert await post.sweep() == 200
    assert order.index("news") < 10
