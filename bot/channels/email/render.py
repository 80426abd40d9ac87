"""A screen as a mail: a text that reads well by itself, and a page that needs no picture and no style sheet.

Mail programs drop style sheets as they please, so what matters stands in each element; the sheet adds the dark colours.
"""

import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.channels.email.mail import Attachment, Letterhead, Mail
from bot.channels.email.words_of_headers import subject
from bot.chat.links import ADDRESS, harmless
from bot.chat.moments import segmented
from bot.chat.screen import Button, Line, Link, Screen, Tone
from bot.chat.words import _, current_language
from bot.pages.drawing import UrlOf, Way, template, web_url

if TYPE_CHECKING:
    import jinja2

PICTURE = "picture"
MARK = "-- "
"""The line before a signature (RFC 3676): mail programs know what follows for one."""

_FONT = "font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;"
_BREAK = "overflow-wrap:anywhere;word-break:break-word;"
_TEXT = f"{_FONT}{_BREAK}color:#1c1e21;font-size:16px;line-height:24px;"
_FAINT = f"{_FONT}{_BREAK}color:#5b616b;font-size:14px;line-height:21px;"
CSS = {
    "card": "background:#ffffff;border:1px solid #e3e5e9;border-radius:12px;padding:32px;",
    "note": f"{_FAINT}margin:0 0 12px;",
    "title": f"{_FONT}{_BREAK}color:#1c1e21;font-size:22px;line-height:29px;font-weight:600;margin:0 0 12px;",
    "normal": f"{_TEXT}margin:6px 0 0;",
    "strong": f"{_TEXT}font-weight:600;margin:6px 0 0;",
    "quiet": f"{_FAINT}margin:6px 0 0;",
    "apart": f"{_FAINT}margin:18px 0 0;",
    "footer": f"{_FONT}{_BREAK}color:#5b616b;font-size:13px;line-height:19px;margin:0 0 4px;",
    "link": "color:#2f5fd0;text-decoration:underline;",
    "way": f"{_FONT}{_BREAK}display:inline-block;max-width:100%;box-sizing:border-box;font-size:16px;line-height:22px;"
    "font-weight:500;text-decoration:none;text-align:center;padding:11px 18px;margin:4px 6px 4px 0;border-radius:9px;",
    "plain": "border:1px solid #c6cad2;color:#1c1e21;",
    "primary": "border:1px solid #2f5fd0;background:#2f5fd0;color:#ffffff;font-weight:600;",
    "success": "border:1px solid #2f5fd0;background:#2f5fd0;color:#ffffff;font-weight:600;",
    "danger": "border:1px solid #d9a3a0;color:#b3261e;",
}
_FOOTNOTES = (Tone.QUIET, Tone.TERMS)


@dataclass(frozen=True)
class _Paragraph:
    words: str
    style: str
    faint: bool


@dataclass(frozen=True)
class _Shown:
    content_id: str
    alt: str


def draw(screen: Screen, url_of: UrlOf, head: Letterhead, *, answered: bool, end_url: str | None = None) -> Mail:
    """The mail in the language that is being spoken.

    `answered`: somebody reads replies to it. `end_url`: where notices of its kind are ended. Raises `NoWay`.
    """
    screen = harmless(screen)
    rows = [[_way(each, url_of) for each in row] for row in screen.buttons if row]
    footer = [head.name, *(head.address or "").splitlines()]
    if not answered:
        footer.append(_("Nobody reads replies to this mail."))
    end = None if end_url is None else Way(_("No more mails like this"), end_url, "link", None)
    title = subject(screen.title, head.name)
    html = _template().render(
        subject=title, language=current_language(), css=CSS, words=_linked,
        note=screen.note, title=screen.title, lines=list(_paragraphs(screen.body)), rows=rows,
        picture=None if screen.picture is None else _Shown(PICTURE, screen.picture.alt),
        footer=[line for line in footer if line.strip()], end=end,
    )  # fmt: skip
    return Mail(title, _text(screen, rows, footer, end), html, tuple(_attachments(screen)))


def _way(each: Button | Link, url_of: UrlOf) -> Way:
    url = web_url(each.url if isinstance(each, Link) else url_of(each.to))
    return Way(each.text.strip(), url, each.style.value, each.label if isinstance(each, Button) else None)


def _paragraphs(lines: Iterable[Line]) -> Iterator[_Paragraph]:
    before = Tone.NORMAL
    for line in _with_words(lines):
        faint = line.tone in _FOOTNOTES
        apart = faint and before not in _FOOTNOTES
        style = "apart" if apart else "quiet" if faint else line.tone.value
        yield _Paragraph(line.text, style, faint)
        before = line.tone


def _text(screen: Screen, rows: list[list[Way]], footer: list[str], end: Way | None) -> str:
    """Paragraphs by themselves, lines of one kind below each other, each button above its address."""
    parts = [screen.note or "", screen.title, *_blocks(screen.body)]
    if screen.picture is not None:
        parts.append(f"[{screen.picture.alt}]")
    parts += [f"{way.text}:\n{way.url}" for row in rows for way in row]
    below = [MARK, *footer, *([] if end is None else [f"{end.text}: {end.url}"])]
    parts.append("\n".join(line for line in below if line.strip() or line == MARK))
    return "\n\n".join(str(part).strip("\n") for part in parts if part.strip()) + "\n"


def _blocks(lines: Iterable[Line]) -> Iterator[str]:
    """What stands together: the facts, and apart from them the footnotes."""
    block: list[str] = []
    faint = False
    for line in _with_words(lines):
        if block and faint is not (line.tone in _FOOTNOTES):
            yield "\n".join(block)
            block = []
        faint = line.tone in _FOOTNOTES
        block.append(line.text)
    yield "\n".join(block)


def _with_words(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if line.text.strip())


def _linked(words: str) -> Markup:
    """Escaped, line ends kept, and what was marked as an address a link: nothing else on a screen leads anywhere."""
    html = Markup()
    for part, marked in segmented(words):
        html += _with_addresses(part) if marked else escape(str(part))
    return Markup("<br>").join(html.split("\n"))


def _with_addresses(part: str) -> Markup:
    html, at = Markup(), 0
    for found in ADDRESS.finditer(part):
        url = f"mailto:{found[0]}" if found["email"] else found[0]
        link = Markup('<a class="link" href="{url}" style="{css}">{words}</a>')
        html += escape(str(part[at : found.start()])) + link.format(url=url, css=CSS["link"], words=found[0])
        at = found.end()
    return html + escape(str(part[at:]))


def _attachments(screen: Screen) -> Iterator[Attachment]:
    if screen.picture is not None:
        yield Attachment(f"{PICTURE}.png", screen.picture.png, "image/png", PICTURE)
    if screen.file is not None:
        kind = mimetypes.guess_type(screen.file.name)[0] or "application/octet-stream"
        yield Attachment(
            screen.file.name, screen.file.data, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        )


@cache
def _template() -> "jinja2.Template":
    return template(Path(__file__).with_name("mail.html"))
