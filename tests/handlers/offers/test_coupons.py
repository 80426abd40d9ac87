"""Coupons as owners keep them: added, changed, stopped, and refused where their settings exclude each other."""

import pytest

from bot.channels.telegram.render import draw
from bot.chat.forms import read_form
from bot.chat.screen import Invalid
from bot.domain.credits.packages import Package
from bot.domain.payments.money import Money
from bot.domain.pricing.discounts import Discount
from bot.domain.refusals import Done
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import CLIENT, OWNER


async def made(chat: BareChat, code: str = "spring20", discount: str = "20 %") -> Somebody:
    olga = Somebody(chat, OWNER)
    await olga.goes("coupons/new")
    await olga.fills(code=code, discount=discount)
    return olga


async def refuses(somebody: Somebody, **raw: str) -> dict[str, str]:
    """What is said about answers that cannot stand, each by itself or together."""
    form = somebody.screen.form
    assert form is not None
    values, errors = read_form(form, raw)
    if errors:
        return errors
    answer = await somebody.chat.router.send(await somebody.turn(), form.to, values)
    assert isinstance(answer, Invalid), answer
    return dict(answer.errors)


async def test_a_coupon_is_added_stopped_and_started_again(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers")
    await olga.taps("Coupons")
    olga.sees("There are none yet.")
    await olga.taps("Add a coupon")
    await olga.fills(code="Spring 20", discount="20%")
    olga.sees("SPRING20", "20 percent off", "For every offer.", "So far: not used yet.", "can use it once")
    await olga.taps("Stop it")
    olga.sees("Stopped: it counts no more.")
    await olga.taps("All coupons")
    olga.sees("SPRING20: 20 percent off, stopped")
    await olga.goes("coupon/1")
    await olga.taps("Start it again")
    olga.sees("It counts again.")
    await olga.goes("audit")
    olga.sees("Coupon SPRING20 was added", "percentage: 20", "Coupon SPRING20 was stopped", "state: active → stopped")


async def test_the_link_of_a_coupon_can_be_tapped_and_copied(chat: BareChat) -> None:
    chat.desk.sharing.telegram_username = "rapport_bot"
    olga = await made(chat)
    await olga.goes("coupon/1")
    assert "need not type it: https://t.me/rapport_bot?start=coupon-spring20" in draw(olga.screen).html


async def test_many_coupons_are_read_page_by_page(chat: BareChat) -> None:
    olga = await made(chat, "CODE0")
    for number in range(1, 9):
        await made(chat, f"CODE{number}")
    await olga.goes("coupons")
    olga.sees("CODE0", "CODE7")
    assert "CODE8" not in olga.text
    await olga.taps("Next page")
    olga.sees("CODE8", "[Earlier page]")
    assert "CODE7" not in olga.text


async def test_its_code_discount_and_limits_are_changed(chat: BareChat) -> None:
    olga = await made(chat)
    await olga.taps("Code and discount")
    await olga.fills(code="WINTER", discount="10.50")
    olga.sees("Saved.", "WINTER", "€10.50 off")
    found = await chat.desk.coupons.find(1)
    assert found is not None
    assert found[0].discount == Discount(amount=Money(1050, "EUR"))
    await olga.taps("How often")
    await olga.fills(most_uses="10", most_per_client="1", first_purchase_only="1", until="2027-03-31")
    olga.sees("Only for a client's first purchase.", "used 0 of 10 times", "Its last day is Wed 31 Mar.")
    await olga.goes("audit")
    olga.sees("for a first purchase: no → yes", "uses: none → 10", "valid until: none → Thu 1 Apr")


@pytest.mark.parametrize(
    ("group", "raw", "asked", "said"),
    [
        ("discount", {"code": "AB", "discount": "20 %"}, "code", "3 to 20 letters"),
        ("discount", {"code": "OTHER", "discount": "20 %"}, "code", "Another coupon has this code."),
        ("discount", {"code": "SPRING20", "discount": "0 %"}, "discount", "from 1 to 100"),
        ("discount", {"code": "SPRING20", "discount": "101 %"}, "discount", "from 1 to 100"),
        ("discount", {"code": "SPRING20", "discount": "20"}, "discount", "Write 20 % or 20 EUR."),
        ("discount", {"code": "SPRING20", "discount": "0.00"}, "discount", "more than 0"),
        ("discount", {"code": "SPRING20", "discount": "some"}, "discount", "Write a percentage"),
        ("limits", {"most_uses": "1", "most_per_client": "2"}, "most_per_client", "more often than all clients"),
        ("limits", {"most_per_client": "2", "first_purchase_only": "1"}, "most_per_client", "happens once"),
        ("limits", {"most_per_client": "0"}, "most_per_client", "from 1 to 9999"),
        ("limits", {"until": "2020-01-01"}, "until", "Write one day from today on"),
    ],
)
async def test_settings_that_exclude_each_other_are_refused_with_the_reason(
    chat: BareChat, group: str, raw: dict[str, str], asked: str, said: str
) -> None:
    olga = await made(chat, "OTHER", "5.00")
    await made(chat)
    await olga.goes(f"coupon/2/edit/{group}")
    limits = {"most_uses": "", "most_per_client": "1", "first_purchase_only": "0", "until": ""}
    whole = limits if group == "limits" else {}
    errors = await refuses(olga, **{**whole, **raw})
    assert list(errors) == [asked]
    assert said in errors[asked]


async def test_a_coupon_is_for_some_offers_and_never_for_nothing(chat: BareChat) -> None:
    olga = await made(chat)
    await olga.taps("What it is for")
    await olga.taps("Take out Intro")
    olga.sees("For: Single", "[Add Intro]", "[Every offer]")
    await olga.taps("Take out Single")
    olga.sees("It would be for nothing.")
    await olga.goes("coupon/1/for")
    await olga.taps("Every offer")
    olga.sees("For every offer.")


async def test_what_two_owners_change_at_once_is_changed_once(chat: BareChat) -> None:
    olga = await made(chat)
    await olga.goes("coupon/1")
    stop = next(button for button in olga.buttons if button.text == "Stop it")
    await olga.goes("coupon/1/edit/discount")
    await olga.fills(code="SPRING25", discount="25 %")
    await olga.goes(stop.to)
    olga.sees("Something has changed")


async def test_clients_find_no_page_of_coupons(chat: BareChat) -> None:
    await made(chat)
    clara = Somebody(chat, CLIENT)
    for address in ("coupons", "coupon/1", "coupons/new", "coupon/1/for"):
        await clara.goes(address)
        assert not clara.screen.form
        assert "SPRING20" not in clara.screen.title


async def test_a_coupon_is_for_packages_too(chat: BareChat) -> None:
    now, offer = chat.practice.now(), chat.practice.paid
    draft = Package(0, "Starter", 5, Money(20250, "EUR"), (offer.id,))
    made_by = await chat.practice.act(OWNER, now)
    assert isinstance(await chat.desk.packages.create(made_by, draft), Done)
    olga = await made(chat)
    await olga.taps("What it is for")
    await olga.taps("Add Starter")
    olga.sees("For: every offer, Starter", "[Every package]")
    await olga.taps("Every package")
    olga.sees("For every offer and every package.", "[Take out Starter]")
    await olga.taps("Take out Starter")
    olga.sees("For every offer.")
    await olga.goes("coupon/1/package/77")
    assert "SPRING20" not in olga.text
