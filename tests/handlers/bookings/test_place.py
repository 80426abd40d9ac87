"""Where a session takes place: what is told before it is booked, and what afterwards."""

import pytest

from bot.domain.practice.offers import Place, PlaceKind
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA
from tests.services.bare_practice import OWNER, VIDEO, done


async def at_the_review(chat: BareChat, place: Place, *, paid: bool) -> Somebody:
    till, iva = chat.practice, Somebody(chat, IVA)
    done(await till.coaches.set_place(await till.act(OWNER, till.now()), till.coach_id, place))
    offer = till.paid if paid else till.free
    at = await chat.next_start(paid)
    await iva.goes(f"review/{offer.id}/{till.coach_id}/{at:%Y%m%dT%H%MZ}")
    return iva


@pytest.mark.parametrize(
    ("place", "before", "secret"),
    [
        (VIDEO, "Video call; the link comes with the confirmation", VIDEO.details),
        (
            Place(PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
            "you call; the number comes with the confirmation",
            "1234567",
        ),
    ],
)
async def test_links_and_numbers_are_for_who_has_booked(chat: BareChat, place: Place, before: str, secret: str) -> None:
    iva = await at_the_review(chat, place, paid=True)
    iva.sees(before)
    assert secret not in iva.text + str(iva.links)
    await iva.taps("Hold and pay")
    iva.sees("Held:", before)
    assert secret not in iva.text + str(iva.links)
    held = await chat.desk.bookings.open_hold((await iva.turn()).person, chat.practice.now())
    assert held is not None
    await chat.practice.pays(await chat.practice.page(held))
    await chat.practice.heard()
    await iva.goes(f"booking/{held.id}")
    iva.sees(secret)


async def test_an_address_helps_to_decide_and_is_told_before(chat: BareChat) -> None:
    iva = await at_the_review(chat, Place(PlaceKind.ADDRESS, "Lindengasse 4, Wien"), paid=False)
    iva.sees("At Lindengasse 4, Wien")
