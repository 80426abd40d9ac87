"""A screen as a mail: both parts say the same, every button leads somewhere, and nothing is loaded from elsewhere."""

import re
from dataclasses import replace

import pytest

from bot.channels.email.mail import Mail
from bot.channels.email.render import draw
from bot.chat.links import JOINER, tappable
from bot.chat.screen import Button, File, Line, Link, Picture, Screen, Tone
from bot.chat.words import speaking
from bot.pages.drawing import NoWay
from tests.channels.email.email_setup import ANA, CANCELLED, HEAD, RECEIPT, REMINDER, Page, end_of, url_of

SCREENS = (REMINDER, CANCELLED, RECEIPT)
NASTY = """<script>alert("1")</script> & 'x' "onload=y {{ 7*7 }}"""


def drawn(screen: Screen, *, answered: bool = True) -> Mail:
    return draw(screen, lambda each: url_of(ANA, each), HEAD, answered=answered, end_url=end_of(ANA, screen))


def said(words: str) -> set[str]:
    """The words of a text, without the addresses that stand below a button there."""
    return set(re.sub(r"https?://\S+", " ", words).replace(":", " ").split()) - {"--"}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.title)
@pytest.mark.parametrize("language", ["en", "de"])
def test_both_parts_say_the_same(screen: Screen, language: str) -> None:
    with speaking(language):
        mail = drawn(screen, answered=False)
    assert said(Page(mail.html).text) == said(mail.text)
    for line in (screen.note or "", screen.title, *(line.text for line in screen.body)):
        assert line in mail.text.replace(JOINER, "")
    assert "12 Quay Street\n1010 Vienna" in mail.text


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.title)
def test_every_button_is_a_link_in_both_parts(screen: Screen) -> None:
    mail = drawn(screen)
    for each in (each for row in screen.buttons for each in row):
        url = each.url if isinstance(each, Link) else url_of(ANA, each.to)
        assert f"{each.text}:\n{url}\n" in mail.text
        assert url in Page(mail.html).links
    assert (f"No more mails like this: {end_of(ANA, screen)}" in mail.text) is (screen is REMINDER)
    assert (end_of(ANA, screen) in Page(mail.html).links) is (screen is REMINDER)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.title)
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(screen: Screen) -> None:
    html = drawn(replace(screen, picture=Picture(b"png", "A code"))).html
    page = Page(html)
    assert {each["src"] for each in page.found("img")} == {"cid:picture"}
    assert not {"script", "link", "iframe", "object", "form", "base", "svg"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|@font-face|expression|http-equiv", html)
    carrying = {
        name for _tag, attributes in page.tags for name in attributes if name in ("src", "background", "srcset")
    }
    assert carrying == {"src"}
    assert not any(name.startswith("on") for _tag, attributes in page.tags for name in attributes)
    assert all(str(url).startswith(("https://", "mailto:")) for url in page.links)


def test_the_text_reads_well_by_itself() -> None:
    assert drawn(REMINDER).text == (
        "Tomorrow: Coaching with Ana María\n"
        "\n"
        "Wed 2 Dec, 15:00 – 15:50 (Vienna), 14:00 in London\n"
        "By video: https://meet.example/harbour-coaching/ana-maria?room=4711\n"
        "\n"
        "You can cancel free of charge until Tue 1 Dec, 15:00.\n"
        "You can move it until Wed 2 Dec, 03:00.\n"
        "\n"
        "Move:\nhttps://desk.example/go/7-move-7\n"
        "\n"
        "Cancel session:\nhttps://desk.example/go/7-cancel-7\n"
        "\n"
        "No more reminders a day before:\nhttps://desk.example/go/7-stop-7-aaaa\n"
        "\n"
        "-- \n"
        "Harbour Coaching\n12 Quay Street\n1010 Vienna\n"
        f"No more mails like this: {end_of(ANA, REMINDER)}\n"
    )


def test_what_people_wrote_stays_text() -> None:
    mail = drawn(
        Screen(NASTY, (Line(NASTY), Line(NASTY, Tone.QUIET)), ((Button(NASTY, "start", label=NASTY),),), note=NASTY)
    )
    page = Page(mail.html)
    assert page.text.count("alert") == 5
    assert page.text.count("{{ 7*7 }}") == 5
    assert not page.found("script")
    assert page.found("a") == [{**page.found("a")[0], "href": url_of(ANA, "start"), "aria-label": NASTY}]


def test_a_name_leads_nowhere_and_a_place_does() -> None:
    words = "pay.evil.example says see " + tappable("https://meet.example/a?b=1&c=2") + " or " + tappable("a@b.example")
    mail = drawn(Screen("With pay.evil.example", (Line(words),)))
    assert Page(mail.html).links == []  # joined by `+`, the marks are lost, and nothing is a link
    place = Screen("Held", (Line(tappable("https://meet.example/a?b=1&c=2")), Line(tappable("a@b.example"))))
    assert Page(drawn(place).html).links == ["https://meet.example/a?b=1&c=2", "mailto:a@b.example"]
    assert "evil.example" not in mail.text
    assert "evil.example" not in mail.html.replace("<title>With pay.evil.example</title>", "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_a_link_that_leads_to_no_page_is_a_mistake(url: str) -> None:
    with pytest.raises(NoWay):
        drawn(Screen("Held", (), ((Link("Pay", url),),)))
    with pytest.raises(NoWay):
        draw(Screen("Held", (), ((Button("Pay", "pay/7"),),)), lambda _to: url, HEAD, answered=True)


def test_a_picture_and_a_file_come_along_and_are_told_in_words() -> None:
    screen = Screen("Your code", picture=Picture(b"png", "A code"), file=File("receipt.pdf", b"pdf", "A receipt"))
    mail = drawn(screen)
    [table] = drawn(Screen("Sold", file=File("tax.csv", b"a,b", "A table"))).attachments
    assert table.kind == "text/csv; charset=utf-8"
    assert [(each.name, each.kind, each.content_id) for each in mail.attachments] == [
        ("picture.png", "image/png", "picture"),
        ("receipt.pdf", "application/pdf", None),
    ]
    assert "[A code]" in mail.text
    assert Page(mail.html).found("img")[0]["alt"] == "A code"


def test_it_says_when_nobody_reads_replies() -> None:
    words = "Nobody reads replies to this mail."
    read, unread = drawn(CANCELLED), drawn(CANCELLED, answered=False)
    assert (words in read.text, words in unread.text, words in unread.html) == (False, True, True)
