"""Telegram's HTML as the stand-in reads it."""

from typing import Any

import pytest

from bot.sandbox.telegram.errors import Refusal
from bot.sandbox.telegram.texts import MAX_ENTITIES, parsed_caption, parsed_text, plain


def read(source: str) -> tuple[str, list[tuple[Any, ...]]]:
    words = parsed_text({"text": source, "parse_mode": "HTML"})
    return words.text, [tuple(entity.values()) for entity in words.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG>a</Strong> <del>b</>", "a b", [("bold", 0, 1), ("strikethrough", 2, 1)]),
        ("  <b> a </b>\n", "a", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &#65;&#x1F600; &nbsp; AT&T", "<b> & A😀 &nbsp; AT&T", []),
        ('<a href="https://x.org/?a=1&amp;b=2">m</a>', "m", [("text_link", 0, 1, "https://x.org/?a=1&b=2")]),
        ('<a href="x.org/a">m</a> <a href="mailto:a@b">n</a>', "m n", [("text_link", 0, 1, "http://x.org/a")]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1, "py")]),
        ("<code><b>x</b></code>", "x", [("code", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">s</span><b></b>', "s", [("spoiler", 0, 1)]),
        ("<tg-time unix='9' format=r>t</tg-time>", "t", [("date_time", 0, 1, 9, "r")]),
        ("😀 /book a@b.org $1,000.50", "😀 /book a@b.org $1,000.50", [("bot_command", 3, 5), ("email", 9, 7)]),
        ("<code>/book</code> 9/12", "/book 9/12", [("code", 0, 5)]),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[Any, ...]]) -> None:
    assert read(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <- b > c", 'Unsupported start tag "-" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href='x>x</a>", 'Unclosed start tag "a" at byte offset 0'),
        ('<span class="x">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<tg-time unix='9' format='tw'>x</tg-time>", "Invalid date-time format specified"),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_broken_tags_are_refused(source: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_markdown_is_refused() -> None:
    with pytest.raises(Refusal, match="unsupported parse_mode"):
        parsed_text({"text": "*x*", "parse_mode": "MarkdownV2"})


def test_a_caption_has_at_most_1024_characters() -> None:
    assert parsed_caption({}).text == ""
    assert len(parsed_caption({"caption": "x" * 1024}).text) == 1024
    with pytest.raises(Refusal, match="caption is too long"):
        parsed_caption({"caption": "x" * 1025})


def test_formatting_past_the_hundredth_is_lost() -> None:
    words = parsed_text({"text": "<b>a</b> " * (MAX_ENTITIES + 1), "parse_mode": "HTML"})
    assert len(words.entities) == MAX_ENTITIES


def test_entities_can_be_given_and_have_to_lie_inside() -> None:
    words = parsed_text({"text": " 😀b", "entities": [{"type": "bold", "offset": 1, "length": 3}]})
    assert (words.text, list(words.entities)) == ("😀b", [{"type": "bold", "offset": 0, "length": 3}])
    with pytest.raises(Refusal, match="can't parse entities"):
        parsed_text({"text": "b", "entities": [{"type": "bold", "offset": 0, "length": 2}]})


def test_a_persons_words_are_searched_for_links_and_commands() -> None:
    found = [
        (entity["type"], entity["offset"]) for entity in plain(" /start abc, see https://x.org/a. @ana_r ").entities
    ]
    assert found == [("bot_command", 0), ("url", 16), ("mention", 33)]
