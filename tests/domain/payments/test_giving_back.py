"""How much can go back by hand, and why an amount cannot."""

import pytest

from bot.domain.payments.giving_back import Given, Returnable, Unreturnable
from bot.domain.payments.money import Money


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


PART_LEFT = Returnable(euros(4500), euros(2500), euros(0))
OWED = Returnable(euros(4500), euros(4500), euros(2000))


@pytest.mark.parametrize(
    ("found", "given", "why"),
    [
        (PART_LEFT, None, None),
        (PART_LEFT, Given(euros(2500)), None),
        (PART_LEFT, Given(euros(1)), None),
        (PART_LEFT, Given(euros(2501)), Unreturnable.TOO_MUCH),
        (PART_LEFT, Given(euros(0)), Unreturnable.ZERO),
        (PART_LEFT, Given(euros(-100)), Unreturnable.ZERO),
        (PART_LEFT, Given(Money(2500, "USD")), Unreturnable.CURRENCY),
        (PART_LEFT, Given(euros(100), another_way=True), Unreturnable.NOT_OWED),
        (OWED, Given(euros(2000), another_way=True), None),
        (OWED, Given(euros(2001), another_way=True), Unreturnable.NOT_OWED),
        (OWED, Given(euros(4500)), None),
        (Returnable(euros(0), euros(0), euros(0)), None, Unreturnable.NEVER_PAID),
        (Returnable(euros(4500), euros(0), euros(0)), None, Unreturnable.NOTHING_LEFT),
        (Returnable(euros(4500), euros(2500), euros(0), moving=True), Given(euros(100)), Unreturnable.UNDER_WAY),
        (Returnable(euros(4500), euros(0), euros(0), moving=True), None, Unreturnable.UNDER_WAY),
    ],
)
def test_what_can_go_back(found: Returnable, given: Given | None, why: Unreturnable | None) -> None:
    assert found.why_not(given) is why


def test_what_then_is_left() -> None:
    assert PART_LEFT.after(Given(euros(2000))) == euros(500)
