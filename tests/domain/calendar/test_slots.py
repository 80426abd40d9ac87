"""Offered means bookable, why a time is refused, buffers, caps, and the reader's calendar."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar.offsets import clocks
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules, Reason, by_day, free_slots, is_free, next_free
from bot.domain.calendar.spans import Spans, merged, week
from bot.domain.calendar.why_none import why_none
from tests.domain.calendar.oracle import slow_slots

HOUR = 3600
DAY = date(2026, 11, 23)  # a Monday
EIGHT = int(datetime(2026, 11, 23, 8, tzinfo=UTC).timestamp())
NOW = EIGHT - 48 * HOUR
OFFICE: Spans = ((8 * 60, 12 * 60),)


def utc(*weekly: Spans, days: Mapping[date, Spans] | None = None) -> Schedule:
    return Schedule("UTC", week(weekly or [OFFICE] * 7), days or {})


def rules(**changed: int | None) -> OfferRules:
    values: dict[str, int | None] = {"length_min": 60, "step_min": 30, "buffer_before_min": 0, "buffer_after_min": 0}
    values |= {"notice_min": 0, "horizon_days": 30, **changed}
    return OfferRules(**values)  # type: ignore[arg-type]


def hours_of(slots: list[int]) -> list[float]:
    return [(slot - EIGHT) / HOUR + 8 for slot in slots]


def on_monday(of: OfferRules, busy: list[Busy]) -> list[float]:
    return hours_of(free_slots(utc(), of, busy, NOW, DAY, DAY))


def test_steps_begin_with_each_span_and_a_session_ends_within_it() -> None:
    schedule = utc(*[((485, 600), (660, 720))] * 7)
    found = free_slots(schedule, rules(step_min=25), [], NOW, DAY, DAY)
    assert [(slot - EIGHT) // 60 for slot in found] == [5, 30, 55, 180]


def test_the_pause_between_sessions_is_the_longer_buffer_and_not_the_sum() -> None:
    session = Busy(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR, buffer_before_s=600, buffer_after_s=1800)
    # Before it 10 of its own minutes against 30 of the offer's: 30. After it 30 against 20: 30.
    found = on_monday(rules(step_min=10, length_min=30, buffer_before_min=20, buffer_after_min=30), [session])
    assert max(hour for hour in found if hour < 10) == 9
    assert min(hour for hour in found if hour > 10) == 11.5


def test_without_buffers_sessions_may_touch() -> None:
    assert on_monday(rules(), [Busy(EIGHT + HOUR, EIGHT + 2 * HOUR)]) == [8, 10, 10.5, 11]


def test_the_offers_own_buffers_count_on_their_own_side() -> None:
    session = Busy(EIGHT + 2 * HOUR, EIGHT + 2 * HOUR + 1800)
    assert on_monday(rules(length_min=30, buffer_before_min=45), [session]) == [8, 8.5, 9, 9.5, 11.5]
    assert on_monday(rules(length_min=30, buffer_after_min=45), [session]) == [8, 8.5, 10.5, 11, 11.5]


def test_a_gap_of_just_the_length_is_offered() -> None:
    around = [Busy(EIGHT, EIGHT + HOUR), Busy(EIGHT + 2 * HOUR, EIGHT + 4 * HOUR)]
    assert on_monday(rules(), around) == [9]


def test_a_day_whose_first_instants_read_as_the_day_before() -> None:
    """St. John's went from 0:01 on Sunday, 7 November 2010, back to 23:01 on Saturday."""
    sunday = date(2010, 11, 7)
    schedule = Schedule("America/St_Johns", week([()] * 7), {sunday: ((0, 120),)})
    midnight = int(datetime(2010, 11, 7, 2, 30, tzinfo=UTC).timestamp())
    found = free_slots(schedule, rules(), [], midnight - 86400, sunday, sunday)
    assert found == [midnight + number * 1800 for number in range(5)]
    assert [is_free(schedule, rules(), [], midnight - 86400, start) for start in found] == [None] * 5


def test_caps_count_what_counts_on_the_coachs_day_and_iso_week() -> None:
    session = Busy(EIGHT, EIGHT + HOUR)
    blocked = Busy(EIGHT, EIGHT + HOUR, counts=False)
    assert on_monday(rules(daily_cap=1), [session]) == []
    assert on_monday(rules(daily_cap=1), [blocked]) == [9, 9.5, 10, 10.5, 11]
    sunday, next_monday = DAY + timedelta(days=6), DAY + timedelta(days=7)
    assert free_slots(utc(), rules(weekly_cap=1), [session], NOW, DAY, sunday) == []
    assert free_slots(utc(), rules(weekly_cap=1), [session], NOW, next_monday, next_monday)


