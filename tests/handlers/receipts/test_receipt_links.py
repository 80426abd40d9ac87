"""The client opens receipts from the session's page and from the paid message; the owner says what stands on them."""

import pypdfium2

from bot.chat.screen import Button, Screen
from bot.domain.bookings.bookings import Booking
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import ANA, CLIENT, OWNER


async def paid(chat: BareChat) -> Booking:
    practice = chat.practice
    held = await practice.hold(await chat.next_start(paid=True))
    await practice.pays(await practice.page(held))
    await practice.sweep(minutes=1)
    return await practice.found(held.id)


def links(screen: Screen | None) -> list[str]:
    """The numbers of the receipts that it leads to."""
    assert screen is not None
    found = [each for row in screen.buttons for each in row if isinstance(each, Button) and "receipt/" in each.to]
    return [each.text.split()[-1] for each in found]


async def test_a_paid_session_leads_to_its_receipt_and_a_cancelled_one_to_both(chat: BareChat) -> None:
    booking = await paid(chat)
    clara = Somebody(chat, CLIENT)
    assert links(await clara.goes(f"booking/{booking.id}")) == ["R-00001"]
    assert "R-00001" in links(await chat.notice(CLIENT, f"notice/booked/{booking.id}"))
    assert links(await Somebody(chat, OWNER).goes(f"booking/{booking.id}")) == []
    await chat.practice.cancel(booking.id)
    await chat.practice.sweep(minutes=1)
    assert links(await clara.goes(f"booking/{booking.id}")) == ["R-00001", "C-00001"]


async def test_a_receipt_comes_into_the_chat_as_a_file(chat: BareChat) -> None:
    booking = await paid(chat)
    clara = Somebody(chat, CLIENT)
    await clara.goes(f"booking/{booking.id}")
    [to] = [each.to for each in clara.buttons if "R-00001" in each.text]
    shown = await clara.goes(to)
    clara.sees("R-00001", "45,00")
    assert shown.file is not None
    assert shown.file.name == "R-00001.pdf"
    with pypdfium2.PdfDocument(shown.file.data) as paper:
        assert "R-00001" in paper[0].get_textpage().get_text_bounded()
    [link] = clara.links
    assert "/receipts/" in link.url
    olga = Somebody(chat, OWNER)
    assert (await olga.goes(shown.address or "")).file is not None
    stranger = Somebody(chat, ANA)
    assert (await stranger.goes(shown.address or "")).file is None
    assert (await clara.goes("receipt/99")).file is None


async def test_a_free_session_has_none(chat: BareChat) -> None:
    booking = await chat.booked()
    assert links(await Somebody(chat, CLIENT).goes(f"booking/{booking.id}")) == []


async def test_the_owner_says_what_stands_on_receipts(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    olga.sees("Receipts name no address of yours yet.")
    await olga.taps("On receipts")
    await olga.fills(address="Ring 1\n1010 Wien", tax_number="ATU1234")
    olga.sees("Saved.", "On receipts: Ring 1, 1010 Wien; tax number ATU1234")
    booking = await paid(chat)
    [link] = await chat.desk.receipts.of(booking.subject)
    assert (link.receipt.seller.address, link.receipt.seller.number) == ("Ring 1\n1010 Wien", "ATU1234")
    await olga.goes("setup/receipts/form")
    await olga.fills(address="", tax_number="")
    olga.sees("Receipts name no address of yours yet.")
    [same] = await chat.desk.receipts.of(booking.subject)
    assert same.receipt == link.receipt
