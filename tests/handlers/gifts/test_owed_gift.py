"""The money of a gift that was taken back and that could not go back: an owner settles it."""

from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.credits.test_return_package import back
from tests.handlers.gifts.test_gifts import bought, code_of, opens
from tests.handlers.payments.test_packages import MAX
from tests.services.bare_practice import OWNER


async def test_what_could_not_go_back_of_one_that_was_taken_back_is_settled_by_an_owner(chat: BareChat) -> None:
    """Also after the wrong person had handed it back, who reads nothing of it."""
    iva = await bought(chat)
    max_ = await opens(chat, MAX, code_of(iva))
    await max_.taps("Take it")
    await max_.taps("Hand the gift back")
    await max_.taps("Hand the gift back")
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await iva.goes("gift/1/back")
    await iva.taps("Take it back")
    assert await back(chat) == []
    await iva.goes("gift/1")
    iva.sees("You took it back.", "€202.50 could not go back to the card. It is still yours")
    await max_.goes("credit/1")
    assert "202.50" not in max_.text
    owner = Somebody(chat, OWNER)
    told = {who: to for who, to, _state in await chat.practice.notices("order-refund-failed")}
    await owner.goes(told[(await owner.turn()).person.id])
    await owner.taps("Give money back")
    owner.sees("Starter, 5 sessions", "€202.50 is owed to Iva: it could not go back.", "[Back to the card]")
    await max_.goes("gift/1/owed")
    max_.sees("This is no longer here")
    await owner.taps("I paid it another way")
    owner.sees("You paid €202.50 another way?", "You have paid €202.50 to Iva yourself.")
    await owner.taps("I paid it")
    owner.sees("Written down, and I am letting Iva know.")
    assert "[Give money back]" not in owner.text
    assert await back(chat) == []
    *_before, (_iva, last, _state) = await chat.practice.notices("order-refund")
    await iva.goes(last)
    iva.sees("The practice has paid you €202.50 back, past the card.")
    await owner.goes("gift/1/owed")
    owner.sees("All that was paid has gone back already.")
    assert "refund.paid_another_way" in await chat.practice.trail()


async def test_what_could_not_go_back_goes_to_the_card_once_more(chat: BareChat) -> None:
    iva = await bought(chat)
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await iva.goes("gift/1/back")
    await iva.taps("Take it back")
    assert await back(chat) == []
    owner = Somebody(chat, OWNER)
    await owner.goes("order/1")
    await owner.taps("Give money back")
    await owner.taps("Back to the card")
    owner.sees("Give €202.50 back?", "€202.50 goes back to Iva, to the card")
    await owner.taps("Give it back")
    owner.sees("€202.50 goes back, and I am letting Iva know.")
    assert await back(chat) == [20250]
