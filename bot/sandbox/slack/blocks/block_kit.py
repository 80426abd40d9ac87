"""The rules of Block Kit blocks and views, and the ids that Slack gives to what comes without.

Limits: shared facts on chat platforms, A.4 and A.5. What is not known here is refused.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from bot.sandbox.slack.blocks.block_elements import AS_ACCESSORY, IN_ACTIONS, IN_CONTEXT, IN_INPUT
from bot.sandbox.slack.blocks.block_fields import (
    Check,
    Findings,
    also,
    boolean,
    listing,
    one_of,
    plain_text,
    shape,
    string,
    text,
    typed,
)

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
VIEW_BYTES = 250_000
_RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")


def _section_has_words(found: Findings, pointer: str, block: Any) -> None:
    if not block.get("text") and not block.get("fields"):
        found.add(pointer, "missing required field: text")


def _image_has_source(found: Findings, pointer: str, block: Any) -> None:
    if bool(block.get("image_url")) == bool(block.get("slack_file")):
        found.add(pointer, "exactly one of image_url and slack_file is required")


def _rich_part(found: Findings, pointer: str, part: Any) -> None:
    if not isinstance(part, dict) or part.get("type") not in _RICH_PARTS:
        found.add(pointer, f"must be one of: {', '.join(_RICH_PARTS)}")
    elif not isinstance(part.get("elements"), list):
        found.add(pointer, "missing required field: elements")


_ID = {"block_id": string(255)}
_FILE = shape({"id": string(64), "url": string(3000)})
BLOCKS: dict[str, Check] = {
    "header": shape({**_ID, "text": plain_text(150)}, ("text",)),
    "section": also(
        shape(
            {
                **_ID,
                "text": text(3000),
                "fields": listing(text(2000), 1, 10),
                "accessory": AS_ACCESSORY,
                "expand": boolean,
            }
        ),
        _section_has_words,
    ),
    "divider": shape(_ID),
    "context": shape({**_ID, "elements": listing(IN_CONTEXT, 1, 10)}, ("elements",)),
    "actions": shape({**_ID, "elements": listing(IN_ACTIONS, 1, 25)}, ("elements",)),
    "input": shape(
        {
            **_ID,
            "label": plain_text(2000),
            "element": IN_INPUT,
            "hint": plain_text(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        ("label", "element"),
    ),
    "image": also(
        shape(
            {
                **_ID,
                "image_url": string(3000),
                "slack_file": _FILE,
                "alt_text": string(2000),
                "title": plain_text(2000),
            },
            ("alt_text",),
        ),
        _image_has_source,
    ),
    "alert": shape(
        {**_ID, "text": text(3000), "level": one_of("default", "info", "warning", "error", "success")}, ("text",)
    ),
    "rich_text": shape({**_ID, "elements": listing(_rich_part, 1, 100)}, ("elements",)),
    "markdown": shape({**_ID, "text": string(12_000)}, ("text",)),
}
_EVERYWHERE = tuple(kind for kind in BLOCKS if kind not in ("markdown", "alert"))
_BLOCK_ON: dict[Surface, Check] = {
    "message": typed(BLOCKS, (*_EVERYWHERE, "markdown")),
    "modal": typed(BLOCKS, (*_EVERYWHERE, "alert")),
    "home": typed(BLOCKS, _EVERYWHERE),
}

_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = shape(
    {
        **_VIEW_FIELDS,
        "title": plain_text(24),
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
        "blocks": lambda found, pointer, blocks: _check_blocks(found, pointer, blocks, "modal"),
    },
    ("title", "blocks"),
)
_HOME = shape(
    {**_VIEW_FIELDS, "blocks": lambda found, pointer, blocks: _check_blocks(found, pointer, blocks, "home")},
    ("blocks",),
)


def check_blocks(blocks: Any, surface: Surface) -> list[str]:
    """What is wrong with the blocks of a message, as Slack words it; empty if nothing is."""
    found = Findings()
    _check_blocks(found, "/blocks", blocks, surface)
    return found.messages


def check_view(view: Any, kind: Literal["modal", "home"]) -> list[str]:
    """What is wrong with a view that a modal or Home was to show; empty if nothing is."""
    found = Findings()
    typed({"modal": _MODAL, "home": _HOME}, (kind,))(found, "/view", view)
    if found.messages or kind == "home" or view.get("submit"):
        return found.messages
    if any(block["type"] == "input" for block in view["blocks"]):
        found.add("/view", "missing required field: submit")
    return found.messages


def too_large(view: Any) -> bool:
    return len(json.dumps(view, separators=(",", ":")).encode()) > VIEW_BYTES


def elements_of(block: Json) -> list[Json]:
    """The elements of a block that may carry an action_id, in order."""
    if block["type"] == "actions":
        return list(block["elements"])
    single = block.get("accessory") if block["type"] == "section" else block.get("element")
    return [single] if single and single["type"] != "image" else []


def accepted(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """A copy as Slack keeps it: every block and element with an id, every text object with its flag."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id())
        for element in elements_of(block):
            element.setdefault("action_id", new_id())
        for words in _texts(block):
            words.setdefault(*(("emoji", True) if words["type"] == "plain_text" else ("verbatim", False)))
    return kept


def _texts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _check_blocks(found: Findings, pointer: str, blocks: Any, surface: Surface) -> None:
    least = 1 if surface == "modal" else 0
    listing(_BLOCK_ON[surface], least, MOST_BLOCKS[surface])(found, pointer, blocks)
    if not found.messages:
        _check_ids(found, pointer, blocks)


def _check_ids(found: Findings, pointer: str, blocks: list[Json]) -> None:
    seen: set[str] = set()
    focused = 0
    for at, block in enumerate(blocks):
        own = block.get("block_id")
        if own in seen:
            found.add(f"{pointer}/{at}/block_id", f"block_id already exists: {own}")
        seen.add(own or "")
        seen.discard("")
        elements = elements_of(block)
        actions = [one["action_id"] for one in elements if one.get("action_id")]
        for repeated in sorted({one for one in actions if actions.count(one) > 1}):
            found.add(f"{pointer}/{at}", f"action_id already exists in this block: {repeated}")
        focused += sum(bool(one.get("focus_on_load")) for one in elements)
    if focused > 1:
        found.add(pointer, "only one element may have focus_on_load")
