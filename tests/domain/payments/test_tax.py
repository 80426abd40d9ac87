"""Tax as it was applied: parts add up to what was paid, refunds take back the whole tax, reports lose no cent."""

import random
from datetime import UTC, date, datetime

import pytest

from bot.domain.payments import periods
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind
from bot.domain.payments.periods import Period
from bot.domain.payments.tax import TaxedPart, given_back, on_top, parts_of, total_tax
from bot.domain.payments.tax_report import by_rate, totals
from bot.domain.pricing.rounding import spread

AT = datetime(2026, 12, 1, tzinfo=UTC)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def part(net: int, tax: int, percent: str = "19", **more: object) -> TaxedPart:
    return TaxedPart(eur(net), eur(tax), percent, **more)  # type: ignore[arg-type]


def test_what_the_provider_did_not_tax_is_a_part_too() -> None:
    assert parts_of(eur(4500), [part(3782, 718)], eur(718)) == (part(3782, 718),)
    assert parts_of(eur(4500), [], eur(0)) == ()
    free = part(0, 0, "0", reason="not_collecting", country="CH")
    assert parts_of(eur(4500), [free], eur(0)) == (part(4500, 0, "0", reason="not_collecting", country="CH"),)
    assert parts_of(eur(4500), [], eur(718)) == (part(3782, 718, ""),)
    assert sum(each.gross.amount for each in parts_of(eur(5000), [part(3782, 718)], eur(718))) == 5000


def any_parts(chance: random.Random) -> tuple[TaxedPart, ...]:
    return tuple(
        part(chance.randrange(1, 30_000), chance.randrange(6_000), str(number), country=chance.choice(("AT", "DE")))
        for number in range(chance.randrange(1, 4))
    )


def test_refunds_take_back_exactly_what_was_paid_in_whatever_order_they_fail() -> None:
    chance = random.Random(20261201)
    for _case in range(300):
        parts = any_parts(chance)
        whole = sum(each.gross.amount for each in parts)
        entered: list[tuple[TaxedPart, ...]] = []
        gone = 0
        made: list[int] = []
        while gone < whole:
            if made and chance.random() < 0.2:  # one of before failed: its money came back
                gone -= made.pop(chance.randrange(len(made)))
            else:
                made.append(chance.randrange(1, whole - gone + 1))
                gone += made[-1]
            entered.append(given_back(parts, entered, eur(gone)))
            assert sum(each.gross.amount for now in entered for each in now) == -gone
        for number, each in enumerate(parts):
            assert sum(now[number].tax.amount for now in entered) == -each.tax.amount
            assert sum(now[number].net.amount for now in entered) == -each.net.amount


def test_what_goes_twice_takes_its_tax_along_once() -> None:
    """100.00 went back, and then the client's bank took all of the 225.00."""
    parts = (part(18908, 3592),)
    refund = given_back(parts, [], eur(10_000))
    bank = given_back(parts, [refund], eur(32_500))
    assert [total_tax(each, "EUR").amount for each in (refund, bank)] == [-1596, -1996]
    assert [each.gross.amount for each in (*refund, *bank)] == [-10_000, -22_500]


def test_a_report_is_equal_to_the_sum_of_the_transactions() -> None:
    chance = random.Random(20261202)
    for _case in range(300):
        movements = []
        for number in range(chance.randrange(1, 20)):
            parts = chance.choice(((), any_parts(chance)))
            amount = eur(sum(each.gross.amount for each in parts) or chance.randrange(1, 9_000))
            tax = total_tax(parts, "EUR").amount if parts else None
            charge = Movement(MovementKind.CHARGE, f"ch_{number}", amount, AT, tax_amount=tax, tax_rates=parts)
            movements.append(charge)
            if chance.random() < 0.5:
                back = eur(chance.randrange(1, amount.amount + 1))
                taken = given_back(parts, [], back) if parts else ()
                movements.append(
                    Movement(
                        MovementKind.REFUND, f"re_{number}", eur(-back.amount), AT,
                        tax_amount=total_tax(taken, "EUR").amount if parts else None, tax_rates=taken,
                    )
                )  # fmt: skip
            movements.append(Movement(MovementKind.FEE, f"txn_{number}", eur(-30), AT))
        rows = by_rate(movements)
        moved = [each for each in movements if each.kind is not MovementKind.FEE]
        [sums] = totals(rows)
        assert sums.gross == eur(sum(each.amount.amount for each in moved))
        assert sums.tax == eur(sum(each.tax_amount or 0 for each in moved))
        assert sum(row.gross.amount for row in rows) == sums.gross.amount


def test_each_currency_has_rows_of_its_own() -> None:
    paid = [
        Movement(
            MovementKind.CHARGE, "ch_1", eur(4500), AT, tax_amount=718, tax_rates=(part(3782, 718, country="DE"),)
        ),
        Movement(MovementKind.CHARGE, "ch_2", Money(5000, "JPY"), AT),
        Movement(MovementKind.CHARGE, "ch_3", Money(45000, "KWD"), AT),
    ]
    rows = by_rate(paid)
    assert [(row.currency, row.country, row.percent, row.gross.amount) for row in rows] == [
        ("EUR", "DE", "19", 4500), ("JPY", None, None, 5000), ("KWD", None, None, 45000),
    ]  # fmt: skip
    assert [each.gross for each in totals(rows)] == [eur(4500), Money(5000, "JPY"), Money(45000, "KWD")]


def test_tax_is_spread_over_lines_without_losing_a_unit() -> None:
    assert spread(eur(718), [eur(4500)]) == (eur(718),)
    assert spread(eur(100), [eur(1), eur(1), eur(1)]) == (eur(33), eur(33), eur(34))
    assert spread(Money(10, "JPY"), [Money(0, "JPY"), Money(0, "JPY")]) == (Money(0, "JPY"), Money(10, "JPY"))
    assert on_top([part(100, 19), part(100, 7, included=False)], "EUR") == eur(7)


@pytest.mark.parametrize(
    ("typed", "name", "first", "end"),
    [
        ("2026-Q4", "2026-q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026q1", "2026-q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-12", "2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        (" 2026 ", "2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods_are_read_as_they_are_written(typed: str, name: str, first: date, end: date) -> None:
    period = periods.read(typed)
    assert period is not None
    assert (period.name, period.first, period.end) == (name, first, end)
    assert period.before.end == period.first
    assert period.after.first == period.end
    assert periods.read(period.name) == period


@pytest.mark.parametrize("typed", ["", "Q4", "2026-Q5", "2026-13", "1026", "2026-Q4-1", "last year", "99999"])
def test_what_is_no_period_is_refused(typed: str) -> None:
    assert periods.read(typed) is None


def test_the_quarter_of_a_day() -> None:
    assert periods.quarter_of(date(2026, 12, 31)) == Period(date(2026, 10, 1), 3)
