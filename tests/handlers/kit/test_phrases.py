"""Clocks that change on different dates, what cancelling and moving cost, and words for every refusal."""

from datetime import UTC, datetime

import pytest

from bot.domain.bookings.policy import Actor, Policy, cancel_outcome, move_outcome
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.people.addresses import CodeProblem
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.pricing.effects import Coverage
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import phrases, policy_lines, refusals
from bot.handlers.kit.reasons import contradictions

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
BEFORE = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
BETWEEN = datetime(2027, 3, 20, 15, 0, tzinfo=UTC)  # New York has changed its clocks, Berlin has not yet
AFTER = datetime(2027, 5, 20, 15, 0, tzinfo=UTC)


def test_a_booking_over_a_change_of_clocks_says_so() -> None:
    [line] = phrases.clock_shift(NEW_YORK, BERLIN, "Ana", BEFORE, BETWEEN)
    assert "6 hours behind" in line.text
    assert "5 hours behind" in line.text
    assert phrases.clock_shift(NEW_YORK, BERLIN, "Ana", BEFORE, AFTER) == []


def test_a_reminder_says_so_too() -> None:
    [line] = phrases.clocks_changed(NEW_YORK, BERLIN, "Ana", BEFORE, BETWEEN)
    assert "was 6 hours behind" in line.text
    assert "is 5 hours behind now" in line.text
    assert phrases.clocks_changed(NEW_YORK, BERLIN, "Ana", BEFORE, AFTER) == []
    assert phrases.clocks_changed(NEW_YORK, BERLIN, "Ana", BETWEEN, BETWEEN) == []


@pytest.mark.parametrize(
    ("hours_before", "words"),
    [(48, "Cancelling now is free: you get €45.00 back"), (3, "too late for a refund: the practice keeps €45.00")],
)
def test_the_outcome_of_cancelling_is_said(hours_before: int, words: str) -> None:
    starts = int(BETWEEN.timestamp())
    price = Money(4500, "EUR")
    outcome = cancel_outcome(Policy(), Coverage(price, price), starts, starts - hours_before * 3600, Actor.CLIENT)
    assert words in " ".join(policy_lines.cancelling(outcome, BERLIN))


@pytest.mark.parametrize(
    ("hours_before", "words"), [(48, "on, it costs €15.00."), (3, "you pay €15.00, as you agreed")]
)
def test_a_fee_is_told_as_it_is_charged_never_more_than_the_price(hours_before: int, words: str) -> None:
    starts = int(BETWEEN.timestamp())
    coverage = Coverage(Money(1500, "EUR"), fee=Money(2000, "EUR"))
    outcome = cancel_outcome(Policy(), coverage, starts, starts - hours_before * 3600, Actor.CLIENT)
    said = policy_lines.cancelling(outcome, BERLIN)
    assert words in " ".join(said)
    assert "€20.00" not in " ".join(said)


@pytest.mark.parametrize(
    ("moves", "hours_before", "words"),
    [(0, 48, "2 more times"), (1, 48, "1 more time"), (2, 48, "as often as allowed"), (0, 2, "too late to move")],
)
def test_the_outcome_of_moving_is_said(moves: int, hours_before: int, words: str) -> None:
    starts = int(BETWEEN.timestamp())
    outcome = move_outcome(Policy(), moves, starts, starts - hours_before * 3600, Actor.CLIENT)
    assert words in policy_lines.moving(outcome, BERLIN)


def test_every_refusal_has_words_of_its_own() -> None:
    general = {Code.NOT_FOUND, Code.NOT_BOOKABLE, Code.CONTRADICTION, Code.UNRETURNABLE, Code.UNPROVED}
    said = [refusals.words(Refusal(code)) for code in Code if code not in general]
    said += [refusals.words(Refusal(Code.UNRETURNABLE, reason=why)) for why in Unreturnable]
    said += [refusals.words(Refusal(Code.UNPROVED, reason=why)) for why in CodeProblem]
    assert len(said) == len(set(said))
    assert "This cannot be done now; nothing was changed." not in said


def test_every_contradiction_has_words() -> None:
    fallback = contradictions.words("something else")
    for reason in (*Contradiction, "name", "place", "zone", "currency", "contact", "leads"):
        assert contradictions.words(str(reason)) != fallback, reason
