"""A message that fails: how often it is tried, how long it waits, how it ends, and who reads of that."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot.chat.channel import Away, FellOver, PerhapsDelivered, Sent, ShutOut, TooMany, TryLater
from bot.chat.screen import Screen
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account
from bot.domain.records import Why
from bot.services.kit.set_aside import RowsSetAside
from bot.services.notices.notice_planning import ANSWER_GOES_FIRST
from storage.engine import BadRow, CannotRead, Storage
from storage.sealing import Unreadable
from storage.tables import outbox as rows
from tests.scheduling.platform import Post, Wire
from tests.services.bare_practice import OWNER
from tests.services.selling_practice import SellingPractice
from tests.support.servers.statements import asked

SENDING_ONE = 15
"""Anything due; the claim: lease, rows of both lanes, accounts, corrections, who answers; intent, outcome; the claim
that finds no more; the lease given back."""

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLIENT, COACH = "2002", "1001"


@pytest.fixture
async def practice(storage: Storage) -> SellingPractice:
    return await SellingPractice(storage).open()


@pytest.fixture
async def booking(practice: SellingPractice) -> Booking:
    booking = await practice.book((await practice.starts())[0])
    await Post(practice.storage, Wire()).sweep(ANSWER_GOES_FIRST)
    return booking


@pytest.fixture
def post(storage: Storage, booking: Booking) -> Post:
    made = Post(storage, Wire())
    made.now += MINUTE
    return made


async def remind(post: Post, booking: Booking, expires: datetime | None = None, text: str = "reminder") -> int:
    kind = NoticeKind.REMINDER
    return await post.put(booking.person_id, text, kind, subject=booking.subject, expires=expires)


async def passes(post: Post, time: timedelta, step: timedelta = MINUTE) -> None:
    until = post.now + time
    while post.now < until:
        await post.sweep(step)


async def test_an_hour_of_lost_answers_repeats_a_reminder_once(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    post.wire.lost_answers = [PerhapsDelivered() for _answer in range(100)]
    await passes(post, HOUR)
    assert post.wire.chats[CLIENT] == ["reminder", "reminder"]
    assert (await post.row(row)).state is Delivery.UNCERTAIN

    post.wire.lost_answers.clear()
    await passes(post, MINUTE)
    assert post.wire.chats == {CLIENT: ["reminder"] * 2, COACH: [f"notice/unsure/{booking.id}"] * 2}


async def test_whatever_else_fails_in_between_it_is_repeated_once(post: Post, booking: Booking) -> None:
    await remind(post, booking)
    lost: list[BaseException] = [PerhapsDelivered(), OSError("a mistake of ours, after it had gone out")]
    post.wire.lost_answers = [*lost, *(PerhapsDelivered() for _more in range(20))]
    await post.sweep()
    post.wire.troubles = [TryLater(30), Away(15), TooMany(5), ShutOut(60)]
    await passes(post, HOUR)
    assert post.wire.chats[CLIENT] == ["reminder", "reminder"]


async def test_what_is_said_again_is_not_said_a_third_time(post: Post, booking: Booking) -> None:
    row = await post.put(booking.person_id, "answer", NoticeKind.ANSWER)
    post.wire.lost_answers = [PerhapsDelivered() for _answer in range(5)]
    await passes(post, 10 * MINUTE)
    assert post.wire.chats[CLIENT] == ["answer"]
    assert (await post.row(row)).state is Delivery.UNCERTAIN


async def test_a_message_that_is_never_taken_waits_ever_longer_and_ends(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    post.wire.troubles = [TryLater(1) for _time in range(15)]
    tried = []
    for _minute in range(6 * 60):
        left = len(post.wire.troubles)
        await post.sweep(MINUTE)
        tried += [post.now] * (left > len(post.wire.troubles))
        if not post.wire.troubles:
            break
    apart = [after - before for before, after in pairwise(tried)]
    assert (len(tried), max(apart)) == (15, HOUR)
    found = await post.row(row)
    assert (found.state, found.note) == (Delivery.DEAD, "refused")
    await passes(post, MINUTE)
    assert post.wire.chats == {COACH: [f"notice/unsure/{booking.id}"]}


async def test_a_notice_that_always_raises_ends_after_five_attempts(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    shown = 0

    class Counted(ValueError):
        def __init__(self) -> None:
            nonlocal shown
            shown += 1

    visit = post.sending.visit

    async def raises(person_id: int, account: object, address: str) -> object:
        if address == "reminder":
            raise Counted
        return await visit(person_id, account, address)  # type: ignore[arg-type]

    post.sending.visit = raises  # type: ignore[assignment]
    await passes(post, 3 * HOUR)
    found = await post.row(row)
    assert (shown, found.state, found.note) == (5, Delivery.DEAD, "fault")
    assert post.wire.chats == {COACH: [f"notice/unsure/{booking.id}"]}


@pytest.mark.parametrize("trouble", [Away(15), ShutOut(60)], ids=repr)
async def test_while_the_platform_is_away_no_attempt_is_spent(post: Post, booking: Booking, trouble: Exception) -> None:
    stays, lapses = await remind(post, booking), await remind(post, booking, post.now + 2 * HOUR, "late")
    post.wire.troubles = [trouble] * 1000
    await passes(post, 4 * HOUR, 10 * MINUTE)
    assert ((await post.row(stays)).failures, post.wire.chats) == (0, {})
    late = await post.row(lapses)
    assert (late.state, late.note) == (Delivery.DROPPED, "too_late")

    post.wire.troubles.clear()
    await passes(post, 5 * MINUTE)
    assert post.wire.chats == {CLIENT: ["reminder"]}


async def test_a_platform_that_falls_over_is_asked_whether_it_is_back_before_the_next_message(
    post: Post, booking: Booking
) -> None:
    """Of all messages that wait, the first one met it."""
    rows = [await remind(post, booking, text=f"reminder {number}") for number in range(3)]
    post.wire.troubles, post.wire.answering = [FellOver(15)] * 1000, False
    await passes(post, 4 * HOUR, 10 * MINUTE)
    assert len(post.wire.troubles) >= 997
    assert {(await post.row(row)).state for row in rows} == {Delivery.PENDING}
    post.wire.troubles.clear()
    post.wire.answering = True
    await passes(post, 5 * MINUTE)
    assert sorted(post.wire.chats[CLIENT]) == ["reminder 0", "reminder 1", "reminder 2"]


async def test_what_says_that_it_fell_over_and_has_taken_every_message_repeats_each_once(
    post: Post, booking: Booking
) -> None:
    """As a gateway does that waits too short for what is behind it."""
    row = await remind(post, booking)
    post.wire.lost_answers = [FellOver(15) for _answer in range(100)]
    await passes(post, HOUR)
    assert post.wire.chats[CLIENT] == ["reminder", "reminder"]
    assert (await post.row(row)).state is Delivery.UNCERTAIN


class Choosy(Wire):
    """It falls over the reminder."""

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        if screen.title == "reminder":
            raise Away(15)
        return await super().send(to, screen, key=key)


async def test_a_message_over_which_the_platform_falls_while_others_get_through_ends(
    storage: Storage, booking: Booking
) -> None:
    post = Post(storage, Choosy())
    bad = await remind(post, booking)
    for number in range(48):
        await post.put(booking.coach_person_id, f"other {number}")
        await post.sweep(10 * MINUTE)
    found = await post.row(bad)
    assert (found.state, found.note) == (Delivery.DEAD, "refused")
    assert CLIENT not in post.wire.chats


@pytest.mark.parametrize("arrived", [True, False])
async def test_where_the_history_can_be_read_it_is_looked_for_after_a_platform_fell_over(
    storage: Storage, booking: Booking, arrived: bool
) -> None:
    post = Post(storage, Wire(readable=True))
    post.now += MINUTE
    row = await remind(post, booking)
    fell = [FellOver(15)]
    if arrived:
        post.wire.lost_answers = [*fell]
    else:
        post.wire.troubles = [*fell]
    for _look in range(4):  # the platform has answered: a minute tells no more than some seconds
        await post.sweep(timedelta(seconds=3))
    assert post.wire.chats == {CLIENT: ["reminder"]}
    assert (await post.row(row)).state is Delivery.SENT


async def test_a_correction_that_always_fails_ends(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    await post.sweep()
    post.shown["reminder"] = ValueError("a mistake")
    await storage_asks(post, row)
    await passes(post, 3 * HOUR)
    assert (await post.row(row)).correct_at is None


async def test_a_correction_whose_answer_was_lost_is_made_again(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    await post.sweep()
    post.shown["reminder"] = Screen("moved")
    await storage_asks(post, row)
    post.wire.troubles = [PerhapsDelivered(), Away(15)]
    await passes(post, 5 * MINUTE)
    assert [title for _ref, title in post.wire.edits] == ["moved"]
    assert ((await post.row(row)).correct_at, (await post.row(row)).failures) == (None, 0)


async def storage_asks(post: Post, row: int) -> None:
    change = sa.update(rows).where(rows.c.id == row).values(correct_at=int(post.now.timestamp()))
    await post.storage.write(lambda tx: tx.execute(change).rowcount)


@pytest.mark.parametrize(
    "why",
    [Unreadable("persons.name_sealed", 7, lacks_key=True), CannotRead(BadRow("bookings", "7", Why.UNREADABLE))],
    ids=["sealed", "row"],
)
async def test_a_message_about_what_cannot_be_read_is_set_aside(
    post: Post, booking: Booking, practice: SellingPractice, why: Exception
) -> None:
    aside = RowsSetAside(post.storage, lambda: post.now)
    post.storage.on_bad_rows = aside.heard
    row = await remind(post, booking)
    await post.put((await practice.meet(OWNER)).id, "b")
    post.shown["reminder"] = why
    for _hour in range(3):
        await post.sweep()
        await aside.close()
        await aside.sweep()
        await post.sweep(HOUR)
    assert post.wire.chats == {COACH: ["b", "set-aside"]}
    assert ("outbox", str(row), Why.CONTENTS) in [(a.table, a.row, a.why) for a in await aside.everything()]
    assert (await post.row(row)).failures == 0

    del post.shown["reminder"]
    await passes(post, HOUR)
    await aside.sweep()
    assert post.wire.chats[CLIENT] == ["reminder"]
    assert await aside.everything() == []


async def test_a_message_that_goes_out_costs_what_it_cost_before(post: Post, booking: Booking) -> None:
    row = await remind(post, booking)
    with asked() as statements:
        await post.sweep()
    found = await post.row(row)
    assert (found.state, found.attempts, found.failures, found.perhaps) == (Delivery.SENT, 1, 0, 0)
    assert len(statements) <= SENDING_ONE, "\n".join(statements)
