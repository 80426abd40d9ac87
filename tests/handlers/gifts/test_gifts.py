"""A gift: bought, opened by whoever has its code, handed back while unused, and taken back while nobody has it."""

import re
from dataclasses import replace

import pytest

from bot.chat.address import address
from bot.domain.people.people import Platform, Profile
from bot.handlers.gifts import giving
from bot.services.gifts import warnings
from bot.services.gifts.gifts import Gifts
from bot.services.reactions import react
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.credits.test_return_package import back
from tests.handlers.payments.test_packages import IVA, MAX, for_sale, pays
from tests.services.bare_practice import DEPLOYMENT, OWNER

EVA = Profile(Platform.TELEGRAM, "", "7009", "7009", "Eva", language="en", zone="Europe/Berlin")


async def bought(chat: BareChat) -> Somebody:
    """Iva, on the page of her gift: five sessions for €202.50."""
    package = await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"package/{package.id}")
    await iva.taps("Give it to somebody")
    iva.sees("5 sessions for €202.50", "Whoever takes it first owns the sessions.", "you can have your money back")
    await iva.taps("Buy it as a gift")
    await pays(chat, iva)
    await iva.goes(iva.screen.address or "")
    iva.sees("Paid: Starter", "€202.50")
    assert "sessions left" not in iva.text
    await iva.taps("The code and the link")
    iva.sees("Your gift: Starter", "Starter, 5 sessions", "Nobody has taken it yet. It can be taken until")
    return iva


def code_of(iva: Somebody) -> str:
    found = re.search(r"The code: ([a-z2-9-]+)", iva.text)
    assert found is not None
    return found[1]


async def opens(chat: BareChat, who: Profile, code: str) -> Somebody:
    """By the code as it was typed."""
    somebody = Somebody(chat, who)
    await somebody.goes("gifts")
    await somebody.taps("I have a gift code")
    await somebody.fills(code=code)
    return somebody


async def test_gift(chat: BareChat) -> None:
    """Shown first, then taken by a tap; owned then, and the giver sees when it was taken and no booking."""
    iva = await bought(chat)
    code = code_of(iva)
    max_ = await opens(chat, MAX, code.upper())
    max_.sees("A gift for you", "Starter, 5 sessions", "From Iva", "Valid until")
    assert not await chat.desk.balances.of_person((await max_.turn()).person.id)
    await max_.taps("Take it")
    max_.sees("It is yours: book when you like.", "5 sessions left", "bought. 5 left.")
    [(giver, told, _state)] = await chat.practice.notices("gift-taken")
    assert giver == (await iva.turn()).person.id
    await iva.goes(told)
    iva.sees("Your gift was taken: Starter", "Taken on")
    at = await chat.next_start(True)
    await max_.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, at))
    await max_.taps("Book it")
    for page in ("gift/1", "gifts", "order/1"):
        await iva.goes(page)
        assert "Single" not in iva.text.replace("Give one: Single", "")
        assert "4 sessions" not in iva.text
        assert "The code:" not in iva.text
    await iva.goes("credit/1")
    iva.sees("This is no longer here")
    eva = await opens(chat, EVA, code)
    eva.sees("This gift cannot be taken any more")


async def test_a_part_of_its_price_that_went_back_in_the_dashboard(chat: BareChat) -> None:
    """By the rule for packages: credits are on hold up to its value, and the owner decides which."""
    iva = await bought(chat)
    code, paid = code_of(iva), await chat.practice.payment(1)
    for amount in (4050, 4050):
        await chat.practice.control("refund", charge=paid.charge_ref, amount=amount)
        await chat.practice.heard()
    (_giver, told, _state), *_more = await chat.practice.notices("order-refund")
    await iva.goes(told)
    iva.sees("€40.50 goes back", "3 of its 5 sessions are left.", "2 more are on hold until the practice decides")
    (_owner, first, _state), (_owner, second, _state) = await chat.practice.notices("credits-frozen")
    olga = Somebody(chat, OWNER)
    await olga.goes(first)
    olga.sees("€40.50 of €202.50 went back to Iva", "a gift that nobody has taken yet.", "1 unused session is on hold")
    await olga.taps("Take 1 session away")
    olga.sees("1 unused session was taken away.")
    await iva.goes("gift/1")
    iva.sees("3 of its 5 sessions are left.", "1 more is on hold until the practice decides about it.")
    await iva.taps("Take it back")
    iva.sees("€121.50 goes back to the card")
    max_ = await opens(chat, MAX, code)
    max_.sees("Starter, 5 sessions", "3 of its 5 sessions are left.", "1 more is on hold")
    await max_.taps("Take it")
    max_.sees("3 sessions left, 1 on hold")
    await olga.goes(second)
    await olga.taps("Let them be used")
    await max_.goes("packages")
    max_.sees("4 sessions left")


