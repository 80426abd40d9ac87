from datetime import timedelta

import pytest

from bot.chat.channel import CannotReach, PerhapsDelivered, TryLater
from bot.chat.screen import Screen
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account, Platform, Profile, Unreachable
from bot.domain.subjects import Subject
from bot.services.notices.notice_planning import ANSWER_GOES_FIRST
from storage.engine import Storage
from storage.notices import outbox
from storage.people import people
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.bare_practice import CLIENT, NOW, OWNER, made
from tests.services.selling_practice import SellingPractice
from tests.support.servers.statements import asked

MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(storage: Storage) -> Post:
    return Post(storage, Wire())


@pytest.fixture
async def client(storage: Storage) -> int:
    return await client_id(SellingPractice(storage))


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


async def test_an_answer_sends_what_was_written_for_it_and_asks_nothing_where_nothing_was(
    post: Post, storage: Storage, client: int
) -> None:
    await post.put(client, "a")
    post.deliveries.answered()
    await post.woken()
    assert post.wire.chats["2002"] == ["a"]

    post.deliveries.answered()  # what the sending itself wrote
    await post.woken()
    with asked() as statements:
        post.deliveries.answered()
        await post.woken()
    assert statements == []


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
    owner = (await SellingPractice(storage).meet(OWNER)).id
    row_id = await post.put(client, "a")
    post.wire.troubles = [TryLater(30)]
    await post.sweep()
    await post.put(owner, "b")
    await post.sweep()

    assert post.wire.chats == {"1001": ["b"]}
    assert (await post.row(row_id)).notice.due == NOW + timedelta(seconds=30)
    await post.sweep(timedelta(seconds=30))
    assert post.wire.chats["2002"] == ["a"]


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.HOLD])
async def test_killed_between_the_two_marks(storage: Storage, client: int, kind: NoticeKind) -> None:
    """A double is better than a missed session; a request for money is never made twice."""
    killed = Post(storage, Wire(lost_answers=[PerhapsDelivered()]))
    row_id = await killed.put(client, "a", kind)
    await killed.sweep()
    assert (await killed.row(row_id)).state is Delivery.SENDING

    other = Post(storage, killed.wire)
    await other.sweep(timedelta(seconds=50))
    assert killed.wire.chats["2002"] == ["a"]
    await other.sweep(timedelta(seconds=11))

    if kind is NoticeKind.HOLD:
        assert killed.wire.chats["2002"] == ["a"]
        assert (await other.row(row_id)).state is Delivery.UNCERTAIN
    else:
        assert killed.wire.chats["2002"] == ["a", "a"]
        assert (await other.row(row_id)).state is Delivery.SENT


async def test_where_the_history_can_be_read_nothing_is_sent_twice(storage: Storage, client: int) -> None:
    wire = Wire(readable=True, lost_answers=[PerhapsDelivered()])
    first, second = Post(storage, wire), Post(storage, wire)
    row_id = await first.put(client, "a", NoticeKind.REMINDER)
    await first.sweep()
    wire.blind = [TryLater(30)]
    await second.sweep(2 * MINUTE)
    assert (await second.row(row_id)).state is Delivery.SENDING
    await second.sweep(2 * MINUTE)

    assert wire.chats["2002"] == ["a"]
    row = await second.row(row_id)
    assert (row.state, row.message_ref) == (Delivery.SENT, "1")


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


async def test_a_row_that_was_cancelled_after_the_claim_is_not_sent(post: Post, storage: Storage, client: int) -> None:
    row_id = await post.put(client, "a")

    async def cancelling(person_id: int, account: object, address: str) -> Screen:
        await storage.write(lambda tx: outbox.cancel(tx, person_id=client, note="moved"))
        return Screen("a")

    post.sending.visit = cancelling
    await post.sweep()

    assert post.wire.chats == {}
    assert (await post.row(row_id)).state is Delivery.CANCELLED


# -- accounts that cannot be reached ---------------------------------------------------------------------


