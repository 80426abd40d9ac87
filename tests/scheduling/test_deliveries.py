import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.channel import CannotReach, PerhapsDelivered, Sent, TryLater
from bot.chat.screen import Kept, Screen
from bot.domain.notices import Kind
from bot.domain.outgoing import Delivery
from bot.domain.people import Account, Platform, Unreachable
from bot.scheduling.pace import Pace
from bot.services.tellings import ANSWER_GOES_FIRST
from storage import outbox, people
from storage.engine import Storage
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.counter import Counter, guest
from tests.services.house import CLIENT, NOW, OWNER, made

MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(storage: Storage) -> Post:
    return Post(storage, Wire())


@pytest.fixture
async def client(storage: Storage) -> int:
    return await client_id(Counter(storage))


async def test_what_is_due_goes_out_in_order(post: Post, client: int) -> None:
    for text in ("a", "b", "c"):
        await post.put(client, text)
    later = await post.put(client, "later", due=NOW + MINUTE)

    assert await post.sweep() == 3
    assert post.wire.chats == {"2002": ["a", "b", "c"]}
    assert (await post.row(later)).state is Delivery.PENDING
    assert await post.sweep(MINUTE) == 1
    assert await post.sweep(MINUTE) == 0


async def test_a_row_says_where_it_went(post: Post, client: int) -> None:
    row_id = await post.put(client, "a")
    await post.sweep()
    row = await post.row(row_id)

    assert (row.state, row.chat_ref, row.message_ref, row.sent_at) == (Delivery.SENT, "2002", "1", NOW)


async def test_a_wake_sends_at_once(post: Post, client: int) -> None:
    await post.put(client, "a")
    post.deliveries.wake()
    post.deliveries.wake()
    await post.woken()

    assert post.wire.chats["2002"] == ["a"]


async def test_a_wake_during_a_sweep_is_not_lost(post: Post, storage: Storage, client: int) -> None:
    async def writes_another(person_id: int, account: object, address: str) -> Screen:
        if address == "a":
            await post.put(client, "b")
            post.deliveries.wake()
        return Screen(address)

    await post.put(client, "a")
    post.sending.visit = writes_another
    await post.sweep()
    await post.put(client, "c")
    post.deliveries.wake()
    await post.woken()

    assert post.wire.chats["2002"] == ["a", "b", "c"]
    await post.deliveries.close()
    await post.put(client, "d")
    assert await post.sweep() == 0


async def test_what_is_no_longer_so_or_too_late_is_dropped(post: Post, client: int) -> None:
    gone, late = await post.put(client, "gone"), await post.put(client, "late", expires=NOW + MINUTE)
    post.shown["gone"] = None
    await post.sweep(MINUTE)

    for row_id, note in ((gone, "no_longer_so"), (late, "too_late")):
        row = await post.row(row_id)
        assert (row.state, row.note) == (Delivery.DROPPED, note)
    assert post.wire.chats == {}


async def test_asked_to_wait_the_row_waits_and_others_go(post: Post, storage: Storage, client: int) -> None:
    owner = (await Counter(storage).meet(OWNER)).id
    row_id = await post.put(client, "a")
    post.wire.troubles = [TryLater(30)]
    await post.sweep()
    await post.put(owner, "b")
    await post.sweep()

    assert post.wire.chats == {"1001": ["b"]}
    assert (await post.row(row_id)).notice.due == NOW + timedelta(seconds=30)
    await post.sweep(timedelta(seconds=30))
    assert post.wire.chats["2002"] == ["a"]


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.HOLD])
async def test_killed_between_the_two_marks(storage: Storage, client: int, kind: Kind) -> None:
    """A double is better than a missed session; a request for money is never made twice."""
    killed = Post(storage, Wire(lost_answers=[PerhapsDelivered()]))
    row_id = await killed.put(client, "a", kind)
    await killed.sweep()
    assert (await killed.row(row_id)).state is Delivery.SENDING

    other = Post(storage, killed.wire)
    await other.sweep(timedelta(seconds=59))
    assert killed.wire.chats["2002"] == ["a"]
    await other.sweep(timedelta(seconds=2))

    if kind is Kind.HOLD:
        assert killed.wire.chats["2002"] == ["a"]
        assert (await other.row(row_id)).state is Delivery.UNCERTAIN
    else:
        assert killed.wire.chats["2002"] == ["a", "a"]
        assert (await other.row(row_id)).state is Delivery.SENT


