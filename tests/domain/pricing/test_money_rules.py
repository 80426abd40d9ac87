"""Over random policies, times, balances and covers nothing is lost, and nobody pays twice or more than the price."""

import random
from collections.abc import Iterator

import pytest

from bot.domain.bookings.policy import Actor, Cancelled, Policy, cancel_outcome
from bot.domain.payments.money import CurrencyMismatch, Money
from bot.domain.payments.provider import ChargeLimits
from bot.domain.pricing.discounts import Discount, difference, reduced
from bot.domain.pricing.effects import Coverage, CreditChange, CreditCover
from bot.domain.pricing.package_refund import WITHDRAWAL, BoughtPackage, PackageRefund, package_refund
from bot.domain.pricing.rounding import split, tax_of_part

CASES = 10_000
STARTS = 1_800_000_000
LIMITS = (ChargeLimits(50, 99_999_999), ChargeLimits(100, 999_999_990, 10), ChargeLimits(50, 9_999_999))


def cases() -> Iterator[random.Random]:
    chance = random.Random(20261130)
    for _case in range(CASES):
        yield chance


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def any_coverage(chance: random.Random) -> Coverage:
    price = eur(chance.choice((0, 50, chance.randrange(100_000))))
    fee = chance.choice((None, eur(chance.randrange(20_000))))
    match chance.randrange(3):
        case 0:
            return Coverage(price, eur(chance.randrange(price.amount + 1)), fee=fee)
        case 1:
            left = chance.randrange(20)
            return Coverage(price, credit=CreditCover(left, chance.choice((None, STARTS)), STARTS), fee=fee)
    return Coverage(price, fee=fee)


def any_package(chance: random.Random) -> BoughtPackage:
    sessions = chance.choice((1, 5, 10, 20))
    paid = chance.choice((0, chance.randrange(100), chance.randrange(500_000)))
    ahead = tuple(range(chance.randrange(sessions + 1)))
    free = chance.randrange(len(ahead) + 1)
    given_back = chance.choice((0, chance.randrange(paid + 1)))
    single, used = chance.randrange(50_000), chance.randrange(sessions - len(ahead) + 1)
    return BoughtPackage(
        eur(paid), eur(given_back), sessions, eur(single), STARTS, used, ahead[:free], ahead[free:]
    )  # fmt: skip


def test_a_cancel_loses_nothing_and_costs_once_at_most() -> None:
    for chance in cases():
        coverage, actor = any_coverage(chance), chance.choice(list(Actor))
        policy = Policy(chance.randrange(5000), chance.randrange(5000), chance.randrange(3))
        now, late = STARTS + chance.randrange(-400_000, 10_000), chance.random() < 0.2
        told = cancel_outcome(policy, coverage, STARTS, now, actor, late=late)
        effect = told.effect
        assert (effect.back is None) == (effect.kept is None) == (coverage.paid is None)
        if effect.back is not None and effect.kept is not None and coverage.paid is not None:
            assert effect.back + effect.kept == coverage.paid
        assert effect.costs <= 1
        if effect.fee is not None:
            assert coverage.fee is not None
            assert effect.fee == (min(coverage.fee, coverage.price) if coverage.price else coverage.fee)
        if told.becomes is Cancelled.IN_TIME and told.changes_at is not None and policy.cancel_cutoff_min:
            then = cancel_outcome(policy, coverage, STARTS, told.changes_at, actor)
            assert told.fee_then == then.effect.fee, "what is told to come is what comes"
        assert effect.pay is None
        if told.becomes in (Cancelled.IN_TIME, Cancelled.BY_COACH):
            assert not effect.costs
        if told.allowed and coverage.credit is not None:
            given = told.becomes is not Cancelled.LATE
            assert effect.change is (CreditChange.RETURNED if given else CreditChange.SPENT)
            left = coverage.credit.left
            assert effect.left == (None if left is None else left + given)


def test_a_booking_is_covered_by_money_or_by_a_credit() -> None:
    with pytest.raises(ValueError, match="money or by a credit"):
        Coverage(eur(4500), eur(4500), CreditCover(3))


def test_a_credit_that_is_returned_in_time_can_be_booked_beside_the_others() -> None:
    for chance in cases():
        left = chance.randrange(20)
        back = cancel_outcome(
            Policy(0), Coverage(eur(4500), credit=CreditCover(left, STARTS, STARTS)), STARTS, 0, Actor.CLIENT
        ).effect
        assert (back.left, back.until) == (left + 1, STARTS)


