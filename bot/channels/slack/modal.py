"""Draws forms as modals, and reads them when they are submitted.

Where the form was found, where it goes and which window it was opened from ride in `private_metadata`.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.channels.slack.render import action_blocks, body, plain, section
from bot.channels.slack.text import cut
from bot.chat.clean import clean
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Row, Screen
from bot.chat.words import _

Json = dict[str, Any]

TITLE = 24
LABEL = 2000
TYPED = 3000
OPTION = 75
OPTION_VALUE = 150
RADIOS = 10
SELECTABLE = 100
MOST_BLOCKS = 100
ANSWER = "answer"



@dataclass(frozen=True)
class Origin:
    """`window`: where the outcome is shown: `home`, `new` (a message below), otherwise the living message."""

    at: str = ""
    to: str = ""
    window: str = ""

    def as_text(self) -> str:
        return json.dumps({"at": self.at, "to": self.to, "window": self.window})

    @staticmethod
    def from_text(text: str) -> "Origin":
        """What a view carries; views that are not ours are like an empty one."""
        try:
            known = json.loads(text or "{}")
        except ValueError:
            return Origin()
        if not isinstance(known, dict):
            return Origin()
        return Origin(*(clean(str(known.get(name, ""))) for name in ("at", "to", "window")))


def modal(screen: Screen, origin: Origin) -> Json:
    """The view of a screen: with its form to be filled, or without one to be read and tapped."""
    form = screen.form
    title = cut(screen.title, TITLE) or "…"
    shown = replace(screen, title="" if title == screen.title else screen.title)
    rows = screen.buttons if form is None else _without(screen.buttons, form.cancel_to)
    inputs = [] if form is None else [_input(asked, form) for asked in form.fields]
    actions = action_blocks(rows)
    room = MOST_BLOCKS - len(inputs) - len(actions)
    view: Json = {
        "type": "modal",
        "callback_id": "screen" if form is None else "form",
        "title": plain(title),
        "close": plain(cut(_("Close") if form is None else _("Cancel"), TITLE)),
        "blocks": [*body(shown)[:room], *inputs, *actions] or [section(plain("…"))],
    }
    if form is not None:
        origin = replace(origin, at=screen.address or "", to=form.to)
        view["submit"] = plain(cut(form.submit, TITLE) or "…")
    return view | {"private_metadata": origin.as_text()}


def notice(title: str, words: str) -> Json:
    """A small modal that only says something."""
    return {
        "type": "modal",
        "title": plain(cut(title, TITLE)),
        "close": plain(cut(_("Close"), TITLE)),
        "blocks": [section(plain(words))],
    }


def _without(rows: tuple[Row, ...], cancel_to: str | None) -> tuple[Row, ...]:
    """A modal has a Cancel of its own."""
    return tuple(
        tuple(button for button in row if not (isinstance(button, Button) and button.to == cancel_to)) for row in rows
    )


def _block_id(name: str, form: Form) -> str:
    """Different for every form: Slack keeps what was typed where ids stay, even in another form's field."""
    return f"{name}|{hashlib.sha256(form.to.encode()).hexdigest()[:8]}"


def _input(asked: Field, form: Form) -> Json:
    block: Json = {
        "type": "input",
        "block_id": _block_id(asked.name, form),
        "label": plain(cut(asked.label, LABEL)),
        "element": {"action_id": ANSWER, **_element(asked)},
        "optional": asked.optional,
    }
    return block | ({"hint": plain(cut(asked.hint, LABEL))} if asked.hint else {})


def _element(asked: Field) -> Json:
    default = asked.default or ""
    if asked.kind is FieldKind.CHOICE and asked.choices:
        return _choice(asked)
    if asked.kind is FieldKind.DAY:
        return {"type": "datepicker", **({"initial_date": default} if _is_day(default) else {})}
    most = max(1, min(asked.max_length, TYPED))
    typed: Json = {"type": "plain_text_input", "multiline": asked.kind is FieldKind.LONG, "max_length": most}
    return typed | ({"initial_value": default[:most]} if default else {})


def _choice(asked: Field) -> Json:
    options = [_option(choice) for choice in asked.choices]
    chosen = [option for option, choice in zip(options, asked.choices, strict=True) if choice.value == asked.default]
    first = {"initial_option": chosen[0]} if chosen else {}
    if len(options) <= RADIOS:
        return {"type": "radio_buttons", "options": options, **first}
    if len(options) <= SELECTABLE:
        return {"type": "static_select", "options": options, **first}
    groups = [
        {"label": plain(f"{at + 1}-{min(at + SELECTABLE, len(options))}"), "options": options[at : at + SELECTABLE]}
        for at in range(0, min(len(options), SELECTABLE**2), SELECTABLE)
    ]
    return {"type": "static_select", "option_groups": groups, **first}


def _option(choice: Choice) -> Json:
    """A value too long for an option is chosen by its words, as if they were typed."""
    value = choice.value if 0 < len(choice.value) <= OPTION_VALUE else choice.label[:OPTION_VALUE]
    return {"text": plain(cut(choice.label, OPTION) or "…"), "value": value}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def answers(view: Json) -> dict[str, str]:
    """Raw answers by field name; an empty one is an empty text."""
    values = view.get("state", {}).get("values", {})
    return {_name(block_id): _raw(next(iter(states.values()), {})) for block_id, states in values.items()}


def _name(block_id: str) -> str:
    return str(block_id).rpartition("|")[0]


def _raw(state: Json) -> str:
    option = state.get("selected_option") or {}
    found = state.get("value") or option.get("value") or state.get("selected_date") or ""
    return clean(str(found))


def errors_by_block(view: Json, errors: dict[str, str]) -> dict[str, str]:
    """Words under the inputs that they are about; about no input of this view: under the first one."""
    blocks = [block for block in view.get("blocks", []) if block.get("type") == "input"]
    inputs = [block["block_id"] for block in blocks if "block_id" in block]
    by_name = {_name(block_id): block_id for block_id in inputs}
    found: dict[str, str] = {}
    for name, words in errors.items():
        block_id = by_name.get(name) or (inputs[0] if inputs else None)
        if block_id is not None:
            found[block_id] = f"{found[block_id]} {words}" if block_id in found else words
    return found
