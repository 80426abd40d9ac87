"""Telegram's HTML: text and entities out of tags, with the Bot API server's own refusals.

Offsets of entities are UTF-16 code units; offsets in refusals are bytes of the UTF-8 source.
"""

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import Refusal, bad_request

Entity = dict[str, Any]

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
TAGS = {*SIMPLE, "a", "blockquote", "tg-time", "tg-emoji"}
# The four named references that Telegram knows; any other ampersand is text.
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
# r, or any of weekday, date and time once each, in this order.
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass
class Open:
    """A start tag that waits for its end; `at` is its offset in the text, in UTF-16 units."""

    tag: str
    attributes: dict[str, str]
    at: int
    begins: int


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The visible text and its entities sorted by offset; Refusal 400 "can't parse entities: …"."""
    return _Parser(source).parse()


def unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        if name:
            return NAMED[name]
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]

    return REFERENCE.sub(character, text)


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._pos = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._pos < len(self._source):
            less = self._source.find("<", self._pos)
            end = len(self._source) if less < 0 else less
            self._text(unescape(self._source[self._pos : end]))
            self._pos = end
            if less >= 0:
                self._end_tag() if self._peek(1) == "/" else self._start_tag()
        if self._open:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._parts), self._entities

    def _text(self, text: str) -> None:
        self._parts.append(text)
        self._length += utf16_length(text)

    def _peek(self, ahead: int = 0) -> str:
        return self._source[self._pos + ahead : self._pos + ahead + 1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._source, self._pos)
        text = found[0] if found else ""
        self._pos += len(text)
        return text

    def _skip_space(self) -> None:
        while self._peek().isspace():
            self._pos += 1

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode())

    def _start_tag(self) -> None:
        begin = self._pos
        self._pos += 1
        tag = self._match(re.compile(r"[^\s>]*")).lower()
        if not self._peek():
            raise _refusal(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in TAGS:
            raise _refusal(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes: dict[str, str] = {}
        self._skip_space()
        while self._peek() != ">":
            name, value = self._attribute(tag, begin)
            attributes[name] = value
            self._skip_space()
        self._pos += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self._open.append(Open(tag, attributes, self._length, len(self._parts)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        unclosed = _refusal(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        name = self._match(ATTRIBUTE_NAME)
        if not self._peek():
            raise unclosed
        if not name:
            where = self._bytes(begin)
            raise _refusal(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self._skip_space()
        if self._peek() != "=":
            if tag == "blockquote" and name == "expandable":
                return name, ""
            raise _refusal(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {self._bytes(begin)}'
            )
        self._pos += 1
        self._skip_space()
        quote = self._peek()
        if quote in ("'", '"') and quote:
            end = self._source.find(quote, self._pos + 1)
            if end < 0:
                raise unclosed
            value = unescape(self._source[self._pos + 1 : end])
            self._pos = end + 1
        else:
            token = self._pos
            value = self._match(TOKEN).lower()
            if not self._peek().isspace() and self._peek() != ">":
                raise _refusal(f"Unexpected end of name token at byte offset {self._bytes(token)}")
        if not self._peek():
            raise unclosed
        return name, value

    def _end_tag(self) -> None:
        begin = self._pos
        where = self._bytes(begin)
        if not self._open:
            raise _refusal(f"Unexpected end tag at byte offset {where}")
        self._pos += 2
        tag = self._match(re.compile(r"[^\s>]*")).lower()
        self._skip_space()
        if self._peek() != ">":
            raise _refusal(f"Unclosed end tag at byte offset {where}")
        self._pos += 1
        opened = self._open.pop()
        if tag not in ("", opened.tag):
            raise _refusal(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{tag}>"')
        if self._length > opened.at:
            self._close(opened)

    def _close(self, opened: Open) -> None:
        place = {"offset": opened.at, "length": self._length - opened.at}
        match opened.tag:
            case "a":
                url = _link(opened.attributes.get("href") or "".join(self._parts[opened.begins :]))
                if url:
                    self._entities.append({"type": "text_link", **place, "url": url})
            case "blockquote":
                kind = "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"
                self._entities.append({"type": kind, **place})
            case "tg-time":
                self._entities.append(_moment(opened.attributes, place))
            case "tg-emoji":
                emoji = opened.attributes.get("emoji-id", "")
                if not re.fullmatch(r"[1-9]\d{0,18}", emoji):
                    raise bad_request("Invalid custom emoji identifier specified")
                self._entities.append({"type": "custom_emoji", **place, "custom_emoji_id": emoji})
            case tag:
                self._entities.append({"type": SIMPLE[tag], **place} | _language(opened))


def _link(url: str) -> str:
    """The address as Telegram keeps it; empty for one that it drops in silence, such as `mailto:`."""
    if re.match(r"(https?://|tg:)", url):
        return url
    return f"http://{url}" if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", url) else ""


def _language(opened: Open) -> dict[str, str]:
    chosen = opened.attributes.get("class", "")
    if opened.tag in ("code", "pre") and chosen.startswith("language-"):
        return {"language": chosen.removeprefix("language-")}
    return {}


def _moment(attributes: dict[str, str], place: dict[str, int]) -> Entity:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"\d{1,10}", unix):
        raise _refusal("Invalid date-time specified")
    if not TIME_FORMAT.fullmatch(form):
        raise _refusal("Invalid date-time format specified")
    return {"type": "date_time", **place, "unix_time": int(unix), "date_time_format": form}


def _refusal(text: str) -> Refusal:
    return bad_request(f"can't parse entities: {text}")
