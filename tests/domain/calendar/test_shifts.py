from datetime import UTC, datetime

from bot.domain.calendar.shifts import ClockChange, Shift, shift_warning
from bot.domain.people.zones import clocks_differ


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_between_two_changes_the_difference_is_another() -> None:
    """New York goes forward on 8 March 2026, Berlin on the 29th."""
    booked = at("2026-03-01T12:00")
    assert shift_warning("Europe/Berlin", "America/New_York", booked, at("2026-03-16T15:00")) == Shift(
        6 * 3600, 5 * 3600, (ClockChange("America/New_York", at("2026-03-08T07:00"), 3600),)
    )


def test_no_warning_when_both_have_changed_or_neither() -> None:
    booked = at("2026-03-01T12:00")
    assert shift_warning("Europe/Berlin", "America/New_York", booked, at("2026-03-30T15:00")) is None
    assert shift_warning("Europe/Berlin", "America/New_York", booked, at("2026-03-07T15:00")) is None
    assert shift_warning("Europe/Berlin", "Europe/Paris", booked, at("2026-03-30T15:00")) is None


def test_opposite_changes_are_both_named_in_order() -> None:
    """Berlin goes forward on 29 March 2026, Sydney back on 5 April."""
    shift = shift_warning("Australia/Sydney", "Europe/Berlin", at("2026-03-20T12:00"), at("2026-04-10T12:00"))
    assert shift == Shift(
        10 * 3600,
        8 * 3600,
        (
            ClockChange("Europe/Berlin", at("2026-03-29T01:00"), 3600),
            ClockChange("Australia/Sydney", at("2026-04-04T16:00"), -3600),
        ),
    )


def test_clocks_differ_by_the_hour_and_not_by_the_name() -> None:
    summer, winter = at("2026-07-01T12:00"), at("2026-01-01T12:00")
    assert not clocks_differ("Europe/Berlin", "Europe/Paris", summer)
    assert clocks_differ("Europe/London", "UTC", summer)
    assert not clocks_differ("Europe/London", "UTC", winter)
