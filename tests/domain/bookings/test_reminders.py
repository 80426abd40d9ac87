from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bookings.reminders import DEFAULT_LEADS_MIN, LAST_CALL_MIN, Planned, ahead_of, plan
from bot.domain.calendar.offsets import local_minute

BERLIN = "Europe/Berlin"
NIGHT = (22 * 60, 8 * 60)


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def due(starts: str, now: str, quiet: tuple[int, int] | None = NIGHT) -> list[int]:
    return [each.due for each in plan(at(starts), at(now), DEFAULT_LEADS_MIN, quiet, BERLIN)]


def test_a_day_and_an_hour_before() -> None:
    starts = at("2026-12-01T15:00")
    assert plan(starts, at("2026-11-20T10:00"), DEFAULT_LEADS_MIN, NIGHT, BERLIN) == [
        Planned(1440, starts - 86400, starts),
        Planned(60, starts - 3600, starts),
    ]


def test_a_lead_that_is_past_when_booking_is_left_out() -> None:
    assert due("2026-12-01T15:00", "2026-11-30T15:00") == [at("2026-12-01T14:00")]
    assert due("2026-12-01T15:00", "2026-12-01T14:30") == []


def test_quiet_hours_send_it_before_they_begin_and_spare_the_last_call() -> None:
    assert due("2026-12-01T07:00", "2026-11-20T10:00") == [at("2026-11-29T22:00"), at("2026-12-01T06:00")]
    assert due("2026-12-01T23:00", "2026-11-20T10:00") == [at("2026-11-30T22:00"), at("2026-12-01T22:00")]
    assert due("2026-12-01T08:00", "2026-11-20T10:00") == [at("2026-11-30T08:00"), at("2026-12-01T07:00")]


def test_booked_in_the_quiet_hours_that_it_falls_into_it_goes_at_once() -> None:
    assert due("2026-12-02T07:00", "2026-11-30T23:30") == [at("2026-11-30T23:30"), at("2026-12-02T06:00")]


def test_quiet_hours_within_a_day_or_none() -> None:
    siesta = (13 * 60, 16 * 60)
    assert due("2026-12-01T15:00", "2026-11-20T10:00", siesta)[0] == at("2026-11-30T13:00")
    assert due("2026-12-01T07:00", "2026-11-20T10:00", None)[0] == at("2026-11-30T07:00")
    assert due("2026-12-01T07:00", "2026-11-20T10:00", (480, 480))[0] == at("2026-11-30T07:00")


def test_quiet_hours_are_on_the_wall_clock_over_a_change() -> None:
    """Berlin skips 2:00 to 3:00 on 29 March 2026: the night began at 22:00 of the old time."""
    assert due("2026-03-30T06:30", "2026-03-20T10:00")[0] == at("2026-03-28T22:00")
    starts = at("2026-03-29T12:00")
    assert plan(starts, at("2026-03-20T10:00"), [1440], NIGHT, BERLIN)[0].due == at("2026-03-28T11:00")


def test_of_two_that_would_come_together_the_later_stays() -> None:
    starts = at("2026-12-01T07:00")
    planned = plan(starts, at("2026-11-20T10:00"), [1440, 1500, 60, 60], NIGHT, BERLIN)
    assert [each.lead_min for each in planned] == [1440, 60]


def test_a_usual_reminder_that_meets_a_cut_off_comes_two_hours_before_it() -> None:
    assert ahead_of(DEFAULT_LEADS_MIN, (1440, 720)) == {1440: 1560, 60: 60}
    assert ahead_of(DEFAULT_LEADS_MIN, (1410, 1470)) == {1440: 1590, 60: 60}
    assert ahead_of(DEFAULT_LEADS_MIN, (1409, 1471, 720)) == {1440: 1440, 60: 60}
    assert ahead_of(DEFAULT_LEADS_MIN, (60,)) == {1440: 1440, 60: 60, 180: 180}


def test_one_ahead_of_a_cut_off_is_not_planned_once_its_time_is_past() -> None:
    starts = at("2026-12-01T15:00")
    planned = plan(starts, starts - 25 * 3600, DEFAULT_LEADS_MIN, NIGHT, BERLIN, (1440,))
    assert [(each.lead_min, each.due) for each in planned] == [(60, starts - 3600)]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1_767_225_600, 1_830_297_600),
    st.integers(0, 6000),
    st.lists(st.integers(1, 4000), max_size=5),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    st.sampled_from([BERLIN, "Australia/Lord_Howe", "America/New_York", "Africa/Cairo"]),
)
def test_every_lead_still_to_come_is_told_in_time(
    starts: int, minutes: int, leads: list[int], quiet: tuple[int, int], zone: str
) -> None:
    now = starts - minutes * 60
    planned = plan(starts, now, leads, quiet, zone)
    coming = {lead for lead in leads if starts - lead * 60 > now}
    assert bool(planned) == bool(coming)
    assert [each.due for each in planned] == sorted({each.due for each in planned})
    for each in planned:
        assert each.lead_min in coming
        assert now <= each.due < each.expires == starts
        assert each.due <= starts - each.lead_min * 60
        if each.lead_min <= LAST_CALL_MIN:
            assert each.due == starts - each.lead_min * 60
        elif each.due != now and each.due != starts - each.lead_min * 60:
            assert local_minute(zone, each.due) >= quiet[0]
            assert local_minute(zone, each.due - 60) != quiet[0]
