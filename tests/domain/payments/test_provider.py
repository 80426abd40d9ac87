"""What a payment provider can never charge, and by which limit; Stripe's amounts there and back."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payments.money import Money, decimals
from bot.domain.payments.provider import ChargeMistake, ProviderTerms, uncharged
from bot.integrations.payments.stripe.amounts import from_stripe, limits, to_stripe

STRIPE = ProviderTerms("stripe", "Stripe", limits)
told = partial(uncharged, terms=STRIPE)


@pytest.mark.parametrize(
    ("amount", "currency", "mistake", "limit"),
    [
        (0, "EUR", None, None),
        (49, "EUR", ChargeMistake.LEAST, 50),
        (50, "EUR", None, None),
        (99_999_999, "EUR", None, None),
        (100_000_000, "EUR", ChargeMistake.MOST, 99_999_999),
        (49, "JPY", ChargeMistake.LEAST, 50),
        (17_499, "HUF", ChargeMistake.LEAST, 17_500),
        (1_000_000, "ISK", ChargeMistake.MOST, 999_999),
        (4550, "MGA", ChargeMistake.STEP, 100),
        (4500, "MGA", None, None),
        (1234, "KWD", ChargeMistake.STEP, 10),
        (1230, "KWD", None, None),
        (4500, "IRR", ChargeMistake.CURRENCY, None),
        (4500, "XYZ", ChargeMistake.CURRENCY, None),
    ],
)
def test_the_limit_that_a_price_breaks_is_named(
    amount: int, currency: str, mistake: ChargeMistake | None, limit: int | None
) -> None:
    found = told(Money(amount, currency))
    assert (None if found is None else found.mistake) == mistake
    assert (None if found is None or found.limit is None else found.limit.amount) == limit


def test_while_nobody_charges_anything_every_price_can_stand() -> None:
    assert uncharged(Money(1, "XYZ"), None) is None


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "ISK", "UGX", "MGA", "KWD", "HUF"]))
def test_what_can_be_charged_comes_back_as_it_was_asked_for(amount: int, currency: str) -> None:
    price = Money(amount, currency)
    if told(price) is None:
        assert from_stripe(to_stripe(price), currency) == price


def test_kronur_are_written_with_two_decimals_and_ariary_with_none() -> None:
    assert [to_stripe(Money(4500, code)) for code in ("ISK", "MGA", "JPY", "KWD")] == [450_000, 45, 4500, 4500]
    assert decimals("ISK") == 0
