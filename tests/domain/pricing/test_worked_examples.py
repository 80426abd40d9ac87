"""docs/money.md: each example is read from its table and worked out by the code."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.domain.credits.freezes import sessions_worth
from bot.domain.payments.disputes import given_twice
from bot.domain.payments.money import Money, decimals
from bot.domain.payments.provider import ChargeLimits
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.pricing.discounts import Discount, difference, reduced
from bot.domain.pricing.effects import Coverage, CreditCover, Effect, forfeited, released
from bot.domain.pricing.package_refund import BoughtPackage, package_refund
from bot.domain.pricing.rounding import percent_of, split, tax_of_part, with_tax_on_top

PAGE = Path(__file__).parents[3] / "docs" / "money.md"
DAY = 24 * 60 * 60
Row = Mapping[str, str]


def read(text: str) -> Money:
    digits, currency = text.split()
    assert len(digits.partition(".")[2]) == decimals(currency), text
    return Money(int(digits.replace(".", "")), currency)


def read_any(text: str) -> Money | None:
    return None if text == "-" else read(text)


def told(money: Money | None) -> str:
    if money is None:
        return "-"
    places = decimals(money.currency)
    whole, rest = divmod(money.amount, 10**places)
    return f"{whole}.{rest:0{places}} {money.currency}" if places else f"{whole} {money.currency}"


def rounding(row: Row) -> Row:
    return {"gives": told(percent_of(read(row["amount"]), int(row["percent"])))}


def splitting(row: Row) -> Row:
    parts = split(read(row["amount"]), int(row["sessions"]))
    return {"parts": ", ".join(told(part).split()[0] for part in parts)}


def tax_given_back(row: Row) -> Row:
    before, now = read(row["given back before"]), read(row["given back now"])
    return {"tax in that": told(tax_of_part(read(row["tax in it"]), read(row["paid"]), before, now))}


def tax_on_top(row: Row) -> Row:
    price, came, before = Money(20000, "EUR"), Money(23800, "EUR"), read(row["given back before"])
    return {"goes back": told(with_tax_on_top(read(row["part of the price"]), price, came, before))}


def ending(rule: Callable[[Coverage], Effect]) -> Callable[[Row], Row]:
    def worked_out(row: Row) -> Row:
        credit = None if row["credits left"] == "-" else CreditCover(int(row["credits left"]))
        effect = rule(Coverage(read(row["price"]), read_any(row["paid"]), credit, read_any(row["fee agreed"])))
        assert effect.costs <= 1
        return {
            "goes back": told(effect.back),
            "kept": told(effect.kept),
            "fee": told(effect.fee),
            "credit": effect.change or "-",
            "credits left then": "-" if effect.left is None else str(effect.left),
        }

    return worked_out


def fees_agreed(row: Row) -> Row:
    offer = Offer(
        1, "Talk", OfferState.OPEN, read(row["offer's price"]), length_min=50,
        cancel_cutoff_min=60 * int(row["free until, hours before"]),
        late_cancel_fee=read_any(row["late-cancel fee"]), no_show_fee=read_any(row["no-show fee"]),
    )  # fmt: skip
    found = offer.fees_for(read(row["to pay"]))
    return {
        "agreed for a late cancel": told(found.late_cancel),
        "agreed for not coming": told(found.no_show),
        "ceiling": told(found.ceiling),
    }


def package_given_back(row: Row) -> Row:
    paid = read(row["paid"])
    free, late = int(row["booked, free to cancel"]), int(row["booked, too late"])
    package = BoughtPackage(
        paid, read(row["back before"]), 5, Money(5000, paid.currency), 0, int(row["used"]),
        tuple(range(free)), tuple(range(free, free + late)), row["package over"] == "yes",
    )  # fmt: skip
    refund = package_refund(package, int(row["day"]) * DAY)
    return {
        "goes back": told(refund.effect.back),
        "kept": told(refund.effect.kept),
        "credits that end": str(refund.effect.credits),
        "bookings that end": str(len(refund.ends)),
    }


def coupon(row: Row) -> Row:
    off = row["coupon"]
    discount = Discount(percent=int(off.split()[0])) if off.endswith("%") else Discount(amount=read(off))
    limits = ChargeLimits(read(row["minimum"]).amount, 10**8, read(row["step"]).amount)
    return {"to pay": told(reduced(read(row["price"]), discount, limits))}


def other_offer(row: Row) -> Row:
    limits = ChargeLimits(read(row["minimum"]).amount, 10**8)
    can = row["can be given back"] == "yes"
    found = difference(read(row["paid"]), read(row["new price"]), limits, can_refund=can)
    return {
        "to pay": told(found.effect.pay),
        "goes back": told(found.effect.back),
        "becomes credit": told(found.effect.credited),
        "waived": told(found.waived),
    }


def taken_by_bank(row: Row) -> Row:
    twice = given_twice(read(row["paid"]), read(row["given back before"]), read(row["taken by the bank"]))
    return {"given twice": told(twice)}


def part_of_package(row: Row) -> Row:
    return {"frozen": str(sessions_worth(read(row["paid"]), int(row["sessions"]), read(row["goes back"])))}


RULES: dict[str, Callable[[Row], Row]] = {
    "Rounding": rounding,
    "Splitting": splitting,
    "Tax in what is given back": tax_given_back,
    "Tax on top, in what is given back": tax_on_top,
    "Cancelling in time, and cancelling by the practice": ending(released),
    "Cancelling late, and not coming": ending(forfeited),
    "Fees that are agreed to": fees_agreed,
    "Giving a package back": package_given_back,
    "What a client's bank takes back": taken_by_bank,
    "A part of a package that goes back past us": part_of_package,
    "Coupons": coupon,
    "Moving to another offer": other_offer,
}


def examples() -> Iterator[tuple[str, Row]]:
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading = section.splitlines()[0]
        table = [re.split(r" ?\| ?", line.strip("| ")) for line in section.splitlines() if line.startswith("|")]
        for cells in table[2:]:
            yield heading, dict(zip(table[0], cells, strict=True))


@pytest.mark.parametrize(("heading", "row"), list(examples()))
def test_the_example_is_what_the_code_does(heading: str, row: Row) -> None:
    found = RULES[heading](row)
    assert found == {column: row[column] for column in found}


def test_each_rule_has_examples() -> None:
    assert {heading for heading, _row in examples()} == set(RULES)
