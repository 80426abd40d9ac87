"""Which credit a booking takes, and what becomes of one that comes back."""

from datetime import UTC, datetime, timedelta

from bot.domain.credits import rules
from bot.domain.credits.grants import Credit, Credits, Grant, Holding
from bot.domain.credits.rules import GRACE, ChosenCredit, NoCredit, Unusable
from bot.domain.payments.money import Money

END = datetime(2027, 3, 1, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = END - 60 * DAY
OFFER = 3


def held(
    number: int = 1, ends: datetime | None = END, left: int = 1, grace: tuple[datetime, ...] = (),
    cap: int | None = None, this_week: int = 0,
) -> Holding:  # fmt: skip
    euro = Money(100, "EUR")
    grant = Grant(number, 7, "Five", 5, euro, euro, NOW, ends, frozenset({OFFER}), cap)
    return Holding(grant, Credits(left, 0, 1, grace), this_week)


def chosen(*those: Holding, starts: datetime = END - DAY, offer: int = OFFER) -> tuple[int, datetime | None] | object:
    found = rules.choose(those, offer, starts)
    return (found.credit.grant.id, found.credit.until) if isinstance(found, ChosenCredit) else found


def back(credit: Credit, now: datetime, *, by_practice: bool = False) -> datetime | None:
    return rules.comes_back(credit, now, by_practice=by_practice).ends


def test_a_session_on_credit_must_start_before_expiry() -> None:
    assert chosen(held(), starts=END - MINUTE) == (1, None)
    assert chosen(held(), starts=END) == Unusable(NoCredit.EXPIRES, ends=END)
    assert chosen(held(), held(2, END + DAY), starts=END + DAY) == Unusable(NoCredit.EXPIRES, ends=END + DAY)


def test_a_booking_takes_from_the_grant_that_expires_first() -> None:
    assert chosen(held(1, END + DAY), held(2, END), held(3, None)) == (2, None)
    assert chosen(held(1, END + DAY), held(2, END), held(3, None), starts=END) == (1, None)
    assert chosen(held(1, END), held(3, None), starts=END + 900 * DAY) == (3, None)
    assert chosen(held(2), held(1)) == (1, None), "of those that end at the same moment, the older one"
    assert chosen(held(1, END - DAY, left=0), held(2)) == (2, None)


def test_only_offers_that_it_covers() -> None:
    assert chosen(held(), offer=OFFER + 1) is None
    assert chosen(held(left=0)) is None
    assert chosen() is None


def test_a_weekly_cap_leaves_the_rest_of_the_week_to_other_grants() -> None:
    full = held(1, cap=2, this_week=2)
    assert chosen(full, held(2, END + DAY)) == (2, None)
    assert chosen(full) == Unusable(NoCredit.CAP, cap=2)
    assert chosen(held(1, cap=2, this_week=1)) == (1, None)


def test_a_credit_with_days_of_grace_goes_when_it_ends_first() -> None:
    until = END + 5 * DAY
    assert chosen(held(left=2, grace=(until,)), starts=END - DAY) == (1, None)
    assert chosen(held(left=2, grace=(until,)), starts=END + DAY) == (1, until)
    assert chosen(held(left=1, grace=(until,)), starts=END - DAY) == (1, until)
    assert chosen(held(left=1, grace=(until,)), held(2, END + DAY), starts=END - DAY) == (2, None)
    assert chosen(held(left=2, grace=(until, until + DAY)), starts=END + DAY) == (1, until)


def test_returned_long_before_its_end_it_is_what_it_was() -> None:
    credit = Credit(held().grant)
    assert back(credit, END - 28 * DAY) == END
    assert back(credit, END - GRACE) == END
    assert back(Credit(held(ends=None).grant), END) is None


def test_credit_and_expiry_14_days_of_grace_once_per_credit() -> None:
    credit = Credit(held().grant)
    came_back = END - 9 * DAY
    assert back(credit, came_back) == came_back + GRACE
    graced = rules.comes_back(credit, came_back, by_practice=False)
    assert back(graced, graced.until - DAY if graced.until else END) == graced.until, "not a second time"


def test_credit_expires_while_booked_coach_cancels_later() -> None:
    """Returned, and usable for 14 days: whether it had days of grace before or not."""
    later = END + 30 * DAY
    assert back(Credit(held().grant), later, by_practice=True) == later + GRACE
    assert back(Credit(held().grant, END + DAY), END, by_practice=True) == END + GRACE


def test_the_coach_may_move_it_past_its_end() -> None:
    """And whoever then cancels in time does not get a credit back that nobody can use."""
    later = END + 30 * DAY
    assert back(Credit(held().grant), later) == later + GRACE
    assert back(Credit(held().grant, END + DAY), later) == later + GRACE


def test_an_extension_counts_for_a_credit_with_days_of_grace_too() -> None:
    graced = Credit(held(ends=END + 60 * DAY).grant, END + DAY)
    assert graced.ends == END + 60 * DAY
    assert back(graced, END) == END + 60 * DAY


def test_what_is_over() -> None:
    those = held(left=3, grace=(END + DAY, END + 2 * DAY))
    assert rules.over(those, END - MINUTE) == []
    assert [each.until for each in rules.over(those, END)] == [None]
    assert [each.until for each in rules.over(those, END + DAY)] == [END + DAY, None]
    assert rules.left(those, END + DAY) == 1
    assert rules.over(held(ends=None), END + 900 * DAY) == []


def test_until_when_what_is_left_can_be_used() -> None:
    assert rules.last_end(held(left=2, grace=(END + DAY,)), NOW) == END + DAY
    assert rules.last_end(held(), NOW) == END
    assert rules.last_end(held(ends=None), NOW) is None
    assert rules.last_end(held(left=0), NOW) == END
