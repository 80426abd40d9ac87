"""Instants are drawn on the reader's own clock where a platform can, and are words with a named zone elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.slack import modal, render
from bot.channels.slack.modal import Origin
from bot.channels.telegram.render import draw
from bot.chat import tell
from bot.chat.moments import joined
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.words import ngettext, speaking
from bot.clock import Clock
from bot.sandbox.slack.blocks.block_kit import check_blocks
from bot.sandbox.telegram.markup import parse_html

AT = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
WORDS = "Tue 1 Dec, 15:00 (Kyiv)"
ON_SLACK = f"<!date^{int(AT.timestamp())}^{{date_long_pretty}}, {{time}}|{WORDS}>"
ON_TELEGRAM = f'<tg-time unix="{int(AT.timestamp())}" format="wDt">{WORDS}</tg-time>'


def moving_until() -> str:
    when = tell.moment(AT, "Europe/Kyiv")
    return ngettext(
        "Moving is free until {when}, {n} more time.", "Moving is free until {when}, {n} more times.", 2, when=when
    )


@pytest.mark.parametrize("tone", list(Tone))
def test_a_sentence_keeps_its_moment_on_both_platforms(tone: Tone) -> None:
    screen = Screen("Booked", (Line(moving_until(), tone), Line("After it", tone)), note=moving_until())
    assert moving_until() == f"Moving is free until {WORDS}, 2 more times."
    drawn = draw(screen).html
    assert drawn.count(f"Moving is free until {ON_TELEGRAM}, 2 more times.") == 2
    assert moving_until() in parse_html(drawn)[0]
    blocks = render.message(screen)
    assert check_blocks(blocks, "message") == []
    assert str(blocks).count(f"Moving is free until {ON_SLACK}, 2 more times.") == 2
    assert f"until {ON_SLACK}," in render.fallback(screen)


def test_the_clock_of_the_other_side_stays_in_words() -> None:
    both = Line(tell.both_clocks(AT, "Europe/Kyiv", "Europe/Berlin", "Ana"))
    assert draw(Screen("x", (both,))).html.endswith(f"{ON_TELEGRAM} · 14:00 for Ana (Berlin)")
    assert render.fallback(Screen("x", (both,))).endswith(f"{ON_SLACK} · 14:00 for Ana (Berlin)")


def test_a_time_of_a_known_day_is_drawn_as_a_time() -> None:
    line = Line(tell.time(AT, "Europe/Kyiv"))
    unix = int(AT.timestamp())
    assert draw(Screen("", (line,))).html == f'<tg-time unix="{unix}" format="t">15:00 (Kyiv)</tg-time>'
    assert render.fallback(Screen("", (line,))) == f"<!date^{unix}^{{time}}|15:00 (Kyiv)>"


def test_titles_and_buttons_are_words() -> None:
    when = tell.moment(AT, "Europe/Kyiv")
    screen = Screen(when, (), ((Button(when, "review/1/2"),),))
    assert f'"text": "{WORDS}"' in str(render.message(screen)).replace("'", '"')
    assert "<!date" not in str([render.message(screen), modal.modal(screen, Origin())])
    assert draw(screen).keyboard is not None


@pytest.mark.parametrize("at", [datetime(1969, 12, 31, tzinfo=UTC), Clock.real() + timedelta(days=1098)])
def test_what_telegram_would_refuse_is_told_in_words(at: datetime) -> None:
    drawn = draw(Screen("x", (Line(tell.moment(at, "Europe/Kyiv")),))).html
    assert "tg-time" not in drawn
    assert "(Kyiv)" in drawn


def test_names_from_the_right_do_not_take_the_moment_away() -> None:
    both = tell.both_clocks(AT, "Europe/Kyiv", "Asia/Jerusalem", "דנה")
    line = Line(ngettext("{when} and {n} more", "{when} and {n} more", 2, when=both))
    assert ON_TELEGRAM in draw(Screen("x", (line,))).html


def test_joined_words_keep_their_moments() -> None:
    line = Line(joined(" · ", ("next", tell.moment(AT, "Europe/Kyiv"), moving_until())))
    assert line.text == f"next · {WORDS} · {moving_until()}"
    assert draw(Screen("", (line,))).html.count(ON_TELEGRAM) == 2


def test_words_that_slack_would_style_are_told_as_they_are() -> None:
    line = Line(joined(" ", ("*Ana*", tell.moment(AT, "Europe/Kyiv"))))
    [block] = render.body(Screen("", (line,)))
    assert block["text"] == {"type": "plain_text", "text": f"*Ana* {WORDS}", "emoji": False}


def test_the_words_speak_the_readers_language() -> None:
    with speaking("de"):
        html = draw(Screen("x", (Line(tell.moment(AT, "Europe/Kyiv")),))).html
        assert ">Di., 1. Dez., 15:00 (Kiew)</tg-time>" in html
