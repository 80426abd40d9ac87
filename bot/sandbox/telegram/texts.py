"""Turns the text of a call into the text that a chat shows: parses, trims, checks limits, finds links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.markup import Entity, parse_html, utf16_length

# Bot API: sendMessage.text and sendPhoto.caption, counted after entity parsing.
MAX_TEXT = 4096
MAX_CAPTION = 1024
FURTHEST_DATE_S = 1098 * 24 * 3600
# Telegram shows no more; the rest of the formatting is lost in silence.
MAX_ENTITIES = 100

# Telegram finds addresses without a scheme too, where the last part is a known one; here any letters are.
_PATH = r"(?:[:/?#][^\s<>\"]*[^\s<>\".,;:!?)])?"
FOUND = (
    ("url", re.compile(r"(?:https?|tg|ton|ftp)://[^\s<>\"\u2060]*[^\s<>\".,;:!?)\u2060]", re.IGNORECASE)),
    ("url", re.compile(rf"(?<![\w@.-])(?:[\w-]+\.)+[^\W\d_]{{2,}}(?!@){_PATH}")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w/@])@[A-Za-z][A-Za-z0-9_]{3,31}")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
)


@dataclass(frozen=True)
class Words:
    """A text as shown, with its entities, and the source that the bot sent (HTML or plain)."""

    text: str = ""
    entities: Sequence[Entity] = field(default_factory=tuple)
    source: str = ""


def plain(text: str) -> Words:
    """What a person typed: trimmed, with commands, links, addresses and mentions found."""
    shown, entities = _trimmed(text, [])
    return Words(shown, _with_found(shown, entities), text)


def parsed_text(args: Args) -> Words:
    """`text` with `parse_mode` or `entities`; 1 to 4096 characters after parsing."""
    words = _parsed(args.get("text", ""), args.get("parse_mode"), args.get("entities"))
    if not words.text:
        raise bad_request("message text is empty")
    if utf16_length(words.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return words


def parsed_caption(args: dict[str, Any]) -> Words:
    words = _parsed(args.get("caption", ""), args.get("parse_mode"), args.get("caption_entities"))
    if utf16_length(words.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return words


def _parsed(source: str, parse_mode: str | None, given: list[Entity] | None) -> Words:
    entities: list[Entity] = []
    text = source
    if parse_mode:
        # Markdown is refused on purpose: one missed escape in a price is a lost message.
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(source)
    elif given:
        entities = [_in_bounds(dict(entity), utf16_length(source)) for entity in given]
    text, entities = _trimmed(text, entities)
    return Words(text, _with_found(text, entities)[:MAX_ENTITIES], source)


def refuse_far_dates(words: Words, now: int) -> None:
    """The whole message, for one moment beyond what Telegram keeps (telegram-bot-api#852)."""
    dates = (entity["unix_time"] for entity in words.entities if entity["type"] == "date_time")
    if any(unix > now + FURTHEST_DATE_S for unix in dates):
        raise bad_request("ENTITY_DATE_INVALID")


def _in_bounds(entity: Entity, length: int) -> Entity:
    if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
        raise bad_request("can't parse entities: entity is outside of the text")
    return entity


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Spaces at both ends are dropped, as Telegram does, and entities are cut to what is left."""
    text = text.replace("\r", "")
    lead = utf16_length(text) - utf16_length(text.lstrip())
    shown = text.strip()
    length = utf16_length(shown)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return shown, _without_nested_code(kept)


def _without_nested_code(entities: list[Entity]) -> list[Entity]:
    """`pre` and `code` hold no other formatting; a language on `code` inside `pre` belongs to `pre`."""
    blocks = [entity for entity in entities if entity["type"] == "pre"]
    blocks += [entity for entity in entities if entity["type"] == "code" and not _inside(entity, blocks)]
    for entity in entities:
        if entity["type"] == "code":
            language = entity.pop("language", None)
            for block in blocks:
                if language and block["type"] == "pre" and _inside(entity, [block]):
                    block["language"] = language
    return [entity for entity in entities if entity in blocks or not _inside(entity, blocks)]


def _inside(entity: Entity, others: list[Entity]) -> bool:
    begin, end = entity["offset"], entity["offset"] + entity["length"]
    return any(
        other is not entity and other["offset"] <= begin and end <= other["offset"] + other["length"]
        for other in others
    )


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [entity for entity in entities if entity["type"] in ("text_link", "code", "pre", "date_time")]
    found: list[Entity] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": utf16_length(match[0])}
            if not any(_overlap(entity, other) for other in [*taken, *found]):
                found.append(entity)
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: Entity, other: Entity) -> bool:
    ends = one["offset"] + one["length"], other["offset"] + other["length"]
    return bool(one["offset"] < ends[1] and other["offset"] < ends[0])
