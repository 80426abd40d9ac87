"""What a calendar is told: by what it knows an entry again, what follows what, and where Google saves it."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from bot.domain.bookings.bookings import BookingState, moved
from bot.domain.bookings.calendar_entry import (
    LONGEST_URL,
    EntryStatus,
    EntryWords,
    Mailbox,
    Method,
    google_link,
    google_subscription,
    invitation,
    published,
    uid,
)
from bot.domain.bookings.policy import MoveOutcome
from tests.pages.sessions import STARTS, WORDS, session, written

DESK, ANA = Mailbox("desk@example.org", "Harbour"), Mailbox("ana@example.org", "Ana")


def test_a_booking_keeps_its_uid_and_every_change_has_a_higher_sequence() -> None:
    booked = session()
    later = moved(booked, STARTS + timedelta(days=1), MoveOutcome(None, 1, left=1))
    cancelled = replace(later, state=BookingState.CANCELLED, version=later.version + 1)
    told = [written(each) for each in (booked, later, cancelled)]
    assert {each.uid for each in told} == {uid(booked)}
    assert [each.sequence for each in told] == [0, 1, 2]
    assert [each.status for each in told] == [EntryStatus.CONFIRMED, EntryStatus.CONFIRMED, EntryStatus.CANCELLED]


def test_two_practices_have_no_uid_in_common() -> None:
    ours = session()
    assert uid(ours) != uid(session(id=13))
    assert uid(ours) != uid(session(made_at=ours.made_at + timedelta(seconds=1)))


def test_an_invitation_is_withdrawn_where_the_session_was_cancelled() -> None:
    stands, gone = written(session()), written(session(state=BookingState.CANCELLED, version=2))
    asked, withdrawn = invitation(stands, DESK, ANA), invitation(gone, DESK, ANA)
    assert (asked.method, withdrawn.method) == (Method.REQUEST, Method.CANCEL)
    assert (withdrawn.organizer, withdrawn.attendee) == (DESK, ANA)
    assert (published([stands]).organizer, published([stands]).attendee) == (None, None)
    assert stands.alarms_min
    assert not gone.alarms_min


def test_who_wants_no_reminders_has_no_alarm() -> None:
    assert written(session(), alarms=False).alarms_min == ()


@pytest.mark.parametrize(
    ("local", "utc"),
    [("2027-03-27T10:00", "20270327T090000Z"), ("2027-03-29T10:00", "20270329T080000Z")],
)
def test_the_same_hour_before_and_after_clocks_change_is_two_hours_of_utc(local: str, utc: str) -> None:
    starts = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    [dates] = parse_qs(urlsplit(google_link(written(session(starts=starts)))).query)["dates"]
    assert dates.split("/")[0] == utc


def test_google_is_told_all_that_fits_into_a_link() -> None:
    said = parse_qs(urlsplit(google_link(written(session()))).query)
    assert said["action"] == ["TEMPLATE"]
    assert (said["text"], said["location"], said["details"]) == ([WORDS.summary], [WORDS.location], [WORDS.description])
    assert said["dates"] == ["20261207T090000Z/20261207T095000Z"]


@pytest.mark.parametrize("length", [10, 400, 3000])
def test_a_link_to_google_is_never_longer_than_a_button_takes(length: int) -> None:
    long = EntryWords("ن" * length, "ن" * length, "ن" * length)
    link = google_link(written(session(), long))
    assert len(link) <= LONGEST_URL
    assert parse_qs(urlsplit(link).query)["text"][0].startswith("ن")


def test_google_subscribes_to_a_feed_by_its_own_scheme() -> None:
    link = google_subscription("https://desk.example.org/calendar/abc.ics")
    assert parse_qs(urlsplit(link).query)["cid"] == ["webcal://desk.example.org/calendar/abc.ics"]


def test_an_address_cannot_end_the_line_it_stands_in() -> None:
    bad = Mailbox('ana"\r\nATTENDEE:mailto:eve@example.org', "Ana")
    assert not {"\r", "\n", '"', ":"} & set(bad.uri.removeprefix("mailto:"))
    assert Mailbox("ana+desk@example.org", "Ana").uri == "mailto:ana+desk@example.org"
