"""A transaction reads a row once: what it has read is handed on, in every act of a booking's life."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.bookings.bookings import Booking, Outcome
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.bookings.reasons import Reason
from bot.services.bookings import hold_expiry
from bot.services.reactions import react
from storage.bookings import bookings
from storage.engine import Tx
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made
from tests.services.selling_practice import SellingPractice, guest
from tests.support.servers.statements import asked_twice

GUESTS = 7
"""Who was met before, so that no act makes a person known."""


class Life:
    """What may happen to bookings; each act on one that was put there before the watch begins."""

    def __init__(self, practice: SellingPractice) -> None:
        self.practice = practice
        self.starts: list[datetime] = []
        self.booking: Booking
        self.proposal = 0

    async def begin(self) -> None:
        self.starts = await self.practice.starts()
        self.booking = await self.practice.buy(self.starts[-1])
        for number in range(GUESTS):
            await self.practice.meet(guest(number))
        await self.practice.meet(OWNER, self.booking.ends)

    async def hold(self) -> None:
        made(await self.practice.try_hold(guest(1), self.practice.paid, self.starts[0]))

    async def hold_instead(self) -> None:
        """Another time than the one that the same person holds; that one is let go."""
        made(await self.practice.try_hold(guest(2), self.practice.paid, self.starts[6]))

    async def book(self) -> None:
        await self.practice.book(self.starts[2], guest(3))

    async def confirm(self) -> None:
        held = made(await self.practice.try_hold(guest(4), self.practice.paid, self.starts[4]))
        assert await self.practice.pay(held) is not None

    async def move(self) -> None:
        done(await self.practice.move(CLIENT, self.booking, self.starts[-6]))

    async def propose(self) -> None:
        act = await self.practice.act(OWNER)
        made(await self.practice.moves.propose(act, self.booking.id, self.booking.version, self.starts[-6]))

    async def accept(self) -> None:
        done(await self.practice.moves.accept(await self.practice.act(CLIENT), self.proposal, 1))

    async def decline(self) -> None:
        done(await self.practice.moves.decline(await self.practice.act(CLIENT), self.proposal, 1))

    async def want_other_times(self) -> None:
        done(await self.practice.moves.other_times(await self.practice.act(CLIENT), self.proposal, 1))

    async def lapse(self) -> None:
        assert await self.practice.moves.lapse(self.booking.starts) == 1

    async def cancel(self) -> None:
        await self._cancel(Actor.CLIENT)

    async def cancel_as_coach(self) -> None:
        await self._cancel(Actor.COACH)

    async def _cancel(self, actor: Actor) -> None:
        act = await self.practice.act(CLIENT if actor is Actor.CLIENT else OWNER)
        facts = cancel_facts(self.practice.bookings.cancel_outcome(self.booking, actor, NOW))
        done(await self.practice.bookings.cancel(act, self.booking.id, self.booking.version, facts, Reason("ill")))

    async def settle(self) -> None:
        act = await self.practice.act(OWNER, self.booking.ends)
        done(await self.practice.day.settle(act, self.booking.id, self.booking.version, Outcome.LATE))

    async def write(self) -> None:
        made(await self.practice.messages.send(await self.practice.act(CLIENT), self.booking.id, "I am here."))

    async def release(self) -> None:
        held_id = made(await self.practice.try_hold(guest(5), self.practice.paid, self.starts[8]))
        held = await self.practice.found(held_id)
        act = await self.practice.act(guest(5))
        done(await self.practice.bookings.release(act, held.id, held.version))

    async def expire(self) -> None:
        await self.practice.try_hold(guest(6), self.practice.paid, self.starts[10])
        assert await hold_expiry.end_over(self.practice.storage, react, NOW + timedelta(hours=1)) == 1


ACTS: dict[str, Callable[[Life], Awaitable[None]]] = {
    name: getattr(Life, name)
    for name in (
        "hold", "hold_instead", "book", "confirm", "move", "propose", "accept", "decline", "want_other_times", "lapse",
        "cancel", "cancel_as_coach", "settle", "write", "release", "expire",
    )
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_asks_nothing_twice(selling_practice: SellingPractice, name: str) -> None:
    life = Life(selling_practice)
    await life.begin()
    if name in {"accept", "decline", "want_other_times", "lapse"}:
        act = await selling_practice.act(OWNER)
        life.proposal = made(
            await selling_practice.moves.propose(act, life.booking.id, life.booking.version, life.starts[-6])
        )
    if name == "hold_instead":
        made(await selling_practice.try_hold(guest(2), selling_practice.paid, life.starts[0]))
    with asked_twice() as twice:
        await ACTS[name](life)
    assert not twice, "\n\n".join(twice)


async def test_the_watch_sees_a_row_that_is_read_again(selling_practice: SellingPractice) -> None:
    def find(*ids: int) -> Callable[[Tx], None]:
        return lambda tx: [bookings.find(tx, each) for each in ids].clear()

    with asked_twice() as twice:
        await selling_practice.storage.write(find(1, 2))
        await selling_practice.storage.write(find(1, 2))
    assert twice == []
    with asked_twice() as twice:
        await selling_practice.storage.write(find(1, 2, 1))
    assert len(twice) == 1
