"""A client's code: asked for on the page of a held time, or brought by a link; the new price stands before paying."""

import sqlalchemy as sa

from bot.chat.forms import read_form
from bot.chat.screen import Invalid
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.people import Platform, Profile
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_packages import for_sale, pays
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def coupon(chat: BareChat, discount: str = "20 %") -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("coupons/new")
    await olga.fills(code="SPRING", discount=discount)


async def holding(chat: BareChat) -> Somebody:
    iva, at = Somebody(chat, IVA), await chat.next_start(paid=True)
    await iva.goes(f"review/{chat.practice.paid.id}/1/{at:%Y%m%dT%H%MZ}")
    await iva.taps("Hold")
    iva.sees("Held: ")
    return iva


async def buying(chat: BareChat) -> Somebody:
    """A package of 5 that the coupon is for, too."""
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await for_sale(chat)
    await olga.goes("coupon/1/for")
    await olga.taps("Add Starter")
    await iva.goes("packages")
    await iva.taps("Starter")
    await iva.taps("Buy it")
    return iva


async def refused(somebody: Somebody, code: str) -> str:
    form = somebody.screen.form
    assert form is not None
    values, errors = read_form(form, {"code": code})
    assert not errors
    answer = await somebody.chat.router.send(await somebody.turn(), form.to, values)
    assert isinstance(answer, Invalid)
    return answer.errors["code"]


async def test_the_new_price_is_seen_before_paying(chat: BareChat) -> None:
    await coupon(chat)
    iva = await holding(chat)
    assert [link.text for link in iva.links] == ["Pay €45.00"]
    await iva.taps("Enter a code")
    iva.sees("You see the new price before you pay.")
    assert "I do not know this code." in await refused(iva, "SUMMER")
    await iva.fills(code="spring")
    iva.sees("SPRING counts: you pay €36.00.", "With the code SPRING, instead of €45.00.", "€36.00")
    assert [link.text for link in iva.links] == ["Pay €36.00"]
    assert not any(button.text == "Enter a code" for button in iva.buttons)


async def test_where_nothing_is_left_to_pay_the_time_is_booked(chat: BareChat) -> None:
    await coupon(chat, "100 %")
    iva = await holding(chat)
    await iva.taps("Enter a code")
    await iva.fills(code="SPRING")
    iva.sees("SPRING covers all of it: there is nothing to pay.", "Booked: ", "free", "[Cancel session]")
    assert iva.screen.kept is not None, "the answer is the message that says so, and no other comes"
    assert iva.screen.kept.kind == NoticeKind.BOOKED
    assert not any("Pay" in link.text for link in iva.links)


async def test_a_link_brings_the_code_to_what_is_held(chat: BareChat) -> None:
    await coupon(chat)
    iva = Somebody(chat, IVA)
    to = await chat.desk.sharing.resolve("coupon-spring", (await iva.turn()).person, chat.practice.now())
    assert to == "code/spring"
    await iva.goes(to)
    iva.sees("Your code SPRING", "Choose a time or a package first.", "[Book a session]", "[My packages]")
    iva = await holding(chat)
    await iva.goes(to)
    await iva.taps("Use it for this")
    iva.sees("SPRING counts: you pay €36.00.")
    for payload in ("coupon-", "coupon-a", "coupon-'", "coupon-" + "a" * 30):
        assert await chat.desk.sharing.resolve(payload, (await iva.turn()).person, chat.practice.now()) is None


async def test_a_link_brings_the_code_to_a_package_that_waits_to_be_paid(chat: BareChat) -> None:
    await coupon(chat)
    iva = await buying(chat)
    await iva.goes("code/spring")
    iva.sees("Your code SPRING", "Starter: €202.50", "You see the new price before you pay.")
    await iva.taps("Use it for this")
    iva.sees("SPRING counts.", "€162.00", "With the code SPRING, instead of €202.50.")


async def test_a_link_does_not_bring_the_code_to_what_takes_none(chat: BareChat) -> None:
    await coupon(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"give/session/{chat.practice.paid.id}")
    await iva.taps("Buy it as a gift")
    await iva.goes("code/spring")
    iva.sees("Choose a time or a package first.")


async def test_without_coupons_nobody_is_asked_for_a_code(chat: BareChat) -> None:
    iva = await holding(chat)
    assert not any(button.text == "Enter a code" for button in iva.buttons)
    await coupon(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes("coupon/1")
    await olga.taps("Stop it")
    await iva.goes(iva.screen.address or "")
    assert not any(button.text == "Enter a code" for button in iva.buttons)


async def test_somebody_elses_hold_takes_no_code(chat: BareChat) -> None:
    await coupon(chat)
    iva = await holding(chat)
    other = Somebody(chat, Profile(Platform.SLACK, "T0AAA", "U0BOB", "D0BOB", "Bob", language="en", zone="Europe/Kyiv"))
    await other.goes(f"{iva.screen.address}/code")
    assert other.screen.form is None


async def test_a_package_is_bought_for_less(chat: BareChat) -> None:
    await coupon(chat)
    iva = await buying(chat)
    await iva.taps("Enter a code")
    iva.sees("€202.50", "You see the new price before you pay.")
    await iva.fills(code="spring")
    iva.sees("SPRING counts.", "€162.00", "With the code SPRING, instead of €202.50.", "[Leave it]")
    assert [link.text for link in iva.links] == ["Pay €162.00"]
    await pays(chat, iva)
    await iva.goes("packages")
    iva.sees("Starter")
    [grant] = await chat.practice.storage.read(lambda tx: tx.execute(sa.select(tables.grants.c.price)).scalars().all())
    assert grant == 16200


async def test_a_package_for_nothing_is_there_at_once(chat: BareChat) -> None:
    await coupon(chat, "100 %")
    iva = await buying(chat)
    await iva.taps("Enter a code")
    await iva.fills(code="spring")
    iva.sees("SPRING covers all of it: there is nothing to pay.", "Paid: Starter", "[Book a session]")
    assert iva.screen.kept is not None, "the answer is the message that says so, and no other comes"
    assert iva.screen.kept.kind == NoticeKind.ORDER_PAID
    await iva.goes("packages")
    iva.sees("Starter")