async def test_by_its_link_which_is_nowhere_kept_as_it_is(chat: BareChat) -> None:
    iva = await bought(chat)
    token = "g-" + code_of(iva).replace("-", "")
    max_ = Somebody(chat, MAX)
    to = await chat.desk.sharing.resolve(token, (await max_.turn()).person, chat.practice.now())
    assert to == f"gift-open/{token}"
    await max_.goes(to)
    max_.sees("A gift for you")
    shown = max_.screen.address or ""
    assert token not in shown
    eva = Somebody(chat, EVA)
    await eva.goes(shown)
    assert "A gift for you" not in eva.text, "the proof is another person's"


async def test_opened_by_the_wrong_person_it_is_handed_back(chat: BareChat) -> None:
    iva = await bought(chat)
    code = code_of(iva)
    max_ = await opens(chat, MAX, code)
    await max_.taps("Take it")
    await max_.taps("Hand the gift back")
    max_.sees("Hand Starter back?", "Its code works again")
    await max_.taps("Hand the gift back")
    max_.sees("Handed back: its code works again.", "0 sessions left")
    await iva.goes("gift/1")
    iva.sees("Nobody has taken it yet.", "The code:")
    eva = await opens(chat, EVA, code)
    await eva.taps("Take it")
    eva.sees("5 sessions left")
    await max_.goes("credit/1/hand-back")
    max_.sees("This is no longer here")
    at = await chat.next_start(True)
    await eva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, at))
    await eva.taps("Book it")
    await eva.goes("credit/2")
    assert "[Hand the gift back]" not in eva.text


async def test_taken_back_while_nobody_has_it(chat: BareChat) -> None:
    iva = await bought(chat)
    code = code_of(iva)
    await iva.taps("Take it back")
    old = iva.button("Take it back").to
    iva.sees("Take Starter back?", "€202.50 goes back to the card")
    await iva.taps("Take it back")
    iva.sees("€202.50 goes back to the card", "You took it back.")
    await iva.goes(old)
    assert await back(chat) == [20250]
    max_ = await opens(chat, MAX, code)
    max_.sees("This gift cannot be taken any more")
    assert [each for each in await chat.practice.trail() if each.startswith("gift.")] == [
        "gift.asked", "gift.bought", "gift.returned",
    ]  # fmt: skip


async def test_a_button_of_before_takes_nothing_back_that_somebody_has(chat: BareChat) -> None:
    iva = await bought(chat)
    code = code_of(iva)
    await iva.taps("Take it back")
    max_ = await opens(chat, MAX, code)
    await max_.taps("Take it")
    await iva.taps("Take it back")
    iva.sees("Something has changed", "Taken on")
    assert await back(chat) == []


async def test_after_it_was_taken_the_owner_refunds_who_paid_and_tells_both(chat: BareChat) -> None:
    iva = await bought(chat)
    max_ = await opens(chat, MAX, code_of(iva))
    await max_.taps("Take it")
    assert "[Give it back]" not in max_.text, "the money is not theirs"
    owner = Somebody(chat, OWNER)
    await owner.goes("grant/1/return")
    owner.sees("€202.50 goes back to who gave it as a gift")
    await owner.fills(reason="Agreed with both")
    await owner.taps("Give it back")
    assert await back(chat) == [20250]
    told = {who: to for who, to, _state in await chat.practice.notices("package-returned")}
    assert set(told) == {(await each.turn()).person.id for each in (iva, max_)}
    await iva.goes(told[(await iva.turn()).person.id])
    iva.sees("€202.50 goes back to the card", "Reason: Agreed with both")


