"""A session in place of money: told before the tap, wherever it is spoken of, and booked with afterwards."""

from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA, paid
from tests.services.bare_practice import ANA, OWNER


async def test_a_session_in_place_of_the_money(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    await olga.taps("As a credit")
    olga.sees("Iva gets one session of Single, valid until", "€45.00 stays with the practice: no money moves")
    await olga.fills(reason="The line was bad")
    olga.sees("Done, and I am letting Iva know.")
    assert "Give money back" not in [button.text for button in olga.buttons]
    address = (await chat.practice.notices("refunded"))[-1][1]
    told = await chat.reads(IVA, address)
    for words in ("You have a session on credit", "In place of the money you have a session", "The line was bad"):
        assert words in told
    assert "card" not in told
    iva = Somebody(chat, IVA)
    await iva.goes("packages")
    iva.sees("Single", "1 session left", "Valid until")
    await iva.goes(
        f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{await chat.next_start(True):%Y%m%dT%H%MZ}"
    )
    iva.sees("Uses 1 of 1")
    await olga.goes("audit")
    olga.sees(f"A session took the place of the money for booking {booking.id}", "a credit was given for it")


async def test_from_the_page_of_the_client_and_for_nobody_else(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"client/{booking.person_id}")
    await olga.taps("As a credit")
    olga.sees("A session as a credit")
    for who in (IVA, ANA):
        somebody = Somebody(chat, who)
        for page in (f"give-credit/{booking.id}", f"give-credit/of/{booking.person_id}"):
            await somebody.goes(page)
            somebody.sees("This is no longer here")


async def test_an_offer_that_is_gone_gives_no_credit(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    offer = await chat.practice.offers.find(chat.practice.paid.id)
    assert offer is not None
    await chat.practice.offers.archive(await chat.practice.act(OWNER, chat.practice.now()), offer.id, offer.version)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"give-credit/{booking.id}")
    olga.sees("Nobody can book this any more", "Nothing was given.")
