"""What is said of a package that somebody has."""

from datetime import UTC, datetime

from bot.domain.credits.grants import Credits, Grant, Holding
from bot.domain.payments.money import Money
from bot.handlers.kit import package_words
from bot.services.credits.balances import Balance

END = datetime(2027, 2, 28, 23, tzinfo=UTC)


def told(*grace: datetime) -> list[str]:
    price = Money(20250, "EUR")
    grant = Grant(1, 1, "Starter", 5, price, price, datetime(2026, 9, 1, tzinfo=UTC), END)
    holding = Holding(grant, Credits(available=1, number=9, grace=grace))
    return [line.text for line in package_words.balance(Balance(holding, 4), "Europe/Berlin")]


def test_it_says_until_which_day_it_is_valid() -> None:
    assert told() == ["Starter", "1 session left, 4 used", "Valid until Sunday, 28 February 2027."]


def test_a_credit_with_days_of_grace_is_valid_until_they_end() -> None:
    assert told(datetime(2027, 3, 6, 10, tzinfo=UTC))[-1] == "Valid until Sat 6 Mar, 11:00 (Berlin)."
