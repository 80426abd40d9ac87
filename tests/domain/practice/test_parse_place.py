"""A place as one typed line."""

import pytest

from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.practice.parse_place import number_of_service, parse_place


@pytest.mark.parametrize(
    ("line", "kind", "details"),
    [
        ("https://meet.example/ana", PlaceKind.VIDEO, "https://meet.example/ana"),
        ("www.meet.example/ana", PlaceKind.VIDEO, "https://www.meet.example/ana"),
        ("meet.google.com/abc-defg-hij", PlaceKind.VIDEO, "https://meet.google.com/abc-defg-hij"),
        ("zoom.us/j/123?pwd=a", PlaceKind.VIDEO, "https://zoom.us/j/123?pwd=a"),
        ("Meet.Example", PlaceKind.VIDEO, "https://Meet.Example"),
        ("Zoom: zoom.us/j/123", PlaceKind.VIDEO, "https://zoom.us/j/123"),
        ("Google Meet meet.google.com/abc-defg-hij", PlaceKind.VIDEO, "https://meet.google.com/abc-defg-hij"),
        ("Praxis am Park, praxis-park.at", PlaceKind.ADDRESS, "Praxis am Park, praxis-park.at"),
        ("Hauptstr. 5, Wien", PlaceKind.ADDRESS, "Hauptstr. 5, Wien"),
        ("St. Pölten", PlaceKind.ADDRESS, "St. Pölten"),
        ("+43 660 1234567", PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
        ("I call from +43 660 1234567", PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567"),
        ("I'll call you from +43 660 1234567", PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567"),
        ("Ich rufe an von +43 660 1234567", PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567"),
        ("Ich rufe Sie an von +43 660 1234567", PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567"),
        ("Wir rufen Sie an, von +43 660 1234567", PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567"),
        ("Call me at +43 660 1234567", PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
        ("Rufen Sie mich an unter +43 660 1234567", PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
        ("Tel. +43 660 1234567", PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
        ("Telefon: +43 660 1234567", PlaceKind.PHONE_CLIENT_CALLS, "+43 660 1234567"),
        ("Phone booth, Zoom Street 2", PlaceKind.ADDRESS, "Phone booth, Zoom Street 2"),
        ("Mariahilfer Straße 12, 1060 Wien", PlaceKind.ADDRESS, "Mariahilfer Straße 12, 1060 Wien"),
    ],
)
def test_a_line_is_read_as_what_it_is(line: str, kind: PlaceKind, details: str) -> None:
    assert parse_place(line) == Place(kind, details)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "I call you",
        "https://nowhere",
        "ftp://files.example/x",
        "a" * 201,
        "Phone",
        "telefon",
        "zoom",
        "video  call",
        "Call.",
        "WhatsApp +43 660 1234567",
    ],
)
def test_what_is_no_place_is_refused(line: str) -> None:
    assert parse_place(line) is None


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("WhatsApp +43 660 1234567", ("https://wa.me/436601234567", "+43 660 1234567")),
        ("whatsapp: 0660 1234567", ("0660 1234567",)),
        ("Signal, +43 660 1234567", ("+43 660 1234567",)),
        ("Telefon +43 660 1234567", ()),
        ("Hauptstr. 5, 1060 Wien", ()),
        ("Raum 12345678", ()),
        ("zoom.us/j/1234567890", ()),
    ],
)
def test_a_service_before_a_number_is_a_question(line: str, meant: tuple[str, ...]) -> None:
    assert number_of_service(line) == meant
    assert all(parse_place(each) for each in meant)