async def test_a_gift_whose_money_went_back_elsewhere_is_nobodys(chat: BareChat) -> None:
    iva = await bought(chat)
    code = code_of(iva)
    intent = (await chat.practice.payment(1)).intent_ref
    await chat.practice.control("refund", payment_intent=intent, amount=20250)
    await chat.practice.heard()
    max_ = await opens(chat, MAX, code)
    await max_.taps("Take it")
    max_.sees("This gift cannot be taken any more")
    await iva.goes("gift/1/back")
    await iva.taps("Take it back")
    iva.sees("All that was paid has gone back already.")
    assert await back(chat) == [20250]


async def test_nobody_opened_it(chat: BareChat) -> None:
    """Its giver is warned; until its end the money can go back, and after it nobody can take it."""
    iva = await bought(chat)
    code = code_of(iva)
    chat.practice.advance(days=155)
    assert await warnings.warn(chat.practice.storage, chat.practice.now()) == 1
    assert await warnings.warn(chat.practice.storage, chat.practice.now()) == 0
    [(_who, told, _state)] = await chat.practice.notices("gift-ending")
    await iva.goes(told)
    iva.sees("Your gift ends soon: Starter", "Remind whoever it is for, or take it back")
    chat.practice.advance(days=40)
    max_ = await opens(chat, MAX, code)
    max_.sees("This gift cannot be taken any more")
    assert await chat.notice(IVA, told) is None
    await iva.goes("gift/1")
    iva.sees("Nobody took it, and it was over on")
    assert "[Take it back]" not in iva.text


async def test_one_session_is_given(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("gifts")
    await iva.taps("Give one: Single")
    iva.sees("€45.00", "Valid for 12 months from the purchase.")
    await iva.taps("Buy it as a gift")
    await pays(chat, iva)
    await iva.goes("gift/1")
    max_ = await opens(chat, MAX, code_of(iva))
    await max_.taps("Take it")
    max_.sees("Single", "1 session left")


async def test_a_code_that_is_nobodys_and_pages_of_others(chat: BareChat) -> None:
    iva = await bought(chat)
    max_ = Somebody(chat, MAX)
    await max_.goes("gift-code")
    form = max_.screen.form
    assert form is not None
    for typed in ("", "abc", "g-" + "a" * 26, "../../etc", "🎁" * 40):
        answer = await chat.router.send(await max_.turn(), form.to, {"code": typed})
        assert "No gift has this code" in str(answer)
    for page in ("gift/1", "gift/1/back", "credit/1/hand-back"):
        await max_.goes(page)
        assert "Starter" not in max_.text
    for page in ("gift-open/g-" + "b" * 26, "gift-shown/1/pabcdefgh"):
        await max_.goes(page)
        max_.sees("That link was used, withdrawn or is too old.")
    seen = await chat.notice(MAX, "gift-taken/1")
    assert seen is None or "Starter" not in as_text(seen)
    assert iva.count


async def test_older_gifts_stand_on_the_next_page(chat: BareChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving, "ON_A_PAGE", 1)
    iva = await bought(chat)
    await iva.goes(f"give/session/{chat.practice.paid.id}")
    await iva.taps("Buy it as a gift")
    await pays(chat, iva)
    await iva.goes("gifts")
    iva.sees("[Gift 1: Single]", "[Older gifts]")
    await iva.taps("Older gifts")
    iva.sees("[Gift 2: Starter]", "[Newer gifts]", "[Give Starter]")
    await iva.taps("Gift 2")
    iva.sees("Your gift: Starter")


async def test_without_card_payments_a_client_reads_nothing_of_settings(chat: BareChat) -> None:
    iva = await bought(chat)
    await iva.goes("gift/1/back")
    off = Gifts(chat.practice.storage, react, DEPLOYMENT)
    chat.use(replace(chat.desk, gifts=off))
    await iva.taps("Take it back")
    iva.sees("Card payments are switched off here", "Nothing was changed.")
    assert "STRIPE" not in iva.text
