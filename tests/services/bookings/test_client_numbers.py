"""How long the number is kept at which a client is called."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import client_numbers
from bot.services.bookings.client_numbers import KEPT
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made
from tests.services.selling_practice import SellingPractice, guest

NUMBER, OTHER = "+43 660 1234567", "+43 660 7654321"
PART = 2


async def calling(storage: Storage) -> SellingPractice:
    practice = await SellingPractice(storage).open()
    calls = Place(PlaceKind.PHONE_COACH_CALLS, "+43 1 5331234")
    done(await practice.coaches.set_place(await practice.act(OWNER), practice.coach_id, calls))
    return practice


async def books(practice: SellingPractice, act: Act, day: int = 0, phone: str | None = NUMBER) -> Booking:
    at = (await practice.starts(practice.free, NOW + timedelta(days=day)))[0]
    quote = await practice.bookings.terms(practice.free.id, practice.coach_id, at)
    assert not isinstance(quote, Refusal)
    held = await practice.bookings.hold(act, practice.free.id, practice.coach_id, at, quote.facts, phone)
    return await practice.found(made(held))


async def kept(practice: SellingPractice) -> list[bool]:
    query = sa.select(tables.bookings.c.phone_sealed.is_not(None)).order_by(tables.bookings.c.id)
    return list(await practice.storage.read(lambda tx: list(tx.execute(query).scalars())))


async def test_a_number_is_deleted_a_week_after_its_session(storage: Storage) -> None:
    practice = await calling(storage)
    first = await books(practice, await practice.act(CLIENT))
    await books(practice, await practice.act(guest(1)), day=3)
    forget = client_numbers.forget
    assert await storage.write(lambda tx: forget(tx, first.ends + KEPT - timedelta(seconds=1), PART)) == 0
    person = await practice.meet(CLIENT)
    assert await practice.numbers.known(person, first.ends) == NUMBER
    assert await storage.write(lambda tx: forget(tx, first.ends + KEPT, PART)) == 1
    assert await kept(practice) == [False, True]
    assert await practice.numbers.known(person, first.ends + KEPT) is None
    assert (await practice.found(first.id)).phone is None


async def test_a_cancelled_session_counts_from_its_end(storage: Storage) -> None:
    practice = await calling(storage)
    booking = await books(practice, await practice.act(CLIENT), day=20)
    outcome = practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW)
    act = await practice.act(CLIENT)
    made(await practice.bookings.cancel(act, booking.id, booking.version, cancel_facts(outcome)))
    assert await storage.write(lambda tx: client_numbers.forget(tx, NOW + KEPT, PART)) == 1


async def test_what_was_said_is_corrected_when_the_number_goes(storage: Storage) -> None:
    practice = await calling(storage)
    booking = await books(practice, await practice.act(CLIENT))
    out = tables.outbox
    sent = sa.update(out).where(out.c.kind == "booked").values(state="sent", message_ref="1")
    await storage.write(lambda tx: tx.execute(sent).rowcount)
    await storage.write(lambda tx: client_numbers.forget(tx, booking.ends + KEPT, PART))
    query = sa.select(out.c.correct_at).where(out.c.kind == "booked")
    assert all(await storage.read(lambda tx: list(tx.execute(query).scalars())))


async def test_a_place_that_calls_is_not_booked_without_a_number(storage: Storage) -> None:
    practice = await calling(storage)
    act = await practice.act(CLIENT)
    at = (await practice.starts(practice.free))[0]
    quote = await practice.bookings.terms(practice.free.id, practice.coach_id, at)
    assert not isinstance(quote, Refusal)
    refused = await practice.bookings.hold(act, practice.free.id, practice.coach_id, at, quote.facts)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.CHANGED


async def test_another_number_for_the_hold_that_stands_is_kept(storage: Storage) -> None:
    practice = await calling(storage)
    at = (await practice.starts(practice.paid))[0]
    quote = await practice.bookings.terms(practice.paid.id, practice.coach_id, at)
    assert not isinstance(quote, Refusal)
    ids = [
        made(await practice.bookings.hold(
            await practice.act(CLIENT), practice.paid.id, practice.coach_id, at, quote.facts, number
        ))
        for number in (NUMBER, OTHER)
    ]  # fmt: skip
    assert ids[0] == ids[1]
    assert (await practice.found(ids[0])).phone == OTHER


async def test_what_was_typed_in_vain_is_proposed_until_another_is_given(storage: Storage) -> None:
    practice = await calling(storage)
    person = await practice.meet(CLIENT)
    await practice.numbers.remember(person, NUMBER, NOW)
    assert await practice.numbers.known(person, NOW) == NUMBER
    await books(practice, await practice.act(CLIENT), phone=OTHER)
    assert await practice.numbers.known(person, NOW) == OTHER


async def test_the_trail_says_that_it_changed_and_nobody_else_changes_it(storage: Storage) -> None:
    practice = await calling(storage)
    booking = await books(practice, await practice.act(CLIENT))
    stranger = await practice.numbers.change(await practice.act(guest(1)), booking.id, OTHER)
    assert isinstance(stranger, Refusal)
    made(await practice.numbers.change(await practice.act(CLIENT), booking.id, OTHER))
    over = await practice.numbers.change(await practice.act(CLIENT, booking.ends), booking.id, NUMBER)
    assert isinstance(over, Refusal)
    assert (await practice.found(booking.id)).phone == OTHER
    given = [each.entry for each in await practice.audit.recent(limit=100) if "number" in each.entry.act]
    assert len(given) == 1
    assert OTHER not in str(given)
