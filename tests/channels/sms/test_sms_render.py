"""A screen as an SMS: what of it is said, in which order it is shortened, and what never becomes a link."""

from datetime import UTC, datetime

import pytest

from bot.channels.sms.render import draw
from bot.chat import tell
from bot.chat.links import tappable
from bot.chat.moments import in_short, joined
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.words import speaking
from bot.domain.reach.sms_parts import parts_of

AT = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
LINK = "https://desk.example.org/go/4fzyo82mvyr1x9ydcxbf2w"
ANA = "Ana Kovalenko"


def reminder(*more: Line, offer: str = "Single", zone: str = "Europe/Kyiv") -> Screen:
    when = tell.both_clocks(AT, zone, "Europe/Vienna", ANA)
    title = joined("", ["Reminder: ", in_short(f"{offer} with {ANA}", offer)])
    buttons = ((Button("Move", "move/1"), Button("Cancel", "cancel/1")),)
    return Screen(title, (Line(when, Tone.STRONG), *more), buttons)


def test_facts_and_one_link() -> None:
    text = draw(reminder(Line("Bring your notes.", Tone.QUIET)), LINK, None)
    assert text == f"Reminder: Single with {ANA}\nTue 1 Dec, 15:00 (Kyiv) - 14:00 for {ANA} (Vienna)\n{LINK}"
    assert parts_of(text).count == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_other_clock_goes_before_the_name(language: str) -> None:
    with speaking(language):
        place = Line(joined("", ["Video call: ", tappable("https://meet.example.org/" + "x" * 140)]))
        time = tell.moment(AT, "Europe/Kyiv")
        short = draw(reminder(place), LINK, None)
        assert str(time) in short
        assert "Vienna" not in short
        assert "Wien" not in short
        assert ANA in short
        shortest = draw(reminder(place, offer="A longer talk about the year"), LINK, None)
        assert ANA not in shortest
        for whole in (str(time), "x" * 140, LINK, "A longer talk about the year"):
            assert whole in shortest
        assert parts_of(shortest).count == 2


def test_a_name_that_looks_like_an_address_is_none() -> None:
    text = draw(Screen("evil.example.com and https://evil.example wrote", (Line("a@b.example"),)), LINK, None)
    assert "evil.example" not in text
    assert "://evil" not in text
    assert "@b" not in text
    assert text.endswith(LINK)


def test_who_cannot_answer_reads_where_it_ends() -> None:
    assert draw(reminder(), LINK, "https://desk.example.org/go/end").endswith(
        f"{LINK}\nEnd SMS: https://desk.example.org/go/end"
    )


def test_lines_stay_lines() -> None:
    text = draw(Screen("Message\nfrom\tTheo", (Line("one\n\ntwo"),), note="New"), LINK, None)
    assert text == f"New\nMessage from Theo\none two\n{LINK}"


def test_a_text_in_letters_of_their_own_is_two_parts_too() -> None:
    with speaking("en"):
        text = draw(reminder(Line("Приходьте вчасно, будь ласка. " * 5)), LINK, None)
    assert parts_of(text).count <= 2
    assert "15:00 (Kyiv)" in text
    assert LINK in text
