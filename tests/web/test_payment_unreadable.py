"""Somebody pays while their payment cannot be read: the time stays theirs, and nobody says that nothing was charged."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.payments import Payment
from bot.domain.refusals import Code, Refusal
from storage import tables
from tests.handlers.bare_chat import BareChat, as_text
from tests.services.bare_practice import CLIENT
from tests.services.kit.test_unreadable_rows import Damaged, state_of
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest
from tests.unreadable.others import REFERENCE

PAYMENTS = tables.payments.c


async def paying(practice: PaidPractice) -> tuple[Booking, Payment]:
    booking = await practice.hold((await practice.starts())[0])
    return booking, await practice.page(booking)


async def test_money_is_found_and_applied_without_what_is_sealed(paid_practice: PaidPractice) -> None:
    damaged = Damaged(paid_practice.storage)
    booking, page = await paying(paid_practice)
    for column in (PAYMENTS.parameters_sealed, PAYMENTS.checkout_url_sealed):
        await damaged.breaks(column, page.id)
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_a_page_that_nobody_paid_is_closed_without_what_is_sealed(paid_practice: PaidPractice) -> None:
    damaged = Damaged(paid_practice.storage)
    booking, page = await paying(paid_practice)
    for column in (PAYMENTS.parameters_sealed, PAYMENTS.checkout_url_sealed):
        await damaged.breaks(column, page.id)
    await paid_practice.sweep(minutes=20)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
    assert ("payments", str(page.id)) in await damaged.found()
    damaged.now = paid_practice.now()
    await damaged.looks_again()


@pytest.mark.parametrize(("column", "value"), [("state", "weird"), ("amount", 10**17)])
async def test_the_time_is_given_to_nobody_else_before_the_payment_is_known(
    paid_practice: PaidPractice, column: str, value: object
) -> None:
    damaged = Damaged(paid_practice.storage)
    booking, page = await paying(paid_practice)
    was = await damaged.breaks(PAYMENTS[column], page.id, value)
    await paid_practice.pays(page)
    await paid_practice.webhook.drain()
    for _minutes in range(3):
        await paid_practice.sweep(minutes=20)
    assert await state_of(paid_practice, tables.bookings, booking.id) == "held"
    taken = await paid_practice.try_hold(guest(1), paid_practice.paid, booking.starts, paid_practice.now())
    assert isinstance(taken, Refusal)
    assert taken.code is Code.TAKEN
    assert (await paid_practice.payments.of_hold(booking.subject)).unread
    await damaged.mends(PAYMENTS[column], page.id, was)
    damaged.now = paid_practice.now()
    await damaged.looks_again()
    await paid_practice.sweep(minutes=70)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


@pytest.mark.parametrize(("column", "value"), [(tables.orders.c.amount, 10**17), (tables.order_lines.c.kind, "weird")])
async def test_nor_before_what_was_paid_for_is_known(
    paid_practice: PaidPractice, column: sa.Column[Any], value: object
) -> None:
    damaged = Damaged(paid_practice.storage)
    booking, page = await paying(paid_practice)
    was = await damaged.breaks(column, 1, value)
    await paid_practice.pays(page)
    await paid_practice.webhook.drain()
    for _minutes in range(3):
        await paid_practice.sweep(minutes=20)
    assert await damaged.found() == [(column.table.name, "1")]
    taken = await paid_practice.try_hold(guest(1), paid_practice.paid, booking.starts, paid_practice.now())
    assert isinstance(taken, Refusal)
    await damaged.mends(column, 1, was)
    damaged.now = paid_practice.now()
    await damaged.looks_again()
    await paid_practice.sweep(minutes=70)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


@pytest.mark.parametrize("door", ["return?session_id={ref}", "left?p={proof}"])
async def test_the_browser_reads_a_page_of_ours_with_a_reference(paid_practice: PaidPractice, door: str) -> None:
    damaged = Damaged(paid_practice.storage)
    _booking, page = await paying(paid_practice)
    await damaged.breaks(PAYMENTS.state, page.id, "weird")
    asked = paid_practice.sandbox.account.sessions[page.checkout_ref or ""].asked
    proof = asked["cancel_url"].partition("p=")[2]
    status, text = await paid_practice.get(f"{paid_practice.url}/pay/{door.format(ref=page.checkout_ref, proof=proof)}")
    assert (status, "We cannot look right now" in text) == (503, True)
    assert REFERENCE.search(text.partition("Reference")[2])
    assert CLIENT.name not in text


async def test_a_message_about_it_carries_the_reference(paid_practice: PaidPractice) -> None:
    damaged, chat = Damaged(paid_practice.storage), BareChat(paid_practice)
    booking, page = await paying(paid_practice)
    await damaged.breaks(PAYMENTS.state, page.id, "weird")
    for address in (f"hold/{booking.id}", f"notice/hold-ended/{booking.id}"):
        screen = await chat.notice(CLIENT, address)
        assert screen is not None
        assert REFERENCE.search(as_text(screen).partition("Kennzeichen: ")[2])
        paid_practice.advance(minutes=20)
