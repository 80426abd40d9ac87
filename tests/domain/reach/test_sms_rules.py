"""The words that end SMS, when one may go, and what it costs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reach.sms_costs import (
    ELSEWHERE,
    SmsPrices,
    Unread,
    as_typed,
    decimal,
    month_of,
    parse_prices,
    parse_sum,
)
from bot.domain.reach.sms_hours import URGENT, goes_at
from bot.domain.reach.sms_words import ANSWERED_BY_PROVIDER, SmsWord, provider_answers, word_of

NIGHT = (1320, 480)
VIENNA = "Europe/Vienna"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(VIENNA)).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", SmsWord.STOP),
        (" stop. ", SmsWord.STOP),
        ("“Stop!”", SmsWord.STOP),
        ("Stop  all", SmsWord.STOP),
        ("STOPP", SmsWord.STOP),
        ("Abmelden", SmsWord.STOP),
        ("AUFHÖREN", SmsWord.STOP),
        ("cancel", SmsWord.STOP),  # the provider takes it so, whatever was meant
        ("Start", SmsWord.START),
        ("unstop", SmsWord.START),
        ("Anmelden", SmsWord.START),
        ("HELP", SmsWord.HELP),
        ("hilfe?", SmsWord.HELP),
        ("please stop by at 3", None),
        ("ja", None),
        ("", None),
        ("...", None),
    ],
)
def test_what_a_whole_message_means(text: str, meant: SmsWord | None) -> None:
    assert word_of(text) is meant


def test_every_word_that_the_provider_answers_means_the_same_here() -> None:
    assert all(word_of(word) is not None for word in ANSWERED_BY_PROVIDER)
    assert provider_answers(" Stop ")
    assert not provider_answers("stopp")


@given(st.text("sSToÖöp .!“\n\u0130", max_size=12))
def test_any_text_means_something_or_nothing(text: str) -> None:
    assert word_of(text) in {*SmsWord, None}


@pytest.mark.parametrize(
    ("now", "quiet", "goes"),
    [
        ("2026-12-01T12:00", NIGHT, "2026-12-01T12:00"),
        ("2026-12-01T22:00", NIGHT, "2026-12-02T08:00"),
        ("2026-12-02T07:59", NIGHT, "2026-12-02T08:00"),
        ("2026-12-02T08:00", NIGHT, "2026-12-02T08:00"),
        ("2026-12-01T13:30", (780, 840), "2026-12-01T14:00"),
        ("2026-12-01T23:00", (0, 0), "2026-12-01T23:00"),
        ("2026-12-01T23:00", None, "2026-12-01T23:00"),
        ("2027-03-27T23:00", NIGHT, "2027-03-28T08:00"),  # a night of seven hours
    ],
)
def test_in_quiet_hours_it_waits(now: str, quiet: tuple[int, int] | None, goes: str) -> None:
    assert goes_at(at(now), quiet, VIENNA, None, None) == at(goes)


def test_what_begins_or_expires_soon_goes_at_any_hour() -> None:
    now = at("2026-12-01T23:00")
    assert goes_at(now, NIGHT, VIENNA, now + URGENT, None) == now
    assert goes_at(now, NIGHT, VIENNA, None, now + timedelta(hours=1)) == now
    later = now + URGENT + timedelta(minutes=1)
    assert goes_at(now, NIGHT, VIENNA, later, later) == at("2026-12-02T08:00")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    st.sampled_from([VIENNA, "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"]),
)
def test_it_waits_for_less_than_a_day_and_then_may_go(now: datetime, quiet: tuple[int, int], zone: str) -> None:
    goes = goes_at(now, quiet, zone, None, None)
    assert now <= goes <= now + timedelta(hours=25)
    assert goes_at(goes, quiet, zone, None, None) == goes


def test_a_message_costs_its_parts_at_the_price_of_its_country() -> None:
    prices = SmsPrices({"AT": 60_000, ELSEWHERE: 90_000})
    assert prices.cost(2, "AT") == 120_000
    assert prices.cost(1, "US") == 90_000
    assert prices.cost(1, None) == 90_000
    assert SmsPrices().cost(2, "AT") == 0


def test_a_month_costs_no_more_than_its_ceiling() -> None:
    assert SmsPrices().allows(10**9, 10**9)
    prices = SmsPrices({}, ceiling=100)
    assert prices.allows(40, 60)
    assert not prices.allows(41, 60)
    assert not SmsPrices({}, ceiling=0).allows(0, 0)


def test_a_month_is_the_calendar_of_the_practice() -> None:
    assert month_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), VIENNA) == "2027-01"


@pytest.mark.parametrize(
    ("typed", "prices"),
    [
        ("", {}),
        ("AT 0.06", {"AT": 60_000}),
        ("at 0,06, DE 0,075; * 1", {"AT": 60_000, "DE": 75_000, "*": 1_000_000}),
        ("AT: 0.0001", {"AT": 100}),
    ],
)
def test_prices_as_they_are_typed(typed: str, prices: dict[str, int]) -> None:
    assert parse_prices(typed) == prices
    assert parse_prices(as_typed(prices)) == prices


@pytest.mark.parametrize(
    ("typed", "fragment"),
    [
        ("AT", "AT"),
        ("Austria 0.06", "Austria 0.06"),
        ("AT 0.06, AT 0.07", "AT 0.07"),
        ("AT 101", "AT 101"),
        ("AT -1", "AT -1"),
    ],
)
def test_what_is_no_price(typed: str, fragment: str) -> None:
    assert parse_prices(typed) == Unread(fragment)


@given(st.dictionaries(st.sampled_from(["AT", "DE", "US", "*"]), st.integers(0, 100_000_000)))
def test_prices_are_read_as_they_are_shown(prices: dict[str, int]) -> None:
    assert parse_prices(as_typed(prices)) == prices


def test_sums() -> None:
    assert [parse_sum(each) for each in ("20", " 19,5 ", "0")] == [20_000_000, 19_500_000, 0]
    assert parse_sum("a lot") == Unread("a lot")
    assert decimal(19_500_000) == "19.5"
