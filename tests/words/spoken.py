"""The catalogue as pairs of what the sources say and what a reader of German sees."""

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.chat.words import LOCALE_DIR
from tests.architecture.source import dotted, product

PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Pair:
    """A text of the sources and its translation. A message with plural forms makes two."""

    english: str
    german: str


@cache
def catalogue() -> Catalog:
    return read_po(io.BytesIO((LOCALE_DIR / "de" / "LC_MESSAGES" / "rapport.po").read_bytes()), locale="de")


@cache
def template() -> Catalog:
    return read_po(io.BytesIO((LOCALE_DIR / "rapport.pot").read_bytes()))


@cache
def plurals() -> tuple[tuple[Pair, Pair], ...]:
    """The messages that count something: the form for one, and that for any other number."""
    counted = [message for message in catalogue() if isinstance(message.id, tuple | list)]
    return tuple((Pair(each.id[0], forms(each)[0]), Pair(each.id[1], forms(each)[1])) for each in counted)


@cache
def pairs() -> tuple[Pair, ...]:
    single = [Pair(each.id, forms(each)[0]) for each in catalogue() if isinstance(each.id, str) and each.id]
    return (*single, *(pair for both in plurals() for pair in both))


def forms(message: Message) -> tuple[str, ...]:
    """The translation; as many texts as German has forms where the message counts."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


@cache
def german() -> dict[str, str]:
    return {pair.english: pair.german for pair in pairs()}


def marked(call: str, position: int, keyword: str | None = None) -> Iterator[tuple[str, str]]:
    """Messages that stand directly as this argument of such calls, with where they stand."""
    for source in product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == call:
                arguments = node.args[position : position + 1]
                arguments += [each.value for each in node.keywords if keyword and each.arg == keyword]
                yield from ((source.at(part), text) for part in arguments for text in messages(part))


def messages(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and dotted(part.func) in ("_", "N_", "ngettext"):
            count = 2 if dotted(part.func) == "ngettext" else 1
            yield from (str(text.value) for text in part.args[:count] if isinstance(text, ast.Constant))


@cache
def english_only() -> tuple[re.Pattern[str], ...]:
    """One pattern for each message that reads otherwise in German; its places take anything."""
    differing = {pair.english for pair in pairs() if pair.english != pair.german}
    wordy = [text for text in differing if re.search(r"[^\W\d_]{3}", PLACE.sub("", text))]
    return tuple(re.compile(PLACE.sub(".+", re.escape(text).replace(r"\{", "{").replace(r"\}", "}"))) for text in wordy)


def leaks(text: str) -> list[str]:
    """English messages that a text is, or has among its parts and lines."""
    parts = [part for line in text.splitlines() for part in (line, *line.split(" · "))]
    return [pattern.pattern for pattern in english_only() if any(pattern.fullmatch(part) for part in parts)]