def test_the_day_of_a_cap_is_the_coachs_and_not_utc() -> None:
    schedule = Schedule("Pacific/Auckland", week([((0, 1440),)] * 7), {})
    in_auckland_tuesday = Busy(EIGHT + 4 * HOUR, EIGHT + 5 * HOUR)  # 12:00 UTC, 1:00 on Tuesday there
    found = free_slots(schedule, rules(daily_cap=1), [in_auckland_tuesday], NOW, DAY, DAY + timedelta(days=1))
    assert [(day, len(starts)) for day, starts in by_day(found, "Pacific/Auckland").items()] == [(DAY, 47)]


@pytest.mark.parametrize(
    ("start", "changed", "busy", "reason"),
    [
        (NOW - 60, {}, [], Reason.PAST),
        (NOW + 60, {"notice_min": 60}, [], Reason.NOTICE),
        (EIGHT + 31 * 86400, {}, [], Reason.HORIZON),
        (EIGHT + 31 * 86400, {"horizon_days": 33}, [], None),
        (EIGHT - HOUR, {}, [], Reason.OUTSIDE_HOURS),
        (EIGHT - HOUR, {"notice_min": 99_999}, [], Reason.OUTSIDE_HOURS),
        (EIGHT + 3 * HOUR + 1800, {}, [], Reason.OUTSIDE_HOURS),
        (EIGHT + 60, {}, [], Reason.OFF_STEP),
        (EIGHT, {}, [Busy(EIGHT + 1800, EIGHT + HOUR)], Reason.TAKEN),
        (EIGHT, {"buffer_after_min": 5}, [Busy(EIGHT + HOUR, EIGHT + 2 * HOUR)], Reason.BUFFER),
        (EIGHT, {"daily_cap": 1}, [Busy(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR)], Reason.DAY_FULL),
        (EIGHT, {"weekly_cap": 1}, [Busy(EIGHT + 26 * HOUR, EIGHT + 27 * HOUR)], Reason.WEEK_FULL),
        (EIGHT, {"daily_cap": 0}, [], Reason.DAY_FULL),
        (EIGHT, {}, [Busy(EIGHT + HOUR, EIGHT + 2 * HOUR)], None),
    ],
)
def test_a_refusal_says_why(start: int, changed: dict[str, int], busy: list[Busy], reason: Reason | None) -> None:
    assert is_free(utc(), rules(**changed), busy, NOW, start) is reason


def test_a_day_without_hours_says_so() -> None:
    schedule = utc(days={DAY: ()})
    assert is_free(schedule, rules(), [], NOW, EIGHT) is Reason.DAY_OFF
    assert is_free(schedule, rules(), [], NOW, EIGHT + 24 * HOUR) is None


@pytest.mark.parametrize(
    ("since", "changed", "busy", "reason"),
    [
        (EIGHT - 3 * 86400, {}, [], Reason.PAST),
        (NOW - HOUR, {"notice_min": 100_000}, [], Reason.NOTICE),
        (EIGHT - HOUR, {"notice_min": 49 * 60 + 3 * 60}, [], Reason.NOTICE),
        (EIGHT + 40 * 86400, {}, [], Reason.HORIZON),
        (EIGHT, {"length_min": 241}, [], Reason.OUTSIDE_HOURS),
        (EIGHT, {}, [Busy(EIGHT, EIGHT + 4 * HOUR)], Reason.TAKEN),
        (EIGHT, {"daily_cap": 1}, [Busy(EIGHT, EIGHT + HOUR)], Reason.DAY_FULL),
        (EIGHT, {"weekly_cap": 1}, [Busy(EIGHT + 26 * HOUR, EIGHT + 27 * HOUR)], Reason.WEEK_FULL),
    ],
)
def test_a_stretch_without_a_free_time_says_why(
    since: int, changed: dict[str, int], busy: list[Busy], reason: Reason
) -> None:
    assert why_none(utc(), rules(**changed), busy, NOW, since, since + 4 * HOUR) is reason


def test_why_nothing_is_free_is_asked_of_the_very_stretch() -> None:
    """A day's free afternoon says nothing of its morning."""
    schedule = utc(*[((480, 720), (840, 1080))] * 7, days={DAY + timedelta(days=1): ()})
    full = [Busy(EIGHT, EIGHT + 4 * HOUR)]
    assert why_none(schedule, rules(), full, NOW, EIGHT, EIGHT + 4 * HOUR) is Reason.TAKEN
    assert why_none(schedule, rules(), full, NOW, EIGHT + 24 * HOUR, EIGHT + 40 * HOUR) is Reason.DAY_OFF


def test_a_day_off_and_a_day_with_other_hours_replace_the_week() -> None:
    tuesday = DAY + timedelta(days=1)
    schedule = utc(days={DAY: (), tuesday: ((600, 660),)})
    assert hours_of(free_slots(schedule, rules(), [], NOW, DAY, tuesday)) == [34]


