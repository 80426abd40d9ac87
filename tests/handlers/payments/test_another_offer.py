"""A client moves a session to another offer by taps: every page says what it costs, and what is so until it is paid."""

from dataclasses import replace

from bot.domain.bookings.bookings import Booking
from bot.handlers.bookings import typed_times
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA, paid
from tests.services.bare_practice import OWNER
from tests.services.exchanges.switching import LONG, SHORT, offered


async def begins(chat: BareChat, booking: Booking) -> Somebody:
    """To the choice of an offer."""
    iva = Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Move session")
    await iva.taps("Another offer")
    return iva


async def test_a_dearer_one_is_paid_first(chat: BareChat) -> None:
    await offered(chat.practice, LONG)
    booking, _intent = await paid(chat)
    iva = await begins(chat, booking)
    iva.sees("Move to which offer?", "[Double · 100 minutes · €35.00 more]", "[Intro · 50 minutes · €45.00 back]")
    await iva.taps("Double")
    iva.sees("Double:", "Now:", "100 minutes · €80.00")
    await iva.goes(f"to/{booking.id}/3/{booking.starts:%Y%m%dT%H%MZ}")
    iva.sees(
        "Move to another offer?", "Double with Olga Owner", "€80.00",
        "€35.00 more is to be paid. Until then your session stays as it is.", "kept for you for 45 minutes",
        "After this it can be moved 1 more time.", "Free to cancel until",
    )  # fmt: skip
    await iva.taps("Pay €35.00")
    order = (iva.screen.address or "order/2").split("/")[1]
    await chat.practice.payments.ready_order(int(order), chat.practice.now())
    await iva.goes(f"order/{order}")
    iva.sees("Move to Double", "It moves as soon as this is paid. Until then it is: Single", "[Leave it]")
    assert [link.text for link in iva.links] == ["Pay €35.00"]
    payment = await chat.practice.payments.ready_order(int(order), chat.practice.now())
    assert payment is not None
    await chat.practice.pays(payment)
    await chat.practice.heard()
    await iva.goes(f"order/{order}")
    iva.sees("Paid: Move to Double", "Your session: Double with Olga Owner")
    await iva.goes(f"notice/moved/{booking.id}")
    iva.sees("Moved: Double with Olga Owner", "100 minutes · €80.00, paid")
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("you get €80.00 back")
    olga = Somebody(chat, OWNER)
    await olga.goes("audit")
    olga.sees(f"Booking {booking.id} was moved to another offer", "asks for the difference to another offer")


async def test_what_it_costs_is_read_beside_a_long_name(chat: BareChat) -> None:
    """A button is cut on a phone, so the lines above say it."""
    await offered(chat.practice, replace(LONG, name="Führungskräfteentwicklung mit Vor- und Nachbereitung"))
    booking, _intent = await paid(chat)
    iva = await begins(chat, booking)
    iva.sees("Führungskräfteentwicklung mit Vor- und Nachbereitung · 100 minutes · €35.00 more")
    assert max(len(button.text) for button in iva.buttons) <= 40


async def test_one_that_is_left_changes_nothing(chat: BareChat) -> None:
    await offered(chat.practice, LONG)
    booking, _intent = await paid(chat)
    iva = await begins(chat, booking)
    await iva.goes(f"to/{booking.id}/3/{booking.starts:%Y%m%dT%H%MZ}")
    await iva.taps("Pay €35.00")
    await iva.goes("order/2")
    await iva.taps("Leave it")
    iva.sees("It can no longer be paid. Nothing was charged.", "Your session stays as it is: Single")
    assert await chat.practice.found(booking.id) == booking


async def test_a_cheaper_one_gives_back_at_once(chat: BareChat) -> None:
    await offered(chat.practice, SHORT)
    booking, _intent = await paid(chat)
    iva = await begins(chat, booking)
    iva.sees("[Half · 25 minutes · €15.00 back]")
    await iva.goes(f"to/{booking.id}/3/{booking.starts:%Y%m%dT%H%MZ}")
    iva.sees("25 minutes · €30.00", "€15.00 goes back to the card")
    await iva.taps("Move it")
    iva.sees("Moved, and I am letting Olga Owner know.", "Half with Olga Owner", "25 minutes · €30.00, paid")
    assert "Given back so far" not in iva.text
    await chat.practice.sweep(seconds=1)
    assert [each.amount for each in chat.practice.sandbox.account.refunds.values()] == [1500]


async def test_nobody_else_moves_it_and_nothing_else_is_moved_to(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    at = f"{booking.starts:%Y%m%dT%H%MZ}"
    stranger, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await stranger.goes(f"to/{booking.id}/1/{at}")
    stranger.sees("This is no longer here")
    for offer in (booking.offer_id, 99):
        await iva.goes(f"to/{booking.id}/{offer}/{at}")
        iva.sees("This is no longer here")
        await iva.goes(f"to/{booking.id}/{offer}")
        iva.sees("Move to which offer?")


async def test_a_typed_day_is_one_for_the_other_offer(chat: BareChat) -> None:
    await offered(chat.practice, LONG)
    booking, _intent = await paid(chat)
    spot = typed_times.spot_of(f"to/{booking.id}/3/2026-12-08", "Europe/Berlin")
    assert spot is not None
    assert spot.pages.on(booking.starts.date()) == f"to/{booking.id}/3/{booking.starts:%Y-%m-%d}"
