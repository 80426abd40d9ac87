"""Packages are kept while their settings can stand together, and for sale while somebody could use them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.credits.packages import Package, PackageMistake, PackageState
from bot.domain.payments.money import Money
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, NOW, OWNER, PAID, BarePractice, done, made, refused


@pytest.fixture
async def practice(storage: Storage) -> BarePractice:
    opened = BarePractice(storage, payments_on=True)
    await opened.set_up()
    return opened


async def single(practice: BarePractice, **fields: Any) -> Offer:
    """An open offer with a price."""
    offer = await practice.offer(replace(PAID, **fields))
    done(await practice.offers.open(await practice.act(OWNER), offer.id, offer.version))
    return replace(offer, version=offer.version + 1)


async def kept(practice: BarePractice, offer: Offer, **fields: Any) -> Package:
    draft = Package(0, "Starter", 5, Money(20250, "EUR"), (offer.id,), validity_months=6)
    package_id = made(await practice.packages.create(await practice.act(OWNER), replace(draft, **fields)))
    found = await practice.packages.find(package_id)
    assert found is not None
    return found


async def sold(practice: BarePractice, offer: Offer, **fields: Any) -> Package:
    package = await kept(practice, offer, **fields)
    done(await practice.packages.open(await practice.act(OWNER), package.id, package.version))
    return replace(package, state=PackageState.ACTIVE, version=package.version + 1)


async def names(practice: BarePractice) -> list[str]:
    return [package.name for package in await practice.packages.for_sale(NOW)]


async def test_a_package_is_kept_changed_sold_and_archived(practice: BarePractice) -> None:
    offer = await single(practice)
    package = await kept(practice, offer, weekly_cap=2)
    assert (package.state, package.offer_ids, package.validity_months, package.weekly_cap) == (
        PackageState.PAUSED, (offer.id,), 6, 2,
    )  # fmt: skip
    assert await names(practice) == []
    other = await single(practice, name="Double", length_min=100, price=Money(8000, "EUR"))
    change = practice.packages.change
    fields = {"name": "Big one", "offer_ids": (offer.id, other.id), "weekly_cap": None}
    done(await change(await practice.act(OWNER), package.id, package.version, **fields))
    refused(await change(await practice.act(OWNER), package.id, package.version, name="Late"), Code.CHANGED)
    [found] = await practice.packages.all()
    assert (found.name, found.offer_ids, found.weekly_cap) == ("Big one", (offer.id, other.id), None)
    done(await practice.packages.open(await practice.act(OWNER), found.id, found.version))
    assert await names(practice) == ["Big one"]
    assert [each.id for each in await practice.packages.for_offer(other.id, NOW)] == [found.id]
    assert await practice.packages.for_offer(1, NOW) == []
    done(await practice.packages.pause(await practice.act(OWNER), found.id, found.version + 1))
    assert await names(practice) == []
    done(await practice.packages.archive(await practice.act(OWNER), found.id, found.version + 2))
    assert await practice.packages.all() == []
    refused(await practice.packages.open(await practice.act(OWNER), found.id, found.version + 3), Code.NOT_FOUND)
    acts = [each for each in await practice.trail() if each.startswith("package.")]
    assert acts == [
        "package.created", "package.changed", "package.opened", "package.paused", "package.archived",
    ]  # fmt: skip


async def test_nobody_but_the_owner_keeps_packages(practice: BarePractice) -> None:
    package = await kept(practice, await single(practice))
    draft = replace(package, name="Mine")
    refused(await practice.packages.create(await practice.act(CLIENT), draft), Code.NOT_FOUND)
    refused(await practice.packages.open(await practice.act(CLIENT), package.id, package.version), Code.NOT_FOUND)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sessions": 1}, PackageMistake.SESSIONS),
        ({"price": Money(49, "EUR")}, PackageMistake.CHARGE),
        ({"price": Money(22501, "EUR")}, PackageMistake.DEARER),
        ({"offer_ids": ()}, PackageMistake.NO_OFFER),
        ({"offer_ids": (1,)}, PackageMistake.FREE_OFFER),
        ({"offer_ids": (999,)}, PackageMistake.NO_OFFER),
    ],
)
async def test_what_cannot_stand_is_neither_kept_nor_changed_to(
    practice: BarePractice, fields: dict[str, Any], reason: PackageMistake
) -> None:
    package = await kept(practice, await single(practice))
    for answer in (
        await practice.packages.create(await practice.act(OWNER), replace(package, **fields)),
        await practice.packages.change(await practice.act(OWNER), package.id, package.version, **fields),
    ):
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.reason) == (Code.CONTRADICTION, reason)
    assert await practice.packages.all() == [package]


async def test_without_payments_nothing_is_for_sale(storage: Storage, practice: BarePractice) -> None:
    await sold(practice, await single(practice))
    without = BarePractice(storage)
    assert await without.packages.for_sale(NOW) == []


async def test_it_is_for_sale_only_while_somebody_could_use_it(practice: BarePractice) -> None:
    offer = await single(practice)
    package = await sold(practice, offer, validity_months=None, valid_until=NOW + timedelta(days=90))
    assert await names(practice) == ["Starter"]
    assert await practice.packages.for_sale(NOW + timedelta(days=90)) == []
    done(await practice.offers.change(await practice.act(OWNER), offer.id, offer.version, price=Money(4000, "EUR")))
    assert await names(practice) == [], "it costs more than five single sessions"
    done(await practice.packages.pause(await practice.act(OWNER), package.id, package.version))
    done(await practice.offers.change(await practice.act(OWNER), offer.id, offer.version + 1, price=offer.price))
    done(await practice.packages.open(await practice.act(OWNER), package.id, package.version + 1))
    done(await practice.offers.pause(await practice.act(OWNER), offer.id, offer.version + 2))
    assert await names(practice) == []
    refused(await practice.packages.open(await practice.act(OWNER), package.id, package.version + 2), Code.OFFER_CLOSED)


async def test_another_currency_prices_packages_anew(practice: BarePractice) -> None:
    package = await sold(practice, await single(practice))
    done(await practice.practice.answer_currency(await practice.act(OWNER), "USD"))
    [found] = await practice.packages.all()
    assert (found.price, found.state) == (Money(20250, "USD"), PackageState.PAUSED)
    assert (await practice.trail())[-2:] == ["package.paused", "practice.currency"]
    assert package.price == Money(20250, "EUR")


async def test_a_second_delivery_adds_nothing(practice: BarePractice) -> None:
    offer = await single(practice)
    act, draft = await practice.act(OWNER), Package(0, "Starter", 5, Money(20250, "EUR"), (offer.id,))
    first = done(await practice.packages.create(act, draft))
    assert done(await practice.packages.create(act, draft)).next == first.next
    assert len(await practice.packages.all()) == 1
