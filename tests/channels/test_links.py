"""What people wrote never becomes a link or a mention on a screen, on any platform; what was meant as one does."""

import json
import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.slack import modal, render
from bot.channels.slack.text import as_typed
from bot.channels.telegram.render import draw
from bot.chat.clean import clean
from bot.chat.links import JOINER, harmless, inert, tappable, with_links
from bot.chat.moments import Moment, Shape, segments, told
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Link, Picture, Screen, Tone
from bot.chat.words import _
from bot.pages.draw import as_html
from bot.sandbox.telegram.texts import parsed_text

NASTY = (
    "http://evil.example/pay", "HTTPS://EVIL.EXAMPLE", "evil.com", "www.evil.com", "t.me/evil_bot", "evil.co.uk/x?y=z",
    "tg://resolve?domain=evil", "slack://app", "http://127.0.0.1:8080/x", "8.8.8.8", "http://[::1]/",
    "xn--e1aybc.xn--p1ai", "пример.рф", "evil．com", "evil。com", "evil-.com", "a.b.c.d.evil.io",
    "@durov_official", "ana@evil.com", "mailto:ana@evil.com", "@channel", "@here", "@everyone", "<!channel>",
    "<!here|here>", "<@U0AAA>", "<#C0AAA|general>", "<http://evil.com|your bank>", "<https://evil.com>",
    "<mailto:a@evil.com|x>", "[click](http://evil.com)", "<a href='http://evil.com'>click</a>",
    "*bold* evil.com _x_", "Ana (evil.com), coach", "evil.com\u2060", "ana.evil.com's",
)  # fmt: skip
LINKING = {"url", "text_link", "mention", "text_mention", "email"}
"""Kinds of Telegram's entities that a tap follows, or that call somebody."""

# What Slack would make of text in which it looks for links and mentions by itself, as in a `text` without blocks.
FOUND_BY_SLACK = re.compile(
    r"https?://\w|(?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,}|(?<!\w)@(?:channel|here|everyone)|\w@\w", re.IGNORECASE
)
MARKED_UP = re.compile(r"<(?!!date\^)[^>]*>")


def page_of(name: str) -> Screen:
    """A name wherever one can stand."""
    asked = (
        Field("x", name, hint=name, default=name),
        Field("y", name, FieldKind.CHOICE, choices=(Choice("1", name), Choice("2", name))),
    )
    body = (
        Line(name),
        Line(_("Book {name} now", name=name), Tone.STRONG),
        Line(f"{name}, {name}", Tone.QUIET),
        Line(name, Tone.TERMS),
    )
    buttons = ((Button(name, "start", label=name), Link(name, "https://pay.example/1")),)
    form, picture = Form("form/tag12345", asked, "Save"), Picture(b"png", name)
    return Screen(name, body, buttons, form=form, note=name, picture=picture, leave="start")


def texts_of(block: Any) -> list[dict[str, Any]]:
    """Every text object in blocks or a view."""
    if isinstance(block, dict):
        own = [block] if block.get("type") in ("plain_text", "mrkdwn") else []
        return own + [found for each in block.values() for found in texts_of(each)]
    return [found for each in block for found in texts_of(each)] if isinstance(block, list) else []


@pytest.mark.parametrize("name", NASTY)
def test_no_name_is_a_link_on_telegram(name: str) -> None:
    screen = page_of(name)
    for notice in (False, True):
        drawn = draw(screen, notice=notice)
        shown = parsed_text({"text": drawn.html, "parse_mode": "HTML"})
        assert not LINKING & {entity["type"] for entity in shown.entities}, shown
        assert name.strip(JOINER) in shown.text.replace(JOINER, "")
        assert drawn.keyboard is not None
        ways = [button.get("url") for row in drawn.keyboard["inline_keyboard"] for button in row]
        assert ways == [None, "https://pay.example/1"]


