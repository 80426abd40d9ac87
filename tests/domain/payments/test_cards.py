"""When somebody hears that their card ends: within thirty days, or before their next session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.payments.cards import Card, CardState

CARD = Card(
    1, 1, 1, "cus_1", "pm_1", CardState.KEPT, "visa", "4242", exp_month=12, exp_year=2026,
    chosen_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
END = datetime(2027, 1, 1, tzinfo=UTC)


def test_a_card_is_good_to_the_end_of_its_month() -> None:
    assert (CARD.ends, CARD.last_month) == (END, 202612)
    assert replace(CARD, exp_month=6).ends == datetime(2026, 7, 1, tzinfo=UTC)


def test_it_ends_too_soon_within_thirty_days_or_before_the_next_session() -> None:
    soon, early = END - timedelta(days=30), END - timedelta(days=31)
    assert CARD.ends_too_soon(None, soon)
    assert not CARD.ends_too_soon(None, early)
    assert CARD.ends_too_soon(END, early)
    assert not CARD.ends_too_soon(END - timedelta(seconds=1), early)
    assert not CARD.ends_too_soon(None, END), "it has ended"
    assert not replace(CARD, state=CardState.REMOVED).ends_too_soon(None, soon)