async def test_where_the_history_can_be_read_nothing_is_sent_twice(storage: Storage, client: int) -> None:
    wire = Wire(readable=True, lost_answers=[PerhapsDelivered()])
    first, second = Post(storage, wire), Post(storage, wire)
    row_id = await first.put(client, "a", Kind.REMINDER)
    await first.sweep()
    wire.blind = [TryLater(30)]
    await second.sweep(2 * MINUTE)
    assert (await second.row(row_id)).state is Delivery.SENDING
    await second.sweep(2 * MINUTE)

    assert wire.chats["2002"] == ["a"]
    row = await second.row(row_id)
    assert (row.state, row.message_ref) == (Delivery.SENT, "1")


async def test_cut_off_before_the_intent_nothing_is_lost_and_nothing_is_doubled(
    storage: Storage, client: int
) -> None:
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


async def test_a_fault_of_one_row_keeps_nothing_else_back(post: Post, client: int) -> None:
    broken = await post.put(client, "broken")
    await post.put(client, "b")
    post.shown["broken"] = ValueError("a mistake")
    await post.sweep()

    assert post.wire.chats["2002"] == ["b"]
    post.shown["broken"] = Screen("mended")
    await post.sweep(5 * MINUTE)
    assert post.wire.chats["2002"] == ["b", "mended"]
    assert (await post.row(broken)).state is Delivery.SENT


async def test_two_processes_send_each_row_once(storage: Storage) -> None:
    counter = Counter(storage)
    guests = [replace(CLIENT, user_ref=str(number), chat_ref=str(number)) for number in range(12)]
    wire = Wire()
    posts = [Post(storage, wire), Post(storage, wire)]
    for who in guests:
        person = await counter.meet(who)
        for text in ("a", "b", "c"):
            await posts[0].put(person.id, text)

    await asyncio.gather(*(post.sweep() for post in posts * 3))
    await posts[1].sweep()

    assert dict(wire.chats) == {str(number): ["a", "b", "c"] for number in range(12)}


async def test_a_row_that_was_cancelled_after_the_claim_is_not_sent(
    post: Post, storage: Storage, client: int
) -> None:
    row_id = await post.put(client, "a")

    async def cancelling(person_id: int, account: object, address: str) -> Screen:
        await storage.write(lambda tx: outbox.cancel(tx, person_id=client, note="moved"))
        return Screen("a")

    post.sending.visit = cancelling
    await post.sweep()

    assert post.wire.chats == {}
    assert (await post.row(row_id)).state is Delivery.CANCELLED


async def test_an_answer_shown_while_its_notice_is_on_its_way_is_the_one_message(storage: Storage) -> None:
    """The notice, which arrives below it, says where the hold goes on."""
    counter = await Counter(storage).open()
    booking_id = made(await counter.try_hold(CLIENT, counter.paid, (await counter.starts())[0]))
    person = await counter.meet(CLIENT)
    [account] = await storage.read(lambda tx: people.accounts_of(tx, person.id))
    post = Post(storage, Wire())
    kept = Screen("Held", kept=Kept(Kind.HOLD, booking_id))
    post.shown[f"notice/hold/{booking_id}"] = kept

    async def the_answer_is_shown() -> None:
        before = await counter.messages.adopt(account, Kind.HOLD, booking_id, "2002", "answer", post.now)
        assert before is None

    post.wire.meanwhile = the_answer_is_shown
    await post.sweep(ANSWER_GOES_FIRST)

    assert [title for _ref, title in post.wire.edits] == ["This hold goes on above."]
    [row] = await storage.read(lambda tx: outbox.of_booking(tx, booking_id, {Kind.HOLD}))
    assert (row.state, row.message_ref) == (Delivery.SENT, "answer")
    assert await post.sweep(10 * MINUTE) == 0
    assert len(post.wire.chats["2002"]) == 1


