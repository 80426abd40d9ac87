"""What the page says before the tap is what happens: in the rows, at Stripe, and on the pages that follow.

Everything is read off the text: free or not, how much goes back, until when, how many moves are left.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.chat import tell
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, done, made

SPRING = datetime(2027, 3, 8, 9, tzinfo=UTC)
"""The clocks of America change on the 14th, those of Europe on the 28th."""

CHANGED = "Something has changed since I sent that"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
NUMBERS = count()


@dataclass(frozen=True)
class Case:
    """Something is told `around` minutes after a cut-off (or the start), and tapped `waits` seconds later.

    `moves` were made before; `asked`: the coach wanted another time, the client chooses one.
    """

    price: int
    cancel_cutoff: int
    move_cutoff: int
    max_moves: int
    moves: int
    asked: bool
    zone: str
    slot: int
    target: int
    mark: str
    around: int
    waits: int


cases = st.builds(
    Case,
    price=st.sampled_from([4500, 4500, 0, 8005]),
    cancel_cutoff=st.sampled_from([1440, 1440, 0, 95, 2880]),
    move_cutoff=st.sampled_from([720, 720, 0, 2880]),
    max_moves=st.sampled_from([2, 2, 3, 1, 0]),
    moves=st.sampled_from([0, 0, 0, 1, 2]),
    asked=st.sampled_from([False, False, True]),
    zone=st.sampled_from(ZONES),
    slot=st.integers(2, 14),
    target=st.integers(0, 30),
    mark=st.sampled_from(["cancel", "cancel", "move", "start"]),
    around=st.sampled_from([-300, -61, -1, 0, 1, 300]),
    waits=st.sampled_from([0, 0, 0, 59, 61, 3600]),
)
often = settings(
    max_examples=30, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


USUAL = Case(4500, 1440, 720, 2, 0, False, "America/New_York", 9, 3, "cancel", 1, 0)


@often
@example(case=replace(USUAL, around=-1, waits=61))
@example(case=replace(USUAL, moves=1, around=-300))
@given(case=cases)
async def test_a_cancel_comes_to_what_was_said(chat: BareChat, case: Case) -> None:
    client, booking = await sold(chat, case)
    await client.goes(f"cancel/{booking.id}")
    await cancels_as_told(chat, case, client, booking)


@often
@example(case=USUAL)
@example(case=replace(USUAL, around=-1, waits=61))
@example(case=replace(USUAL, asked=True, mark="move"))
@example(case=replace(USUAL, target=30, around=300))
@given(case=cases)
async def test_a_move_comes_to_what_was_said(chat: BareChat, case: Case) -> None:
    client, booking = await sold(chat, case)
    await client.goes(f"move/{booking.id}")
    left = moves_told(client.text)
    at = await another_time(chat, booking, case.target)
    await client.goes(f"move/{booking.id}/{at:%Y%m%dT%H%MZ}")
    if left is None:
        assert "Move this session?" not in client.text, client.text
        return
    client.sees("Move this session?", "Moving is free.")
    said, told_at = client.text, chat.practice.now()
    chat.practice.advance(seconds=case.waits)
    await client.taps("Move it")
    moved = await chat.practice.found(booking.id)
    late = not case.asked and told_at >= booking.starts - timedelta(minutes=case.cancel_cutoff)
    assert ("Free cancelling ended before the move" in said) == (late and case.price > 0), said
    if "Moved, and I am letting Olga Owner know" not in client.text:
        assert case.waits, client.text
        assert (moved.starts, moved.moves, moved.version) == (booking.starts, booking.moves, booking.version)
        return
    assert told_at < booking.starts
    assert (moved.starts, moved.paid) == (at, booking.paid)
    assert await given_back(chat, booking) == 0
    await after_a_move(chat, case, client, said, moved)


async def after_a_move(chat: BareChat, case: Case, client: Somebody, said: str, moved: Booking) -> None:
    """The pages say again what the review had said: moves left, and what cancelling comes to. Then it is cancelled."""
    rule = next(line for line in said.splitlines() if "ancel" in line and "[" not in line)
    client.sees(rule)
    await client.goes(f"move/{moved.id}")
    again = re.search(r"After this it can be moved (\d) more times?", said)
    if again is not None and not case.waits:
        assert moves_told(client.text) == int(again[1]), client.text
    if "cannot be moved again" in said:
        assert moves_told(client.text) is None, client.text
    await client.goes(f"cancel/{moved.id}")
    if not case.waits:
        free = re.search(r"Free to cancel until (.*); after that there is no refund\.", rule)
        client.sees(*([f"From {free[1]} on, there is no refund"] if free else []))
        dear = "too late to cancel" in rule or "ended before the move" in rule
        assert ("late for a refund:" in client.text) == dear, client.text
    await cancels_as_told(chat, replace(case, waits=0), client, moved)


async def cancels_as_told(chat: BareChat, case: Case, client: Somebody, booking: Booking) -> None:
    """From the page that asks, through the tap, to Stripe."""
    if "Cancel this session?" not in client.text:
        assert booking.starts <= chat.practice.now()
        client.sees("has started, so it can no longer be cancelled")
        return
    told, version = client.text, booking.version
    back, kept = amount(r"Cancelling now is free: you get (.*) back", told), amount(r"the practice keeps (.*)\.", told)
    assert (back, kept) != (0, 0) or "Cancelling costs nothing." in told
    assert (back or 0) + (kept or 0) == booking.paid.amount
    chat.practice.advance(seconds=case.waits)
    await client.taps("Cancel session")
    after = await chat.practice.found(booking.id)
    if "Done: the session is cancelled" not in client.text:
        assert case.waits, client.text
        assert (after.state, after.version) == (BookingState.CONFIRMED, version)
        assert CHANGED in client.text or "already over" in client.text or "has started" in client.text, client.text
        assert passed(chat, told, booking), f"nothing that was told had changed:\n{told}"
        return
    await chat.practice.sweep(seconds=1)
    assert (after.state, after.paid.amount) == (BookingState.CANCELLED, kept)
    assert await given_back(chat, booking) == back
    assert sum(moved for kind, _ref, moved in await chat.practice.ledger(booking.id) if kind != "fee") == kept
    for cents, words in ((back, "{} goes back to the card"), (kept, "The practice keeps {}")):
        assert not cents or words.format(tell.amount(Money(cents, "EUR"))) in client.text


def passed(chat: BareChat, told: str, booking: Booking) -> bool:
    """Whether the moment until which the outcome was told has come."""
    until = re.search(r"From (.*) on, there is no refund", told)
    zone = booking.client_zone
    cutoff = booking.starts - timedelta(minutes=booking.terms.policy.cancel_cutoff_min)
    assert until is None or until[1] == tell.moment(cutoff, zone)
    return chat.practice.now() >= (booking.starts if until is None and booking.paid.amount else cutoff)


def amount(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return 0 if found is None else int(re.sub(r"\D", "", found[1]))


def moves_told(text: str) -> int | None:
    """How many moves are left by what the page says; None where it says that it cannot be moved."""
    for words in ("too late to move this session", "as often as allowed", "has started", "[Book again]"):
        if words in text:
            return None
    found = re.search(r"Moving is free until .*, (\d) more times?\.", text)
    assert found or "Moving is free." in text, text
    return 99 if found is None else int(found[1])


async def sold(chat: BareChat, case: Case) -> tuple[Somebody, Booking]:
    """A session under the terms of the case, paid at Stripe, at the moment at which something is told."""
    till, number = chat.practice, next(NUMBERS)
    till.advance(seconds=max(0.0, (SPRING - till.now()).total_seconds()))
    zone = case.zone
    who = Profile(Platform.SLACK, "T0AAA", f"U0C{number}", f"D0C{number}", f"Client {number}", language="en", zone=zone)
    offer = await till.offers.find(till.paid.id)
    assert offer is not None
    done(await till.offers.change(
        await till.act(OWNER, till.now()), offer.id, offer.version, price=Money(case.price, "EUR"),
        cancel_cutoff_min=case.cancel_cutoff, move_cutoff_min=case.move_cutoff, max_moves=case.max_moves,
    ))  # fmt: skip
    at = (await till.starts(till.paid, till.now()))[case.slot]
    held = await till.found(made(await till.try_hold(who, till.paid, at, till.now())))
    if case.price:
        await till.pays(await till.page(held))
        await till.heard()
    moves = min(case.moves, case.max_moves)
    mine = sa.update(tables.bookings).where(tables.bookings.c.id == held.id)
    await till.storage.write(lambda tx: tx.execute(mine.values(moves=moves)))
    booking = await till.found(held.id)
    if case.asked:
        await the_coach_asks(chat, who, booking)
    cutoff = {"cancel": case.cancel_cutoff, "move": case.move_cutoff, "start": 0}[case.mark]
    moment = at + timedelta(minutes=case.around - cutoff)
    till.advance(seconds=max(0.0, (moment - till.now()).total_seconds()))
    client = Somebody(chat, who)
    assert booking.state is BookingState.CONFIRMED
    return client, booking


async def the_coach_asks(chat: BareChat, who: Profile, booking: Booking) -> None:
    """For another time; the client would rather choose one."""
    till = chat.practice
    other = (await till.starts(till.paid, booking.ends))[0]
    proposal = await chat.proposed(booking, other)
    done(await chat.desk.moves.other_times(await till.act(who, till.now()), proposal, 1))


async def another_time(chat: BareChat, booking: Booking, number: int) -> datetime:
    free = await chat.practice.starts(chat.practice.paid, chat.practice.now())
    return [at for at in free if at != booking.starts][number % (len(free) - 1)]


async def given_back(chat: BareChat, booking: Booking) -> int:
    """By Stripe's own books."""
    refunds = chat.practice.sandbox.account.refunds.values()
    mine = sa.select(tables.payments.c.intent_ref).where(tables.payments.c.booking_id == booking.id)
    intents = await chat.practice.storage.read(lambda tx: set(tx.execute(mine).scalars()))
    return sum(refund.amount for refund in refunds if refund.payment_intent in intents and refund.status == "succeeded")
