"""What follows when a booking changes: in one stated order, in the transaction of the change, told the plain truth."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import Outcome
from bot.domain.bookings.changes import Change, Confirmed, Ended, Held, HoldOver, Moved, Settled
from bot.domain.bookings.policy import cancel_facts
from bot.domain.bookings.reasons import Reason
from bot.domain.payments.orders import OrderClosed, OrderPaid
from bot.services.bookings import booking_changes, hold_expiry
from bot.services.bookings.bookings import Bookings
from bot.services.bookings.reschedule import Moves
from bot.services.reactions import REACTIONS, react
from bot.services.reports.coach_day import Day
from storage.bookings import bookings
from storage.engine import Storage, Tx
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, later, made
from tests.services.selling_practice import HOLD, SellingPractice


@dataclass
class Watcher:
    """Compares every change with what the database says, then lets all react."""

    seen: list[type[Change]] = field(default_factory=list)

    def react(self, tx: Tx, change: Change) -> None:
        self.seen.append(type(change))
        if not isinstance(change, HoldOver | OrderPaid | OrderClosed):
            told = change.booking if isinstance(change, Held) else change.after
            assert told == bookings.find(tx, told.id)
        react(tx, change)


@pytest.fixture
async def watched(storage: Storage) -> tuple[SellingPractice, Watcher]:
    practice, watcher = SellingPractice(storage), Watcher()
    practice.bookings = Bookings(storage, watcher.react)
    practice.moves = Moves(storage, watcher.react)
    practice.day = Day(storage, watcher.react)
    await practice.open()
    return practice, watcher


def test_the_order_is_stated() -> None:
    """Money and credit go back before the message that speaks of them; what is no longer so is withdrawn first."""
    assert [reaction.__name__ for reaction in REACTIONS] == [
        "charge_hold", "ask_for_rest", "close_proposals", "correct_notices", "refund_cancelled", "follow_fees",
        "cover_bought", "follow_credit", "freeze_returned", "free_coupon", "announce_change",
    ]  # fmt: skip


async def test_a_free_session_moved_settled_and_cancelled(watched: tuple[SellingPractice, Watcher]) -> None:
    practice, watcher = watched
    first, *_others, last = await practice.starts()
    booking = await practice.book(last)
    done(await practice.move(CLIENT, booking, first, NOW))
    moved = await practice.found(booking.id)
    after = moved.ends + timedelta(minutes=1)
    done(await practice.day.settle(await practice.act(OWNER, after), booking.id, moved.version, Outcome.LATE))
    settled = await practice.found(booking.id)
    assert (settled.outcome, settled.outcome_at) == (Outcome.LATE, after)
    done(await practice.day.unsettle(await practice.act(OWNER, after), booking.id, settled.version))
    await _cancels(practice, booking.id)
    assert watcher.seen == [Confirmed, Moved, Settled, Settled, Ended]


async def test_a_hold_that_nobody_pays(watched: tuple[SellingPractice, Watcher]) -> None:
    practice, watcher = watched
    held = made(await practice.try_hold(CLIENT, practice.paid, (await practice.starts())[0]))
    await practice.page_opened(held)
    assert await hold_expiry.end_over(practice.storage, watcher.react, NOW + HOLD) == 0
    await practice.page_closed(held)
    assert await hold_expiry.end_over(practice.storage, watcher.react, NOW + HOLD) == 1
    assert watcher.seen == [Held, HoldOver, Ended]


async def test_one_reaction_that_fails_undoes_the_change(storage: Storage) -> None:
    practice = await SellingPractice(storage).open()

    def fails(tx: Tx, change: Change) -> None:
        react(tx, change)
        raise ZeroDivisionError

    booking = await practice.book((await practice.starts())[0])
    practice.bookings = Bookings(storage, fails)
    notices = await practice.notices("cancelled")
    with pytest.raises(ZeroDivisionError):
        await _cancels(practice, booking.id)
    assert (await practice.found(booking.id), await practice.notices("cancelled")) == (booking, notices)


async def _cancels(practice: SellingPractice, booking_id: int) -> None:
    booking, client = await practice.found(booking_id), await practice.meet(CLIENT)
    actor = booking_changes.side(client, booking, later(1))
    assert actor is not None
    facts = cancel_facts(practice.bookings.cancel_outcome(booking, actor, later(1)))
    act = await practice.act(CLIENT, later(1))
    done(await practice.bookings.cancel(act, booking.id, booking.version, facts, Reason("ill")))