async def test_a_sender_that_is_to_stop_ends_what_it_began_and_leaves_the_rest_to_others(storage: Storage) -> None:
    wire, counter = Wire(), Counter(storage)
    first, second = Post(storage, wire), Post(storage, wire)
    ids = [await first.put((await counter.meet(guest(number))).id, str(number)) for number in range(60)]

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
    row_id = await first.put(client, "a", Kind.REMINDER)

    class Stopped(Pace):
        async def turn(self, to: Account) -> None:
            first.now += 2 * MINUTE
            await second.sweep(2 * MINUTE)
            assert wire.chats["2002"] == ["a"]

    first.sending.pace = Stopped({}, None)
    await first.sweep()

    assert wire.chats["2002"] == ["a"]
    assert (await first.row(row_id)).state is Delivery.SENT


async def test_what_people_do_is_told_before_what_was_planned_long_ahead(storage: Storage) -> None:
    post, counter = Post(storage, Wire()), Counter(storage)
    people_there = [await counter.meet(guest(number)) for number in range(200)]
    for person in people_there[:-1]:
        await post.put(person.id, "remind", Kind.REMINDER)
    post.now += MINUTE
    await post.put(people_there[-1].id, "news")
    order: list[str] = []

    async def goes_out(to: object, screen: Screen, *, key: str) -> Sent:
        order.append(screen.title)
        return Sent("chat", "1")

    post.wire.send = goes_out  # type: ignore[method-assign]
    assert await post.sweep() == 200
    assert order.index("news") < 10


# -- accounts that cannot be reached ---------------------------------------------------------------------


async def test_a_blocked_bot_is_marked_and_the_coach_hears_of_it(storage: Storage) -> None:
    counter = await Counter(storage).open()
    booking = await counter.book((await counter.starts())[0])
    post = Post(storage, Wire())
    await post.sweep()
    post.wire.troubles = [CannotReach(Unreachable.BLOCKED)]
    await post.sweep(ANSWER_GOES_FIRST)

    owner = await counter.meet(OWNER)
    assert await counter.notices("undeliverable") == [(owner.id, f"notice/undeliverable/{booking.id}", "sent")]
    [account] = await storage.read(lambda tx: people.accounts_of(tx, booking.person_id))
    assert account.unreachable is Unreachable.BLOCKED
    assert await counter.notices("booked") == [
        (booking.person_id, f"notice/booked/{booking.id}", "dead"),
        (owner.id, f"notice/booked/{booking.id}", "sent"),
    ]
    await post.sweep(timedelta(days=3))
    assert len(await counter.notices("undeliverable")) == 1


async def test_a_platform_that_is_off_keeps_its_rows(storage: Storage, client: int) -> None:
    slack_only = Post(storage, Wire(Platform.SLACK))
    row_id = await slack_only.put(client, "a")
    await slack_only.sweep()
    assert (await slack_only.row(row_id)).state is Delivery.PENDING

    both = Post(storage, Wire(), Wire(Platform.SLACK))
    await both.sweep(timedelta(minutes=6))
    assert both.wire.chats["2002"] == ["a"]


# -- corrections -----------------------------------------------------------------------------------------


async def test_a_message_is_edited_when_it_would_read_otherwise(storage: Storage) -> None:
    counter = await Counter(storage).open()
    booking = await counter.book((await counter.starts())[0])
    post = Post(storage, Wire())
    await post.sweep(ANSWER_GOES_FIRST)
    address = f"notice/booked/{booking.id}"

    await storage.write(lambda tx: outbox.ask_correction(tx, booking.id, post.now))
    assert await post.sweep() == 2
    assert post.wire.edits == []

    post.shown[address] = Screen("moved")
    await storage.write(lambda tx: outbox.ask_correction(tx, booking.id, post.now))
    post.wire.troubles = [TryLater(5)]
    await post.sweep()
    await post.sweep(timedelta(seconds=5))

    assert sorted(title for _ref, title in post.wire.edits) == ["moved", "moved"]
    assert await post.sweep(MINUTE) == 0