async def test_a_blocked_bot_is_marked_and_the_coach_hears_of_it(storage: Storage) -> None:
    selling_practice = await SellingPractice(storage).open()
    booking = await selling_practice.book((await selling_practice.starts())[0])
    post = Post(storage, Wire())
    await post.sweep()
    post.wire.troubles = [CannotReach(Unreachable.BLOCKED)]
    await post.sweep(ANSWER_GOES_FIRST)

    owner = await selling_practice.meet(OWNER)
    assert await selling_practice.notices("undeliverable") == [(owner.id, f"notice/undeliverable/{booking.id}", "sent")]
    [account] = await storage.read(lambda tx: people.accounts_of(tx, booking.person_id))
    assert account.unreachable is Unreachable.BLOCKED
    assert await selling_practice.notices("booked") == [
        (booking.person_id, f"notice/booked/{booking.id}", "dead"),
        (owner.id, f"notice/booked/{booking.id}", "sent"),
    ]
    await post.sweep(timedelta(days=3))
    assert len(await selling_practice.notices("undeliverable")) == 1


async def test_who_wrote_what_did_not_arrive_hears_of_it_as_well(storage: Storage) -> None:
    selling_practice = await SellingPractice(storage).open()
    booking = await selling_practice.book((await selling_practice.starts())[0])
    colleague = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Otto")
    post = Post(storage, Wire())
    await post.sweep(ANSWER_GOES_FIRST)
    made(await selling_practice.messages.send(await selling_practice.act(colleague), booking.id, "The lift is broken"))
    post.wire.troubles = [CannotReach(Unreachable.BLOCKED)]
    await post.sweep()

    told = {person for person, _address, _state in await selling_practice.notices("undeliverable")}
    assert told == {booking.coach_person_id, (await selling_practice.meet(colleague)).id}


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
    selling_practice = await SellingPractice(storage).open()
    booking = await selling_practice.book((await selling_practice.starts())[0])
    post = Post(storage, Wire())
    await post.sweep(ANSWER_GOES_FIRST)
    address = f"notice/booked/{booking.id}"

    await storage.write(lambda tx: outbox.ask_correction(tx, booking.subject, post.now))
    assert await post.sweep() == 2
    assert post.wire.edits == []

    post.shown[address] = Screen("moved")
    await storage.write(lambda tx: outbox.ask_correction(tx, booking.subject, post.now))
    post.wire.troubles = [TryLater(5)]
    await post.sweep()
    await post.sweep(timedelta(seconds=5))

    assert sorted(title for _ref, title in post.wire.edits) == ["moved", "moved"]
    assert await post.sweep(MINUTE) == 0


async def test_what_changes_while_a_message_is_made_ready_is_corrected(storage: Storage) -> None:
    """It was judged before, and its intent is not marked yet."""
    selling_practice = await SellingPractice(storage).open()
    start = (await selling_practice.starts())[0]
    booking_id = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, start))
    post, address, about = Post(storage, Wire()), f"notice/hold/{booking_id}", Subject("booking", booking_id)
    judge = post.sending.visit

    async def changes_when_judged(person_id: int, account: Account, to: str) -> Screen | None:
        seen = await judge(person_id, account, to)
        if to == address and address not in post.shown:
            post.shown[address] = Screen("with its link")
            await storage.write(lambda tx: outbox.ask_correction(tx, about, post.now, {NoticeKind.HOLD}))
        return seen

    post.sending.visit = changes_when_judged
    await post.sweep(ANSWER_GOES_FIRST)
    await post.sweep(timedelta(seconds=1))
    assert post.wire.chats["2002"] == [address]
    assert [title for _ref, title in post.wire.edits] == ["with its link"]


async def test_a_message_is_drawn_again_when_it_stops_being_right(storage: Storage) -> None:
    """At the moment that its screen named, and sooner where something changes before."""
    selling_practice = await SellingPractice(storage).open()
    booking = await selling_practice.book((await selling_practice.starts())[0])
    post, address = Post(storage, Wire()), f"notice/booked/{booking.id}"
    post.shown[address] = Screen("movable", until=post.now + 10 * MINUTE)
    await post.sweep(ANSWER_GOES_FIRST)

    post.shown[address] = Screen("movable, elsewhere", until=post.now + 20 * MINUTE)
    await storage.write(lambda tx: outbox.ask_correction(tx, booking.subject, post.now))
    await post.sweep(timedelta(seconds=2))
    assert {title for _ref, title in post.wire.edits} == {"movable, elsewhere"}

    post.wire.edits.clear()
    post.shown[address] = Screen("not movable")
    assert await post.sweep(10 * MINUTE) == 0
    await post.sweep(10 * MINUTE)
    assert {title for _ref, title in post.wire.edits} == {"not movable"}
    assert await post.sweep(timedelta(hours=1)) == 0
