import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payments.money import MAX_AMOUNT, Ambiguous, CurrencyMismatch, Money, decimals, parse_money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("45", "EUR", 4500),
        ("45.50", "EUR", 4550),
        ("45,5", "EUR", 4550),
        ("€45", "EUR", 4500),
        ("45 €", "EUR", 4500),
        ("45 eur", "EUR", 4500),
        ("$1,000.50", "USD", 100050),
        ("$45", "CAD", 4500),
        ("1.234,50 EUR", "EUR", 123450),
        ("1 200,50", "EUR", 120050),
        ("1'200.50", "CHF", 120050),
        ("1 234", "EUR", 123400),
        ("1'234", "EUR", 123400),
        ("1,234.56", "EUR", 123456),
        ("1.234.567", "JPY", 1234567),
        ("0", "EUR", 0),
        ("1,000", "JPY", 1000),
        ("1.234", "KWD", 1234),
        ("1,234.567", "KWD", 1234567),
        ("-3", "EUR", None),
        ("0.505", "USD", None),
        ("4.5", "JPY", None),
        ("45.", "EUR", None),
        ("€45", "USD", None),
        ("45 usd", "EUR", None),
        ("1,2,3", "EUR", None),
        ("4 5", "EUR", None),
        ("free", "EUR", None),
        ("", "EUR", None),
        ("٣", "EUR", None),
        ("10000000000.00", "EUR", None),
    ],
)
def test_amounts_as_people_type_them(text: str, currency: str, amount: int | None) -> None:
    assert parse_money(text, currency) == (None if amount is None else Money(amount, currency))


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [("95.555", "95.56", "95555"), ("€12,345", "12.35", "12345"), ("999.999", "1000.00", "999999")],
)
def test_three_digits_after_one_mark_are_not_guessed(text: str, small: str, large: str) -> None:
    assert parse_money(text, "EUR") == Ambiguous(text.strip("€"), small, large)


@given(st.integers(0, MAX_AMOUNT), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(".,"))
def test_every_amount_can_be_typed_with_either_mark(amount: int, currency: str, mark: str) -> None:
    places = decimals(currency)
    whole, fraction = divmod(amount, 10**places)
    text = f"{whole}{mark}{fraction:0{places}}" if places else str(whole)
    assert parse_money(text, currency) == Money(amount, currency)


@given(st.text(max_size=20))
def test_no_text_is_an_error(text: str) -> None:
    parse_money(text, "EUR")


def test_amounts_of_one_currency_add_up_and_those_of_two_never_do() -> None:
    assert Money(100, "EUR") + Money(50, "EUR") - Money(30, "EUR") == Money(120, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR")
    assert not Money(0, "EUR")
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "EUR") < Money(1, "USD")