def test_the_next_free_start_is_not_before_the_instant_and_within_the_horizon() -> None:
    schedule = utc(days={DAY + timedelta(days=number): () for number in range(40)})
    assert next_free(utc(), rules(), [], NOW, EIGHT) == EIGHT
    assert next_free(utc(), rules(), [], NOW, EIGHT + 1) == EIGHT + HOUR // 2
    assert next_free(utc(), rules(), [], NOW, EIGHT + 4 * HOUR) == EIGHT + 24 * HOUR
    assert next_free(schedule, rules(), [], NOW, EIGHT) is None
    assert next_free(schedule, rules(horizon_days=60), [], NOW, EIGHT) == EIGHT + 40 * 24 * HOUR


def test_the_reader_counts_on_their_own_calendar() -> None:
    slots = [EIGHT + 12 * HOUR, EIGHT + 15 * HOUR, EIGHT + 16 * HOUR]
    assert by_day(slots, "Europe/Berlin") == {DAY: slots[:1], DAY + timedelta(days=1): slots[1:]}
    assert by_day(slots, "America/New_York") == {DAY: slots}
    assert clocks("America/New_York", slots) == ["15:00", "18:00", "19:00"]


spans = st.lists(st.tuples(st.integers(0, 95), st.integers(1, 96)).map(lambda pair: (pair[0] * 15, pair[1] * 15)))
day_spans = spans.map(merged)
CHANGES = [
    int(datetime.fromisoformat(at).timestamp())
    for at in (
        "2026-03-29T01:00Z",  # London forward; Nuuk forward, over midnight
        "2026-10-25T01:00Z",  # and back
        "2026-03-08T07:00Z",  # New York forward
        "2026-11-01T06:00Z",  # and back
        "2026-04-04T16:00Z",  # Sydney back
        "2026-04-04T15:00Z",  # Lord Howe back, by half an hour
        "2026-10-03T15:30Z",  # and forward
        "2026-04-23T22:00Z",  # Cairo forward at midnight
        "2026-10-29T21:00Z",  # and back to before midnight
    )
]
ZONES = ["Europe/London", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/Nuuk", "Africa/Cairo"]


@st.composite
def situations(draw: st.DrawFn) -> tuple[Schedule, OfferRules, list[Busy], int, date]:
    now = draw(st.sampled_from(CHANGES)) + draw(st.integers(-72, 48)) * 1800
    zone = draw(st.sampled_from(ZONES))
    day = datetime.fromtimestamp(now, UTC).date() + timedelta(days=draw(st.integers(-1, 3)))
    schedule = Schedule(zone, week(draw(st.lists(day_spans, min_size=7, max_size=7))), {day: draw(day_spans)})
    minutes = st.sampled_from([0, 5, 10, 30])
    caps = st.one_of(st.none(), st.integers(0, 3))
    asked = OfferRules(
        draw(st.sampled_from([15, 30, 50, 60])),
        draw(st.sampled_from([5, 15, 25, 60])),
        draw(minutes),
        draw(minutes),
        draw(st.sampled_from([0, 60, 720])),
        draw(st.integers(0, 4)),
        draw(caps),
        draw(caps),
    )
    starts = draw(st.lists(st.integers(-200, 1000), max_size=6))
    length = draw(st.sampled_from([1500, 3000, 3600]))
    busy = [
        Busy(now + at * 300, now + at * 300 + length, draw(st.booleans()), draw(minutes) * 60, draw(minutes) * 60)
        for at in starts
    ]
    return schedule, asked, busy, now, day


@settings(max_examples=150, deadline=None)
@given(situations(), st.data())
def test_offered_means_bookable_and_nothing_else_is(
    situation: tuple[Schedule, OfferRules, list[Busy], int, date], data: st.DataObject
) -> None:
    schedule, asked, busy, now, day = situation
    first, last = day - timedelta(days=3), day + timedelta(days=5)
    offered = free_slots(schedule, asked, busy, now, first, last)
    assert offered == sorted(offered)
    assert all(is_free(schedule, asked, busy, now, start) is None for start in offered)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    start = data.draw(st.integers(-24 * 12, 48 * 12).map(lambda fives: midnight + fives * 300))
    assert (is_free(schedule, asked, busy, now, start) is None) == (start in offered)


@settings(max_examples=25, deadline=None)
@given(situations())
def test_any_situation_equals_the_oracle(situation: tuple[Schedule, OfferRules, list[Busy], int, date]) -> None:
    schedule, asked, busy, now, day = situation
    assert free_slots(schedule, asked, busy, now, day, day) == slow_slots(schedule, asked, busy, now, day, day)


@settings(max_examples=50, deadline=None)
@given(situations())
def test_booking_an_offered_slot_leaves_room_for_no_overlap(
    situation: tuple[Schedule, OfferRules, list[Busy], int, date],
) -> None:
    schedule, asked, busy, now, day = situation
    offered = free_slots(schedule, asked, busy, now, day, day)
    if not offered:
        return
    length = asked.length_min * 60
    taken = Busy(offered[0], offered[0] + length)
    after = free_slots(schedule, asked, [*busy, taken], now, day, day)
    assert set(after) < set(offered)
    assert all(start >= taken.ends or start + length <= taken.starts for start in after)
