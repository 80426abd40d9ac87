"""An update older than the one that wrote a chat's form or page is recognised by its order."""

import pytest

from bot.domain.people.conversations import REACH, Conversation


@pytest.mark.parametrize(
    ("newest", "order", "past"),
    [
        (None, None, False),
        (None, 5, False),
        (5, None, False),
        (20_000, 20_001, False),
        (20_000, 20_000, False),
        (20_000, 19_999, True),
        (20_000, 20_001 - REACH, True),
        (20_000, 20_000 - REACH, False),
        (20_000, 7, False),
    ],
)
def test_past_is_what_is_older_but_of_the_same_numbering(newest: float | None, order: float | None, past: bool) -> None:
    kept = Conversation(1, newest=newest)
    assert kept.is_past(order) is past
    assert kept.written(order, misses=2) == Conversation(1, misses=2, newest=newest if past else order)
