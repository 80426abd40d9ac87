"""Keeps what people wrote from becoming a link. A name is read on other people's screens, so it may not lead anywhere.

Platforms look for addresses, `@names` and `@channel` in every text by themselves. On a screen only a `Link` can be
tapped, and in words what was marked by `tappable` or `with_links`. `harmless` breaks everything else that looks like
one, with a character that nobody sees and no platform takes for a part of an address. What is typed or pasted loses
that character again (`bot.chat.clean`).
"""

import re
from dataclasses import replace

from bot.chat.moments import joined, left_alone, segmented
from bot.chat.screen import Button, Choice, Field, Form, Line, Link, Row, Screen

JOINER = "\u2060"
"""WORD JOINER: no width, and no line may break at it."""

_LOOKS_LIKE_ONE = re.compile(
    r"(?<=:)(?=//)"  # after the scheme
    r"|(?<=[\w-][.\u3002\uff0e\uff61])(?=[^\W\d_])"  # between the parts of a host, whichever dot a browser takes
    r"|(?<=\d\.)(?=\d{1,3}\.\d{1,3}(?!\d))"  # within an address of four numbers
    r"|(?<=@)(?=\w)"  # a name, a group of people, an e-mail address
)
ADDRESS = re.compile(
    r"https?://[^\s<>|\"“”„»]+[^\s<>|\"“”„».,;:!?)\]]"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,})"
)
"""What may be tapped in words that one person wrote to another: a whole web address, or an e-mail address."""


def tappable(words: str) -> str:
    """Words that may be tapped: an address of ours, or the place that a coach gave."""
    return left_alone(words)


def with_links(text: str) -> str:
    """What one person wrote to another, whose words the reader knows these to be: addresses in it stay links."""
    parts: list[str] = []
    at = 0
    for found in ADDRESS.finditer(text):
        parts += [text[at : found.start()], tappable(found[0])]
        at = found.end()
    return joined("", [*parts, text[at:]]) if parts else text


def inert(words: str) -> str:
    """The words as they are, with nothing in them that a platform takes for a link or a mention."""
    if _LOOKS_LIKE_ONE.search(words) is None:
        return words
    parts = (part if marked else _LOOKS_LIKE_ONE.sub(JOINER, part) for part, marked in segmented(words))
    return joined("", parts)


def harmless(screen: Screen) -> Screen:
    """The screen as it may be drawn: every word on it inert, but for what was marked as a link."""
    return replace(
        screen,
        title=inert(screen.title),
        note=None if screen.note is None else inert(screen.note),
        body=tuple(Line(inert(line.text), line.tone) for line in screen.body),
        buttons=_rows(screen.buttons),
        form=None if screen.form is None else _form(screen.form),
        picker=None if screen.picker is None else replace(screen.picker, rest=_rows(screen.picker.rest)),
        picture=None if screen.picture is None else replace(screen.picture, alt=inert(screen.picture.alt)),
        file=None if screen.file is None else replace(screen.file, about=inert(screen.file.about)),
    )


def _rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(tuple(_button(each) for each in row) for row in rows)


def _button(each: Button | Link) -> Button | Link:
    if isinstance(each, Link):
        return Link(inert(each.text), each.url, each.style)
    return Button(inert(each.text), each.to, each.style, None if each.label is None else inert(each.label))


def _form(form: Form) -> Form:
    """What stands in a field already stays as it was typed: it is sent back as it is."""
    return replace(form, fields=tuple(_field(each) for each in form.fields), submit=inert(form.submit))


def _field(asked: Field) -> Field:
    return replace(
        asked,
        label=inert(asked.label),
        hint=None if asked.hint is None else inert(asked.hint),
        choices=tuple(Choice(each.value, inert(each.label)) for each in asked.choices),
    )
