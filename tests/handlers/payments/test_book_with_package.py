"""A time and a package at once: beside the single price, held while it is paid, and booked on it then."""

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.people.people import Platform, Profile
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_packages import for_sale, page_of
from tests.services.bare_practice import made
from tests.services.selling_practice import guest

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en", zone="Europe/Berlin")


async def holds(chat: BareChat) -> Somebody:
    """On the page of a held time of the offer with a price."""
    iva, at = Somebody(chat, IVA), await chat.next_start(paid=True)
    await iva.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
    await iva.taps("Hold and pay")
    return iva


async def buying(chat: BareChat) -> Somebody:
    """On the page to pay a package for a held time."""
    iva = await holds(chat)
    await iva.taps("5 sessions, €202.50")
    await iva.taps("Buy it")
    return iva


async def booking_of(chat: BareChat, iva: Somebody) -> int:
    [only] = await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now())
    return only.id


async def test_single_price_and_packages_stand_side_by_side(chat: BareChat) -> None:
    iva, at = Somebody(chat, IVA), await chat.next_start(paid=True)
    review = f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}"
    await iva.goes(review)
    assert "Or 5 sessions" not in iva.text
    await for_sale(chat)
    await iva.goes(review)
    iva.sees("50 minutes · €45.00", "Or 5 sessions for €202.50, €40.50 each")
    await iva.taps("Hold and pay")
    iva.sees("50 minutes · €45.00", "Or 5 sessions for €202.50, €40.50 each", "[5 sessions, €202.50]")
    await iva.taps("5 sessions, €202.50")
    iva.sees(
        "Single with Olga Owner", "Starter: 5 sessions, €202.50", "€40.50 a session, €22.50 (10%) less",
        "This session takes one of them, and 4 are left for later.", "Valid for 6 months from the purchase.",
    )  # fmt: skip


async def test_bundle_bought_inside_a_booking(chat: BareChat) -> None:
    """The hold stays while the package is paid for; paid, the session is booked on one of its credits."""
    await for_sale(chat)
    iva = await buying(chat)
    iva.sees(
        "Starter", "€202.50", "Held: Single with Olga Owner", "It is booked as soon as this is paid.", "[Let it go]"
    )
    booking = await chat.practice.found(await booking_of(chat, iva))
    assert (booking.state, booking.cover) == (BookingState.HELD, Cover.CREDIT)
    order = iva.screen.address or ""
    await iva.goes(f"hold/{booking.id}")
    assert iva.screen.address == order
    await chat.practice.pays(await page_of(chat, iva))
    await chat.practice.heard()
    await iva.goes(order)
    iva.sees("Paid: Starter", "Booked: Single with Olga Owner", "4 sessions left, 1 booked")
    booked = await chat.practice.found(booking.id)
    assert (booked.state, booked.credit is not None, booked.paid.amount) == (BookingState.CONFIRMED, True, 0)
    await iva.goes("packages")
    await iva.taps("History of Starter")
    iva.sees("bought. 5 left.", "booked: Single with Olga Owner")
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("your credit comes back")


async def test_the_last_minutes_to_pay_are_told_with_the_price_of_the_package(chat: BareChat) -> None:
    await for_sale(chat)
    iva = await buying(chat)
    chat.practice.advance(minutes=11)
    await iva.goes(f"notice/hold-ending/{await booking_of(chat, iva)}")
    iva.sees("Starter", "€202.50", "Less than 4 minutes left to pay.", "It is booked as soon as this is paid.")
    assert "€45.00" not in iva.text
    assert not [link.text for link in iva.links if "45.00" in link.text]


async def test_it_is_let_go_with_its_package(chat: BareChat) -> None:
    await for_sale(chat)
    iva = await buying(chat)
    order = iva.screen.address or ""
    await iva.taps("Let it go")
    iva.sees("Nothing was booked")
    await iva.goes(order)
    iva.sees("It can no longer be paid. Nothing was charged.")


async def test_paid_after_the_hold_the_package_stands(chat: BareChat) -> None:
    """And the time is booked if it is still free."""
    await for_sale(chat)
    iva = await buying(chat)
    order, booking = iva.screen.address or "", await booking_of(chat, iva)
    page = await page_of(chat, iva)
    await chat.practice.silence()
    await chat.practice.pays(page)
    chat.practice.advance(minutes=16)
    await chat.practice.sweep(seconds=1)
    await iva.goes(order)
    iva.sees("Paid: Starter", "Booked: Single with Olga Owner", "4 sessions left, 1 booked")
    assert (await chat.practice.found(booking)).state is BookingState.CONFIRMED


async def test_paid_when_the_time_is_lost_names_the_next_ones(chat: BareChat) -> None:
    """The package stands, nothing goes back unasked, and one of three times can be taken with it."""
    await for_sale(chat)
    iva = await buying(chat)
    order, booking = iva.screen.address or "", await booking_of(chat, iva)
    page = await page_of(chat, iva)
    await chat.practice.silence()
    chat.practice.advance(minutes=16)
    lost = sa.update(tables.bookings).where(tables.bookings.c.id == booking)
    await chat.practice.storage.write(lambda tx: tx.execute(lost.values(state="expired", ended_by="time")))
    gone = sa.update(tables.sessions).where(tables.sessions.c.id == 1).values(state="ended")
    await chat.practice.storage.write(lambda tx: tx.execute(gone))
    at = (await chat.practice.found(booking)).starts
    made(await chat.practice.try_hold(guest(1), chat.practice.free, at, chat.practice.now()))
    await chat.practice.pays(page)
    await chat.practice.sweep(seconds=1)
    await iva.goes(order)
    iva.sees("Paid: Starter", "Not booked: Single with Olga Owner", "5 sessions left", "Free times near it:")
    assert not chat.practice.sandbox.account.refunds
    times = [button for button in iva.buttons if button.to.startswith("review/")]
    assert len(times) == 3
    await iva.taps(times[0].text)
    iva.sees("Uses 1 of 5")
