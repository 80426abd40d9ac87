"""Packages as a client meets them: what there is to buy, the way to pay, what is left, and what became of each."""

from dataclasses import replace

from bot.domain.credits.packages import Package
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Platform, Profile
from storage.payments import payments
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER, done, made

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
MAX = Profile(Platform.TELEGRAM, "", "7003", "7003", "Max", language="en", zone="Europe/Berlin")


async def for_sale(chat: BareChat) -> Package:
    """Five sessions for €202.50, which clients can buy."""
    now, offer = chat.practice.now(), chat.practice.paid
    draft = Package(0, "Starter", 5, Money(20250, "EUR"), (offer.id,), validity_months=6, weekly_cap=2)
    package_id = made(await chat.desk.packages.create(await chat.practice.act(OWNER, now), draft))
    done(await chat.desk.packages.open(await chat.practice.act(OWNER, now), package_id, 1))
    found = await chat.desk.packages.find(package_id)
    assert found is not None
    return found


async def pays(chat: BareChat, who: Somebody) -> None:
    """Pay what is asked for on the page that they see."""
    await chat.practice.pays(await page_of(chat, who))
    await chat.practice.heard()


async def page_of(chat: BareChat, who: Somebody) -> Payment:
    order_id = int((who.screen.address or "").split("/")[1])
    page = await chat.desk.payments.ready_order(order_id, chat.practice.now())
    assert page is not None
    return page


async def test_an_empty_list_says_what_to_do(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("packages")
    iva.sees("You have no sessions paid ahead, and there are no packages to buy now.", "[Book a session]")
    await for_sale(chat)
    await iva.goes("packages")
    iva.sees("Buy several at once for less", "Starter: 5 sessions, €202.50", "[Starter]")


async def test_a_package_is_bought_seen_and_told(chat: BareChat) -> None:
    await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes("packages")
    await iva.taps("Starter")
    iva.sees(
        "5 sessions for €202.50", "€40.50 a session, €22.50 (10%) less than one by one", "For: Single",
        "Valid for 6 months from the purchase.", "At most 2 of these sessions a week.", "Each booking takes one",
    )  # fmt: skip
    await iva.taps("Buy it")
    iva.sees("Starter", "€202.50", "[Leave it]")
    assert [link.text for link in iva.links] in ([], ["Pay €202.50"])
    await pays(chat, iva)
    order = iva.screen.address or ""
    await iva.goes(order)
    iva.sees("Paid: Starter", "5 sessions left", "[Book a session]", "[My packages]")
    await iva.taps("My packages")
    iva.sees("Starter", "5 sessions left", "01:00 (Kyiv)")  # it ends with a day of the practice, in Berlin
    await iva.taps("History of Starter")
    iva.sees("bought. 5 left.")
    told = {(who, address) for who, address, _state in await chat.practice.notices("order-paid")}
    assert len(told) == 2
    seen = await chat.notice(OWNER, f"notice/{order.replace('order', 'order-paid')}")
    assert seen is not None
    assert "From Iva" in as_text(seen)
    max_ = Somebody(chat, MAX)
    await max_.goes("credit/1")
    max_.sees("This is no longer here")


async def test_who_has_told_no_time_zone_reads_the_clock_of_the_practice(chat: BareChat) -> None:
    package = await for_sale(chat)
    max_without = Somebody(chat, replace(MAX, zone=None))
    await max_without.goes(f"package/{package.id}")
    await max_without.taps("Buy it")
    max_without.sees("It can be paid until", "(Berlin)")


async def test_what_was_told_is_what_is_bought(chat: BareChat) -> None:
    """The package is changed, and taken from sale, after the page to pay was made."""
    package = await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"package/{package.id}")
    await iva.taps("Buy it")
    act = await chat.practice.act(OWNER, chat.practice.now())
    fields = {"name": "Other", "sessions": 6, "validity_months": 1}
    done(await chat.desk.packages.change(act, package.id, package.version, **fields))
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.desk.packages.archive(act, package.id, package.version + 1))
    await pays(chat, iva)
    await iva.goes("packages")
    iva.sees("Starter", "5 sessions left")
    [mine] = await chat.desk.balances.of_person((await iva.turn()).person.id)
    grant = mine.holding.grant
    assert (grant.sessions, grant.weekly_cap, grant.single_price) == (5, 2, Money(4500, "EUR"))
    assert (grant.price, grant.package_id) == (Money(20250, "EUR"), package.id)
    assert list(grant.offer_ids) == [chat.practice.paid.id]
    assert grant.expires_at is not None
    assert (grant.expires_at - grant.bought_at).days in range(180, 185)


async def test_an_old_button_buys_nothing_that_was_changed(chat: BareChat) -> None:
    package = await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"package/{package.id}")
    old = iva.button("Buy it").to
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.desk.packages.change(act, package.id, package.version, price=Money(21000, "EUR")))
    await iva.goes(old)
    iva.sees("Something has changed", "€210.00")
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.desk.packages.pause(act, package.id, package.version + 1))
    await iva.goes(f"package/{package.id}")
    iva.sees("This package cannot be bought now.")


async def test_bundle_paid_twice(chat: BareChat) -> None:
    """The first grants; the second is refunded whole."""
    await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes("package/1")
    await iva.taps("Buy it")
    page = await page_of(chat, iva)
    parameters = await chat.practice.storage.read(lambda tx: payments.parameters(tx, page.id))
    second = await chat.practice.provider.open(parameters, "another key")
    await chat.practice.pays(page)
    await chat.practice.heard()  # or Stripe may tell of the second page first
    await chat.practice.control("pay", session=second.ref)
    await chat.practice.heard()
    await iva.goes("packages")
    assert iva.text.count("5 sessions left") == 1
    [(_who, address, _state), *_owners] = await chat.practice.notices("order-money")
    seen = await chat.notice(IVA, address)
    assert seen is not None
    assert "€202.50 was paid a second time" in as_text(seen)


async def test_the_same_package_can_be_bought_again(chat: BareChat) -> None:
    await for_sale(chat)
    iva = Somebody(chat, IVA)
    for _time in range(2):
        await iva.goes("package/1")
        await iva.taps("Buy it")
        await pays(chat, iva)
        chat.practice.advance(minutes=1)
    await iva.goes("packages")
    assert iva.text.count("5 sessions left") == 2


async def test_while_a_time_is_held_that_is_paid_first(chat: BareChat) -> None:
    await for_sale(chat)
    iva = Somebody(chat, IVA)
    at = await chat.next_start(paid=True)
    await iva.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
    await iva.taps("Hold and pay")
    await iva.goes("package/1")
    await iva.taps("Buy it")
    iva.sees("You hold a time that is not paid yet.", "[Pay, or let it go]")