def test_parts_add_up_and_differ_by_one_unit_at_most() -> None:
    for chance in cases():
        amount, parts = eur(chance.randrange(10 ** chance.randrange(1, 10))), chance.randrange(1, 30)
        found = [part.amount for part in split(amount, parts)]
        assert sum(found) == amount.amount
        assert found == sorted(found, reverse=True)
        assert found[0] - found[-1] <= 1


def test_all_parts_that_go_back_have_the_tax_that_was_paid() -> None:
    for chance in cases():
        paid = eur(chance.randrange(1, 100_000))
        tax, before, taxes = eur(chance.randrange(paid.amount + 1)), eur(0), 0
        while before < paid:
            rest = (paid - before).amount
            part = eur(rest if chance.random() < 0.3 else chance.randint(1, rest))
            of_part = tax_of_part(tax, paid, before, part)
            assert 0 <= of_part.amount <= part.amount
            taxes, before = taxes + of_part.amount, before + part
        assert taxes == tax.amount


def test_a_package_gives_back_no_more_than_was_paid_and_less_the_more_of_it_is_used() -> None:
    for chance in cases():
        package, now = any_package(chance), STARTS + chance.randrange(2 * WITHDRAWAL)
        refund = package_refund(package, now)
        assert _whole(refund) == package.paid - package.given_back
        assert _back(refund) >= 0
        assert refund.effect.credits + refund.counted == package.sessions
        assert refund.ends == (*package.reserved, *package.late)
        if refund.counted == package.sessions and refund.each is None:
            assert _back(refund) == 0
        if package.used:
            less_used = BoughtPackage(
                package.paid, package.given_back, package.sessions, package.single_price, STARTS, package.used - 1
            )
            assert _back(package_refund(less_used, now)) >= _back(refund)


def test_a_package_is_worth_what_was_told_until_the_moment_that_is_named() -> None:
    for chance in cases():
        package, now = any_package(chance), STARTS + chance.randrange(2 * WITHDRAWAL)
        refund = package_refund(package, now)
        if refund.changes_at is None:
            assert _back(package_refund(package, now + chance.randrange(WITHDRAWAL))) == _back(refund)
        else:
            assert now < refund.changes_at
            assert _back(package_refund(package, refund.changes_at - 1)) == _back(refund)


def _back(refund: PackageRefund) -> int:
    assert refund.effect.back is not None
    return refund.effect.back.amount


def _whole(refund: PackageRefund) -> Money:
    assert refund.effect.back is not None
    assert refund.effect.kept is not None
    return refund.effect.back + refund.effect.kept


def test_a_price_after_a_coupon_is_one_that_can_be_charged_or_0() -> None:
    for chance in cases():
        limits = chance.choice(LIMITS)
        price = eur(limits.least + chance.randrange(10_000) * limits.step)
        amount = eur(chance.randrange(1, 120_000))
        discount = chance.choice((Discount(percent=chance.randint(1, 100)), Discount(amount=amount)))
        after = reduced(price, discount, limits)
        assert after <= price
        assert not after or (after.amount >= limits.least and after.amount % limits.step == 0)
        if discount.amount is not None:
            assert price - after <= discount.amount or not after or limits.step > 1
        if discount.percent == 100:
            assert not after


def test_a_coupon_of_another_currency_is_no_discount() -> None:
    with pytest.raises(CurrencyMismatch):
        reduced(eur(4500), Discount(amount=Money(1000, "USD")), LIMITS[0])


def test_a_move_to_another_offer_loses_nothing() -> None:
    for chance in cases():
        paid, price, limits = eur(chance.randrange(20_000)), eur(chance.randrange(20_000)), LIMITS[0]
        found = difference(paid, price, limits, can_refund=chance.random() < 0.5)
        effect, nothing = found.effect, eur(0)
        assert effect.kept is not None
        went = (effect.back or nothing) + (effect.credited or nothing)
        assert effect.kept + went == paid
        assert effect.kept + (effect.pay or nothing) + found.waived == price
        assert not (effect.pay and went)
        assert effect.pay is None or effect.pay.amount >= limits.least
