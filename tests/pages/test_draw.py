"""A screen as a web page: everything of it is there, nothing that people wrote is markup, and nothing runs."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.chat.screen import Button, Line, Link, Picture, Screen, Style, Tone
from bot.chat.words import speaking
from bot.pages.draw import as_html
from bot.pages.drawing import NoWay
from bot.pages.headers import HEADERS

NASTY = """<script>alert("1")</script> & 'x' "onload=y"""
SCREEN = Screen(
    "Held: Single",
    (Line("Tue 1 Dec, 10:00", Tone.STRONG), Line("€45.00"), Line("Nothing was charged.", Tone.QUIET)),
    ((Link("Pay €45.00", "https://pay.example/?a=1&b=2", Style.PRIMARY),), (Button("Let it go", "hold/7"),)),
    note="Look again.",
)


class Page(HTMLParser):
    """What a browser makes of it: tags with their attributes, and the text that is read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def found(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def url_of(address: str) -> str:
    return f"https://desk.example/go?to={address}&x=\"'"


def test_everything_of_a_screen_is_on_the_page() -> None:
    page = Page(as_html(replace(SCREEN, picture=Picture(b"png", "A code")), url_of=url_of))
    for words in ("Held: Single", "Tue 1 Dec, 10:00", "€45.00", "Nothing was charged.", "Look again.", "Let it go"):
        assert words in page.text
    assert [each["href"] for each in page.found("a")] == ["https://pay.example/?a=1&b=2", url_of("hold/7")]
    assert [each["class"] for each in page.found("a")] == ["primary", "plain"]
    [picture] = page.found("img")
    assert picture == {"src": f"data:image/png;base64,{base64.b64encode(b'png').decode()}", "alt": "A code"}


def test_what_people_wrote_stays_text() -> None:
    screen = Screen(
        NASTY, (Line(NASTY),), ((Link(NASTY, "https://x.example/" + NASTY), Button(NASTY, "start", label=NASTY)),),
        note=NASTY, picture=Picture(b"", NASTY),
    )  # fmt: skip
    page = Page(as_html(screen, url_of=lambda _to: "https://x.example/" + NASTY))
    plain = Page(as_html(replace(screen, title="", body=(Line(""),), note="x"), url_of=url_of))
    assert [tag for tag, _attributes in page.tags] == [tag for tag, _attributes in plain.tags]
    assert page.text.count(NASTY) == 6
    assert [each["href"] for each in page.found("a")] == ["https://x.example/" + NASTY] * 2
    assert page.found("a")[1]["aria-label"] == page.found("img")[0]["alt"] == NASTY


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "JAVASCRIPT:alert(1)", ""])
def test_a_link_leads_to_the_web_and_nowhere_else(url: str) -> None:
    with pytest.raises(NoWay):
        as_html(Screen("x", buttons=((Link("x", url),),)))


def test_a_button_without_a_url_for_its_address_is_a_mistake() -> None:
    with pytest.raises(NoWay):
        as_html(SCREEN)


def test_the_language_and_the_next_look_are_told_to_the_browser() -> None:
    with speaking("de"):
        page = Page(as_html(Screen("x"), look_again_s=2))
    assert page.found("html") == [{"lang": "de"}]
    assert {"http-equiv": "refresh", "content": "2"} in page.found("meta")
    assert not any("http-equiv" in each for each in Page(as_html(Screen("x"))).found("meta"))


def test_the_policy_allows_the_style_sheet_of_the_page_and_nothing_else() -> None:
    html = as_html(SCREEN, url_of=url_of)
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(each.split(" ", 1) for each in HEADERS["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'", "style-src": f"'sha256-{digest}'", "img-src": "data:", "base-uri": "'none'",
        "form-action": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip
    page = Page(html)
    assert not page.found("script")
    assert not any(name == "style" or name.startswith("on") for _tag, attributes in page.tags for name in attributes)
