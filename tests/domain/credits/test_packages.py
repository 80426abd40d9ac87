"""What is proposed, saved and refused of a package, and until when it is good."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.calendar.local_dates import end_of_day, last_day, months_after
from bot.domain.credits.packages import Package, PackageMistake, expires_at, mistake, proposals
from bot.domain.credits.parse_package import PackageLine, parse_package_line
from bot.domain.payments.money import Ambiguous, Money
from bot.domain.payments.provider import ProviderTerms
from bot.integrations.payments.stripe.amounts import limits

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
VIENNA = "Europe/Vienna"
STRIPE = ProviderTerms("stripe", "Stripe", limits)
FIVE = Package(1, "Starter", 5, Money(20250, "EUR"), (1,), validity_months=6)


@dataclass(frozen=True)
class Sold:
    id: int
    price: Money
    limited: bool = False


SINGLE = Sold(1, Money(4500, "EUR"))


@pytest.mark.parametrize(
    ("single", "prices"),
    [
        (Money(4500, "EUR"), [20250, 38250, 72000]),
        (Money(4999, "EUR"), [22495, 42491, 79984]),
        (Money(4500, "JPY"), [20250, 38250, 72000]),
        (Money(9999, "KWD"), [44990, 84990, 159980]),
        (Money(9000, "UGX"), [40500, 76500, 144000]),
        (Money(0, "EUR"), []),
        (Money(99_999_999, "EUR"), []),
        (Money(10_000_000, "EUR"), [45_000_000, 85_000_000]),
        (Money(4500, "IRR"), []),
    ],
    ids=str,
)
def test_three_packages_are_proposed_from_the_price_of_one_session(single: Money, prices: list[int]) -> None:
    found = proposals(single, STRIPE)
    assert [each.price for each in found] == [Money(amount, single.currency) for amount in prices]
    assert all(each.price.amount <= single.amount * each.sessions * (100 - each.percent) / 100 for each in found)
    assert [(each.sessions, each.percent, each.months) for each in found] == (
        [(5, 10, 6), (10, 15, 9), (20, 20, 12)][: len(prices)]
    )


def test_without_a_provider_they_are_proposed_all_the_same() -> None:
    assert [each.price.amount for each in proposals(Money(4500, "EUR"), None)] == [20250, 38250, 72000]


def test_a_price_is_shared_out_and_compared() -> None:
    assert (FIVE.a_session, FIVE.comes_out_even) == (Money(4050, "EUR"), True)
    three = replace(FIVE, sessions=3, price=Money(10000, "EUR"))
    assert (three.a_session, three.comes_out_even) == (Money(3333, "EUR"), False)
    assert (replace(three, price=Money(20000, "EUR")).a_session) == Money(6667, "EUR")
    assert (FIVE.saved(SINGLE.price), FIVE.saved_percent(SINGLE.price)) == (Money(2250, "EUR"), 10)
    assert (FIVE.saved(Money(4000, "EUR")), FIVE.saved_percent(Money(4000, "EUR"))) == (Money(0, "EUR"), 0)
    assert FIVE.saved(Money(9000, "USD")) == Money(0, "EUR")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": " "}, PackageMistake.NAME),
        ({"name": "n" * 61}, PackageMistake.NAME),
        ({"sessions": 1}, PackageMistake.SESSIONS),
        ({"sessions": 101}, PackageMistake.SESSIONS),
        ({"price": Money(0, "EUR")}, PackageMistake.PRICE),
        ({"price": Money(20250, "USD")}, PackageMistake.PRICE),
        ({"validity_months": 0}, PackageMistake.MONTHS),
        ({"validity_months": 61}, PackageMistake.MONTHS),
        ({"valid_until": datetime(2027, 6, 1, tzinfo=UTC)}, PackageMistake.TWO_ENDS),
        ({"validity_months": None, "valid_until": NOW}, PackageMistake.OVER),
        ({"weekly_cap": 0}, PackageMistake.WEEKLY_CAP),
        (
            {"weekly_cap": 1, "sessions": 20, "price": Money(72000, "EUR"), "validity_months": 4},
            PackageMistake.TOO_SLOW,
        ),
        ({"price": Money(22501, "EUR")}, PackageMistake.DEARER),
    ],
)
def test_settings_that_exclude_each_other_have_a_reason(fields: dict[str, object], reason: PackageMistake) -> None:
    assert mistake(replace(FIVE, **fields), [SINGLE], "EUR", NOW) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"price": Money(22500, "EUR")},
        {"validity_months": None},
        {"validity_months": None, "valid_until": datetime(2026, 12, 2, tzinfo=UTC)},
        {"weekly_cap": 1, "validity_months": 1},  # the fifth begins four weeks later
    ],
)
def test_settings_at_the_edge_stand(fields: dict[str, object]) -> None:
    assert mistake(replace(FIVE, **fields), [SINGLE], "EUR", NOW) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("covered", "reason"),
    [
        ([], PackageMistake.NO_OFFER),
        ([SINGLE, Sold(2, Money(0, "EUR"))], PackageMistake.FREE_OFFER),
        ([replace(SINGLE, limited=True)], PackageMistake.ONCE),
        ([replace(SINGLE, limited=True), SINGLE], None),
        ([Sold(2, Money(4000, "EUR"))], PackageMistake.DEARER),
        ([SINGLE, Sold(2, Money(4000, "EUR"))], None),
    ],
)
def test_what_it_is_for_decides_as_well(covered: list[Sold], reason: PackageMistake | None) -> None:
    assert mistake(FIVE, covered, "EUR", NOW) is reason


@pytest.mark.parametrize(
    ("bought", "months", "until"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2027, 2, 28), 1, date(2027, 3, 28)),
    ],
)
def test_months_end_with_a_day_of_the_same_number(bought: date, months: int, until: date) -> None:
    assert months_after(bought, months) == until


def test_it_is_good_until_the_end_of_a_day_where_the_practice_is() -> None:
    bought = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)  # half past midnight in Vienna
    ends = expires_at(FIVE, bought, VIENNA)
    assert ends == datetime(2027, 6, 2, 22, tzinfo=UTC)
    assert ends is not None
    assert last_day(ends, VIENNA) == date(2027, 6, 2)
    day = end_of_day(date(2027, 1, 31), VIENNA)
    assert expires_at(replace(FIVE, validity_months=None, valid_until=day), bought, VIENNA) == day
    assert expires_at(replace(FIVE, validity_months=None), bought, VIENNA) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Starter 5 sessions 202.50", PackageLine("Starter", 5, Money(20250, "EUR"))),
        ("Starter, 5 sessions, €202.50", PackageLine("Starter", 5, Money(20250, "EUR"))),
        ("10 Sitzungen für 380", PackageLine(None, 10, Money(38000, "EUR"))),
        ("Zehner-Karte: 10 Termine - 380,50 EUR", PackageLine("Zehner-Karte", 10, Money(38050, "EUR"))),
        ("5 sessions for 95.555", Ambiguous("95.555", "95.56", "95555")),
        ("Starter 5 sessions", None),
        ("Starter 202.50", None),
        ("5 sessions or 10 sessions 380", None),
        ("5 sessions -380", None),
        ("2x5 sessions 380", None),
        ("5 sessions 380 USD", None),
        ("5 sessions 380 each", None),
        ("", None),
    ],
)
def test_a_line_is_read_whole_or_not_at_all(text: str, line: PackageLine | Ambiguous | None) -> None:
    assert parse_package_line(text, "EUR") == line
