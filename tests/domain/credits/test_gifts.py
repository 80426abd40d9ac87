"""What may be done with a gift, by how it stands."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.credits.gifts import Gift, GiftState
from bot.domain.credits.grants import Credits, Grant, Holding
from bot.domain.payments.money import Money

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)
PRICE = Money(20000, "EUR")
TAKEN = Gift(
    1, 7, 3, GiftState.TAKEN, "g-", "Five", PRICE, {"sessions": 5, "offers": [1], "single": 5000}, NOW,
    taken_by=8, taken_at=NOW, grant_id=4,
)  # fmt: skip


def held(number: int = 1, grant_id: int = 4, owner: int = 8) -> Holding:
    return Holding(Grant(grant_id, owner, "Five", 5, PRICE, PRICE, NOW), Credits(5, 0, number))


@pytest.mark.parametrize(
    ("gift", "theirs", "can"),
    [
        (TAKEN, held(), True),
        (TAKEN, held(number=2), False),
        (TAKEN, held(grant_id=5), False),
        (TAKEN, held(owner=9), False),
        (replace(TAKEN, state=GiftState.RETURNED), held(), False),
    ],
)
def test_handed_back_by_whoever_has_it_while_nothing_became_of_it(gift: Gift, theirs: Holding, can: bool) -> None:
    assert gift.can_be_handed_back(theirs) is can
