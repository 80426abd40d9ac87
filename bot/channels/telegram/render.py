"""A screen as a Telegram message: HTML and an inline keyboard, inside Telegram's limits."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.chat.links import harmless
from bot.chat.moments import Moment, Shape, segments
from bot.chat.screen import Button, File, Line, Link, Picture, Row, Screen, Style, Tone
from bot.chat.shorten import shorten
from bot.clock import Clock

# Bot API, sendMessage.text, sendPhoto.caption and sendDocument.caption: UTF-16 units after the tags are read.
MAX_TEXT = 4096
MAX_CAPTION = 1024
# Bot API, InlineKeyboardButton.callback_data, in bytes.
MAX_DATA = 64
# Undocumented; measured by python-telegram-bot (constants.InlineKeyboardMarkupLimit).
MAX_BUTTONS = 100
# What a phone shows of a label before it cuts it.
MAX_LABEL = 40
# Buttons of one row by the length of its longest label, so that a phone shows each in full.
COLUMNS = ((6, 8), (8, 4), (12, 3), (20, 2), (MAX_LABEL, 1))
# A longer line that does not fit is cut; a shorter one is left out whole.
LONG_LINE = 200
NOTICE_FLAG = "!"
MORE = "…"
TAGS = {Tone.NORMAL: None, Tone.STRONG: "b", Tone.QUIET: "i", Tone.TERMS: "i"}
FOOTNOTES = (Tone.QUIET, Tone.TERMS)
# Bot API, MessageEntity.date_time_format: weekday, long date, short time.
# Without a format the words stay, and a tap shows the date.
DATES = {Shape.DAY_AND_TIME: "wDt", Shape.TIME: "t", Shape.COMING: ""}
# Telegram refuses a whole message for a moment before 1970 or more than 1098 days ahead (telegram-bot-api#852).
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_AHEAD = timedelta(days=1097)
# Bot API, InlineKeyboardButton.style: a plain button says none.
STYLES: dict[Style, dict[str, str]] = {
    Style.PLAIN: {},
    Style.SUCCESS: {"style": "success"},
    Style.PRIMARY: {"style": "primary"},
    Style.DANGER: {"style": "danger"},
}

Buttons = list[list[dict[str, str]]]
Keyboard = dict[str, Buttons]
"""Bot API, InlineKeyboardMarkup: rows of InlineKeyboardButton under `inline_keyboard`."""


@dataclass(frozen=True)
class Drawn:
    html: str
    keyboard: Keyboard | None
    picture: Picture | None
    file: File | None


def draw(screen: Screen, *, notice: bool = False, link_buttons: bool = True, dates: bool = True) -> Drawn:
    """`notice` marks the buttons of a message that is kept as it is. Without `link_buttons` links stand in the text,
    without `dates` moments stand as their words."""
    screen = harmless(screen)
    rows, lines = screen.buttons, list(screen.body)
    if not link_buttons:
        lines += [Line(f"{link.text}: {link.url}") for row in rows for link in row if isinstance(link, Link)]
        rows = tuple(tuple(button for button in row if isinstance(button, Button)) for row in rows)
    if screen.picture is not None:
        lines.append(Line(screen.picture.alt, Tone.QUIET))
    limit = MAX_TEXT if screen.picture is None and screen.file is None else MAX_CAPTION
    latest = Clock.real() + LONGEST_AHEAD if dates else None
    return Drawn(_text(screen, lines, limit, latest), _keyboard(rows, notice), screen.picture, screen.file)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def length(text: str) -> int:
    """As Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(screen: Screen, lines: Iterable[Line], limit: int, latest: datetime | None) -> str:
    """Note, title and these lines; what does not fit is left out from the end, a mark stands for it.

    `latest`: the last moment that is drawn as one.
    """
    parts: list[str] = []
    left = limit
    for gap, line in _paragraphs(screen, lines):
        room = left - length(gap)
        if length(line.text) > room:
            if length(line.text) > LONG_LINE <= room:
                parts.append(gap + _tagged(replace(line, text=shorten(line.text, room, length)), latest))
            elif room >= length(MORE):
                parts.append(gap + MORE)
            break
        parts.append(gap + _tagged(line, latest))
        left = room - length(line.text)
    return "".join(parts) or MORE


def _paragraphs(screen: Screen, lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with the gap before it: footnotes, note and title stand apart."""
    gap, before = "", Tone.NORMAL
    for line in _heading(screen):
        yield gap, line
        gap = "\n\n"
    for line in (line for line in lines if line.text.strip()):
        apart = line.tone in FOOTNOTES and before not in FOOTNOTES
        yield ("\n\n" if apart and gap else gap), line
        gap, before = "\n", line.tone


def _heading(screen: Screen) -> Iterator[Line]:
    if screen.note:
        yield Line(screen.note, Tone.QUIET)
    if screen.title.strip():
        yield Line(screen.title, Tone.STRONG)


def _tagged(line: Line, latest: datetime | None) -> str:
    html = "".join(_moment(words, moment, latest) for words, moment in segments(line.text))
    tag = TAGS[line.tone]
    return html if tag is None else f"<{tag}>{html}</{tag}>"


def _moment(words: str, moment: Moment | None, latest: datetime | None) -> str:
    if moment is None or latest is None or not EARLIEST <= moment.at <= latest:
        return escape(words)
    return f'<tg-time unix="{int(moment.at.timestamp())}" format="{DATES[moment.shape]}">{escape(words)}</tg-time>'


def _keyboard(rows: Iterable[Row], notice: bool) -> Keyboard | None:
    drawn = [[_button(button, notice) for button in part] for row in rows for part in _split(row)]
    if not drawn:
        return None
    room = MAX_BUTTONS - len(drawn[-1])
    kept: Buttons = []
    for row in drawn[:-1]:
        if len(row) > room:
            break
        kept.append(row)
        room -= len(row)
    # The last row holds the ways out: Back and Cancel are never left out.
    return {"inline_keyboard": [*kept, drawn[-1]]}


def _split(row: Row) -> Iterator[Row]:
    """The row in as few parts of like length as a phone can show."""
    longest = max((len(button.text) for button in row), default=0)
    columns = next((columns for most, columns in COLUMNS if longest <= most), 1)
    if not row:
        return
    each = math.ceil(len(row) / math.ceil(len(row) / columns))
    for start in range(0, len(row), each):
        yield row[start : start + each]


def _button(button: Button | Link, notice: bool) -> dict[str, str]:
    label = shorten(button.text.strip(), MAX_LABEL, length) or MORE
    styled = STYLES[button.style]
    if isinstance(button, Link):
        return {"text": label, "url": button.url, **styled}
    data = (NOTICE_FLAG if notice else "") + button.to
    if len(data.encode()) > MAX_DATA:
        raise ValueError(f"a button's address is too long: {button.to}")
    return {"text": label, "callback_data": data, **styled}
