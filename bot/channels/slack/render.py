"""Screens as Block Kit: messages and Home. Limits: Slack's reference of blocks, as kept in slack_sdk.models."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from bot.channels.slack.text import escape, looks_styled, mrkdwn, pieces
from bot.chat.links import harmless
from bot.chat.moments import joined
from bot.chat.screen import Button, Line, Link, Row, Screen, Style, Tone
from bot.chat.shorten import shorten
from bot.chat.words import _

Json = dict[str, Any]

NOTICE = "!"
"""The flag before an address on a message that is kept as it is: a tap on it opens a new one."""

MOST_BLOCKS = 50  # of a message; a view holds 100
SECTION = 3000
HEADER = 150
BUTTON = 75
FALLBACK = 3900  # Slack recommends at most 4000 characters of `text`
MOST_ROWS = 12
STYLES = {Style.SUCCESS: "primary"}  # which is green; Slack has no third style
IN_A_BLOCK = 20  # buttons, of 25 at most


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: Json) -> Json:
    return {"type": "section", "text": text}


def message(screen: Screen, *, notice: bool = False) -> list[Json]:
    """Blocks of a message; `notice` flags its buttons."""
    return drawn(screen, notice=notice)[1]


def fallback(screen: Screen) -> str:
    """The same content as words, for notifications and screen readers; links included."""
    return drawn(screen)[0]


def drawn(screen: Screen, *, notice: bool = False) -> tuple[str, list[Json]]:
    """`fallback` and `message`: Slack takes both."""
    screen = harmless(screen)
    written = [mrkdwn(line.text) for line in screen.body]
    actions = action_blocks(screen.buttons, notice=notice)[:MOST_BLOCKS]
    return _words(screen, written), [*_body(screen, written)[: MOST_BLOCKS - len(actions)], *actions]


def without_buttons(blocks: Iterable[Json]) -> list[Json]:
    return [block for block in blocks if block.get("type") != "actions"]


def is_bare(blocks: Iterable[Json]) -> bool:
    """Whether nothing is left but a title and footnotes, which asked for a button that is not there any more."""
    return all(block.get("type") in ("header", "context") for block in blocks)


def home(screen: Screen) -> Json:
    """The view of App Home. Every page but the first has a way back."""
    screen = harmless(screen)
    rows = screen.buttons
    if screen.address != "home" and not _leads_home(rows):
        rows = (*rows, (Button(_("Back to Home"), "home"),))
    actions = action_blocks(rows)
    return {"type": "home", "blocks": [*body(screen)[: 2 * MOST_BLOCKS - len(actions)], *actions]}


def body(screen: Screen) -> list[Json]:
    """What has just happened, the title, the lines."""
    return _body(screen, [mrkdwn(line.text) for line in screen.body])


def _body(screen: Screen, written: list[str]) -> list[Json]:
    """`written`: the lines as mrkdwn."""
    blocks = [section(_text(part)) for part in pieces(screen.note or "", SECTION // 2)]
    if screen.title:
        blocks.append({"type": "header", "text": plain(shorten(screen.title, HEADER))})
    if len(screen.title) > HEADER:
        blocks.append(section(plain(shorten(screen.title, SECTION))))
    for kind, lines in groupby(zip(screen.body, written, strict=True), _kind):
        blocks += _lines(kind, [(line, text) for line, text in lines if line.text.strip()])
    return blocks


def _kind(of: tuple[Line, str]) -> str:
    line, text = of
    if line.tone in (Tone.QUIET, Tone.TERMS):
        return "quiet"
    return "literal" if looks_styled(line.text) or len(text) > SECTION // 2 else "marked"


def _lines(kind: str, lines: list[tuple[Line, str]]) -> list[Json]:
    if kind == "quiet":
        words = joined("\n", (line.text for line, _written in lines))
        return [{"type": "context", "elements": [_text(part)]} for part in pieces(words, SECTION // 2)]
    if kind == "literal":
        return [section(plain(part)) for line, _written in lines for part in pieces(line.text, SECTION)]
    written = [_strong(line) if line.tone is Tone.STRONG else text for line, text in lines]
    blocks: list[str] = []
    for text in written:
        if blocks and len(blocks[-1]) + len(text) < SECTION:
            blocks[-1] += "\n" + text
        else:
            blocks.append(text)
    return [section(marked(text)) for text in blocks]


def _strong(line: Line) -> str:
    parts = line.text.splitlines() if "\n" in line.text else [line.text]
    return "\n".join(f"*{mrkdwn(part).strip()}*" for part in parts if part.strip())


def _text(words: str) -> Json:
    """A text object that shows exactly these words."""
    written = mrkdwn(words)
    return plain(shorten(words, SECTION)) if looks_styled(words) or len(written) > SECTION else marked(written)


def action_blocks(rows: tuple[Row, ...], *, notice: bool = False) -> list[Json]:
    """One block for each row; many short rows share blocks, the last row (Back, Cancel) stays alone."""
    named = [[_element(button, r, c, notice) for c, button in enumerate(row)] for r, row in enumerate(rows) if row]
    if len(named) > MOST_ROWS:
        *many, last = named
        flat = [element for row in many for element in row]
        named = [*(flat[at : at + IN_A_BLOCK] for at in range(0, len(flat), IN_A_BLOCK)), last]
    parts = (row[at : at + IN_A_BLOCK] for row in named for at in range(0, len(row), IN_A_BLOCK))
    return [{"type": "actions", "elements": elements} for elements in parts]


def _element(button: Button | Link, row: int, column: int, notice: bool) -> Json:
    element: Json = {
        "type": "button",
        "action_id": f"r{row}c{column}",
        "text": plain(shorten(button.text, BUTTON) or "…"),
    }
    if button.style is not Style.PLAIN:
        element["style"] = STYLES.get(button.style, button.style.value)
    if isinstance(button, Link):
        return element | {"url": button.url}
    if button.label:
        element["accessibility_label"] = shorten(button.label, BUTTON)
    return element | {"value": f"{NOTICE}{button.to}" if notice else button.to}


def _leads_home(rows: tuple[Row, ...]) -> bool:
    return any(isinstance(button, Button) and button.to == "home" for row in rows for button in row)


def _words(screen: Screen, written: list[str]) -> str:
    links = [button for row in screen.buttons for button in row if isinstance(button, Link)]
    said = [*(mrkdwn(text) for text in (screen.note, screen.title) if text), *filter(None, written)]
    said += [f"{escape(link.text)}: <{escape(link.url)}>" for link in links]
    text = "\n".join(said)
    return text if len(text) <= FALLBACK else text[:FALLBACK].rsplit("\n", 1)[0] + "\n…"