@pytest.mark.parametrize("name", NASTY)
def test_no_name_is_a_link_on_slack(name: str) -> None:
    screen = page_of(name)
    plain = Screen(name, screen.body, screen.buttons, note=name)
    messages = [render.message(plain), render.message(plain, notice=True)]
    modals = [modal.modal(screen, modal.Origin()), modal.modal(plain, modal.Origin()), modal.notice(name, name)]
    found = [each for one in (*messages, render.home(plain), *modals) for each in texts_of(one)]
    assert len(found) > 20
    for text in found:
        assert text["type"] == "plain_text" or (text["verbatim"] and not MARKED_UP.search(text["text"])), text
        assert not FOUND_BY_SLACK.search(text["text"]), text
    fallback = render.fallback(plain).replace("<https://pay.example/1>", "")
    assert not MARKED_UP.search(fallback)
    assert not FOUND_BY_SLACK.search(fallback)
    errors = modal.errors_by_block({"blocks": [{"type": "input", "block_id": "x|1"}]}, {"x": f"No {name}"})
    assert not FOUND_BY_SLACK.search(json.dumps(errors, ensure_ascii=False))


@pytest.mark.parametrize("name", NASTY)
def test_no_name_is_a_link_on_a_page_of_ours(name: str) -> None:
    page = Screen(name, (Line(name),), ((Link(name, "https://pay.example/1"),),), note=name)
    assert re.findall(r"<a [^>]*href=\"([^\"]*)\"", as_html(page)) == ["https://pay.example/1"]


@pytest.mark.parametrize("name", NASTY)
def test_what_is_copied_off_a_screen_is_what_was_written(name: str) -> None:
    assert clean(inert(name)) == clean(name)
    assert inert(inert(name)) == inert(name)


@pytest.mark.parametrize(
    "words",
    ["€45.00, from 10.30 to 12.00", "24.12.2026", "Dr. Ana M. Lee", "and so on...", "9:00-17:00", "a/b: c", "/book"],
)
def test_what_looks_like_no_link_stays_as_it_is(words: str) -> None:
    assert inert(words) == words


def test_a_place_and_what_people_write_to_each_other_stay_links() -> None:
    place = _("Video call: {link}", link=tappable("https://zoom.us/j/1"))
    letter = with_links("Ana evil.com wrote: see https://docs.example/a_b, (http://x.org). @ben_of_it")
    screen = Screen("evil.com", (Line(place), Line(letter)))
    shown = parsed_text({"text": draw(screen).html, "parse_mode": "HTML"})
    assert [entity["type"] for entity in shown.entities if entity["type"] in LINKING] == ["url"] * 3
    [section] = [each for each in render.message(screen) if each["type"] == "section"]
    assert "<https://zoom.us/j/1>\n" in section["text"]["text"]
    assert "<https://docs.example/a_b>, (<http://x.org>)" in section["text"]["text"]


@pytest.mark.parametrize("address", ["ana@docs.example", "ana.b+c_d@mail.docs-x.example", "анна@пример.рф"])
def test_an_address_to_write_to_stays_one(address: str) -> None:
    """Whoever is told it can tap it, and copies it as it was written."""
    letter = with_links(f"Dear @channel: <{address}>. (mailto:{address}) or evil.com")
    assert letter.count(address) == 2
    screen = Screen("evil@evil.com", (Line(letter),))
    shown = parsed_text({"text": draw(screen).html, "parse_mode": "HTML"})
    assert [entity["type"] for entity in shown.entities if entity["type"] in LINKING] == ["email"] * 2
    assert shown.text.count(address) == 2
    [section] = [each for each in render.message(screen) if each["type"] == "section"]
    assert section["text"]["text"].count(f"<mailto:{address}|{address}>") == 2
    assert as_typed(section["text"]["text"]) == letter


def test_looking_for_addresses_takes_no_longer_than_reading() -> None:
    for words in ("a" * 100_000, "a." * 50_000, "a@" * 50_000, "a@" + "a." * 50_000, "https://" * 10_000):
        began = time.process_time()
        with_links(words)
        assert time.process_time() - began < 1, words[:10]


def test_moments_stay_moments() -> None:
    at = Moment(datetime(2026, 12, 1, 12, tzinfo=UTC), Shape.TIME)
    line = _("{name} at {when}", name="evil.com", when=told(at, "12:00 (p.m.x)"))
    [shown] = harmless(Screen("", (Line(line),))).body
    assert list(segments(shown.text)) == [(f"evil.{JOINER}com at ", None), ("12:00 (p.m.x)", at)]
