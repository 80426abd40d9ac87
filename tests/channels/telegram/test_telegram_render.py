"""Screens are drawn as messages that Telegram accepts, whatever text is in them."""

import pytest

from bot.channels.telegram.render import Keyboard, draw, length
from bot.chat.screen import Button, Line, Link, Picture, Screen, Style, Tone
from bot.sandbox.telegram.keyboards import checked_markup
from bot.sandbox.telegram.markup import parse_html

HOSTILE = ("$1,000.50", "<b>not bold</b>", "a & b &amp; c", "<!channel>", '"quoted" \'single\'', "_*[]()~`>#+-=|{}.!\\",
           "</b></i>", "<script>", "\u202eright to left", "🧘" * 20, "&lt;", "a\nb", "<a href='x'>")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_it_is(text: str) -> None:
    drawn = draw(Screen(text, (Line(text), Line(text, Tone.STRONG), Line(text, Tone.QUIET)), note=text))
    shown, entities = parse_html(drawn.html)
    assert shown == f"{text}\n\n{text}\n\n{text}\n{text}\n\n{text}"
    assert [entity["type"] for entity in entities] == ["italic", "bold", "bold", "italic"]


@pytest.mark.parametrize("text", ["word " * 2000, "🧘" * 5000, "x" * 9000, "<&>" * 2000])
@pytest.mark.parametrize("picture", [None, Picture(b"png", "what it shows")])
def test_a_long_text_is_cut_to_the_limit(text: str, picture: Picture | None) -> None:
    shown, _ = parse_html(draw(Screen("Title", (Line(text), Line("after")), picture=picture)).html)
    limit = 4096 if picture is None else 1024
    assert limit - 220 * 5 < length(shown) <= limit
    assert shown.startswith("Title\n\n")
    assert shown.endswith("…")


def test_many_lines_are_cut_at_a_line() -> None:
    lines = tuple(Line(f"line {n} " + "y" * 50) for n in range(200))
    shown, _ = parse_html(draw(Screen("Title", lines)).html)
    *whole, mark = shown.split("\n")[2:]
    assert mark == "…"
    assert whole == [line.text for line in lines[: len(whole)]]
    assert 4000 < length(shown) <= 4096


def test_a_line_that_fits_exactly_is_kept() -> None:
    body = (Line("y" * (4096 - len("T\n\n"))),)
    assert length(parse_html(draw(Screen("T", body)).html)[0]) == 4096


def test_an_empty_screen_still_says_something() -> None:
    assert draw(Screen(" ")).html == "…"


def texts(keyboard: Keyboard | None) -> list[list[str]]:
    return [] if keyboard is None else [[button["text"] for button in row] for row in keyboard["inline_keyboard"]]


def test_rows_are_as_wide_as_a_phone_shows() -> None:
    times = tuple(Button(f"{hour:02}:30", f"t/{hour}") for hour in range(10))
    long = tuple(Button(f"Wednesday 1 December {n}", "d") for n in range(2))
    middle = tuple(Button(f"Tue 1 Dec ({n})", "d") for n in range(4))
    drawn = texts(draw(Screen("T", buttons=(times, long, middle))).keyboard)
    assert [len(row) for row in drawn] == [5, 5, 1, 1, 2, 2]


def test_labels_are_cut_and_never_empty() -> None:
    row = (Button("A very long label of a button that no phone shows whole", "a"),)
    drawn = texts(draw(Screen("T", buttons=(row, (Button("  ", "b"),)))).keyboard)
    assert drawn == [["A very long label of a button that no…"], ["…"]]


def test_too_many_buttons_leave_the_last_row() -> None:
    rows = (*((Button(f"{n}", f"t/{n}"),) for n in range(150)), (Button("Back", "back"), Button("Cancel", "x")))
    drawn = draw(Screen("T", buttons=rows)).keyboard
    assert drawn is not None
    assert texts(drawn)[-1] == ["Back", "Cancel"]
    assert sum(map(len, texts(drawn))) == 100
    assert checked_markup(drawn)


def test_buttons_carry_addresses_links_and_styles() -> None:
    row = (Button("Go", "a/b", Style.PRIMARY), Button("No", "c", Style.DANGER), Link("Web", "https://a.example"))
    keyboard = draw(Screen("T", buttons=(row,)), notice=True).keyboard
    assert keyboard is not None
    [drawn] = keyboard["inline_keyboard"]
    assert drawn == [
        {"text": "Go", "callback_data": "!a/b", "style": "primary"},
        {"text": "No", "callback_data": "!c", "style": "danger"},
        {"text": "Web", "url": "https://a.example"},
    ]


def test_an_address_that_fits_no_button_is_a_mistake() -> None:
    draw(Screen("T", buttons=((Button("x", "a" * 63),),)), notice=True)
    with pytest.raises(ValueError, match="too long"):
        draw(Screen("T", buttons=((Button("x", "a" * 64),),)), notice=True)
