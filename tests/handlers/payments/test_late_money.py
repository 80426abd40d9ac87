"""Money that came too late: its client reads both ways and chooses one; afterwards every page says which."""

from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import CLIENT, OWNER
from tests.services.exchanges.test_late_money import late, late_plan


async def chooses(chat: BareChat) -> tuple[Somebody, str]:
    booking, payment = await late(chat.practice)
    clara = Somebody(chat, CLIENT)
    page = f"notice/paid-late/{booking.id}/{payment}"
    await clara.goes(page)
    return clara, page


async def test_a_credit_in_its_place(chat: BareChat) -> None:
    clara, page = await chooses(chat)
    assert len(clara.buttons) == 2, clara.text
    await clara.goes(clara.buttons[0].to)
    assert "Single" in clara.text
    await clara.goes(page)
    assert not any(button.to.startswith("late-money/") for button in clara.buttons)
    booking = int(page.split("/")[2])
    assert "on credit in its place" in await chat.reads(OWNER, page)
    olga = Somebody(chat, OWNER)
    await olga.goes("audit")
    olga.sees(f"A session took the place of the money for booking {booking}")


async def test_the_page_of_the_hold_leads_to_the_choice_until_it_is_made(chat: BareChat) -> None:
    clara, page = await chooses(chat)
    hold = f"hold/{page.split('/')[2]}"
    await clara.goes(hold)
    assert page in [button.to for button in clara.buttons]
    await clara.goes(page)
    await clara.goes(clara.buttons[1].to)
    await clara.goes(hold)
    assert page not in [button.to for button in clara.buttons]


async def test_back_at_once(chat: BareChat) -> None:
    clara, page = await chooses(chat)
    await clara.goes(clara.buttons[1].to)
    await chat.practice.sweep(seconds=1)
    assert [each.amount for each in chat.practice.sandbox.account.refunds.values()] == [4500]
    await clara.goes(page)
    assert not any(button.to.startswith("late-money/") for button in clara.buttons)


async def test_for_several_sessions_there_is_one_choice(chat: BareChat) -> None:
    order, _bookings, payment = await late_plan(chat.practice, slice(2))
    clara, page = Somebody(chat, CLIENT), f"notice/order-money/{order}/{payment}"
    assert (await chat.practice.notices("order-money"))[0][1] == page
    await clara.goes(f"order/{order}")
    await clara.taps("Behalten oder zurückschicken")
    clara.sees("Zu spät bezahlt", "2 Sitzungen „Single“ als Guthaben, gültig bis")
    await clara.taps("Als Guthaben behalten")
    clara.sees("Behalten: Sie haben 2 Sitzungen „Single“ als Guthaben.")
    await clara.goes(page)
    clara.sees("Statt des Geldes haben Sie Sitzungen als Guthaben.")
    olga = Somebody(chat, OWNER)
    await olga.goes(page)
    olga.sees("The client took sessions on credit in its place.")
