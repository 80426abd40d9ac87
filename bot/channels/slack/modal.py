"""Draws forms and other steps towards an act as modals, and reads forms when they are submitted.

Where the page was found, where it goes and which window it was opened from ride in `private_metadata`.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.channels.slack import picker
from bot.channels.slack.render import SECTION, action_blocks, body, plain, section
from bot.chat.clean import clean
from bot.chat.links import harmless, inert
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Link, Row, Screen, Style, Tone
from bot.chat.shorten import shorten
from bot.chat.words import _

Json = dict[str, Any]

TITLE = 24
LABEL = 2000
PLACEHOLDER = 150
TYPED = 3000
OPTION = 75
OPTION_VALUE = 150
RADIOS = 10
SELECTABLE = 100
MOST_BLOCKS = 100
ANSWER = "answer"
FORM, PICK, ACT, PAGE = "form", "pick", "act", "screen"
"""Kinds of views: a form, a time to choose, one act to do, or none of these."""


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


@dataclass(frozen=True)
class _Asked:
    """What a modal asks for, and what its one big button does: `kind` says how it is read, `to` where it goes."""

    kind: str
    rows: tuple[Row, ...]
    inputs: list[Json]
    submit: str | None = None
    to: str = ""


def modal(screen: Screen, origin: Origin, *, alerts: bool = True) -> Json:
    """The view of a screen: with its form or picker, with the one act that is meant, or to be read and tapped.

    `alerts`: the workspace draws them.
    """
    screen = harmless(screen)
    asked = _asked(screen)
    title = _title(screen, asked.kind)
    actions = action_blocks(asked.rows)
    terms = [line for line in screen.body if line.tone is Tone.TERMS and line.text.strip()]
    lines = tuple(line for line in screen.body if line.tone is not Tone.TERMS)
    footer = [_alert(terms)] if terms and alerts else body(Screen("", tuple(terms)))
    room = MOST_BLOCKS - len(asked.inputs) - len(footer) - len(actions)
    said = body(replace(screen, title="" if title == screen.title else screen.title, body=lines))[:room]
    view: Json = {
        "type": "modal",
        "callback_id": asked.kind,
        "title": plain(title),
        "close": plain(shorten(_leave(screen), TITLE)),
        "blocks": [*said, *asked.inputs, *footer, *actions] or [section(plain("…"))],
    }
    if asked.submit is not None:
        view["submit"] = plain(shorten(asked.submit, TITLE) or "…")
    return view | {"private_metadata": replace(origin, at=screen.address or "", to=asked.to).as_text()}


def _title(screen: Screen, kind: str) -> str:
    """The title where it fits; otherwise what kind of step it is, with the title in full below."""
    if len(screen.title) <= TITLE:
        return screen.title or "…"
    if kind == FORM:
        alone = screen.form is not None and len(screen.form.fields) == 1
        return _("One question") if alone else _("Some questions")
    if kind == PICK:
        return _("Choose a time")
    acts = any(button.style is not Style.PLAIN for row in screen.buttons for button in row)
    return _("Please confirm") if acts else _("Please choose")


def _leave(screen: Screen) -> str:
    if screen.form is None:
        return _("Close")
    return screen.form.leave_words or _("Cancel")


def _asked(screen: Screen) -> _Asked:
    form, step = screen.form, screen.picker
    if form is not None:
        rows, inputs = _without(screen.buttons, form.cancel_to), [_input(each, form) for each in form.fields]
        return _Asked(FORM, rows, inputs, form.submit, form.to)
    if step is not None and step.day is not None:
        return _Asked(PICK, step.rest, picker.blocks(step), step.act if step.times else None)
    if screen.leave is None:
        return _Asked(PAGE, screen.buttons, [])
    rows = _without(screen.buttons, screen.leave, "start")
    meant = next((each for row in rows for each in row if _is_meant(each)), None)
    if not isinstance(meant, Button):
        return _Asked(PAGE, rows, [])
    return _Asked(ACT, _without(rows, meant.to), [], meant.text, meant.to)


def _is_meant(button: Button | Link) -> bool:
    return isinstance(button, Button) and button.style is Style.SUCCESS


def has_alerts(screen: Screen) -> bool:
    return any(line.tone is Tone.TERMS for line in screen.body)


def _alert(terms: list[Line]) -> Json:
    return {"type": "alert", "level": "info", "text": plain(shorten("\n".join(line.text for line in terms), SECTION))}


def notice(title: str, words: str) -> Json:
    """A small modal that only says something."""
    return {
        "type": "modal",
        "title": plain(shorten(inert(title), TITLE)),
        "close": plain(shorten(_("Close"), TITLE)),
        "blocks": [section(plain(inert(words)))],
    }


def _without(rows: tuple[Row, ...], *leads: str | None) -> tuple[Row, ...]:
    """A modal has a Cancel of its own, and a button to submit."""
    return tuple(
        tuple(button for button in row if not (isinstance(button, Button) and button.to in leads)) for row in rows
    )


def _block_id(name: str, form: Form) -> str:
    """Different for every form: Slack keeps what was typed where ids stay, even in another form's field."""
    return f"{name}|{hashlib.sha256(form.to.encode()).hexdigest()[:8]}"


def _input(asked: Field, form: Form) -> Json:
    block: Json = {
        "type": "input",
        "block_id": _block_id(asked.name, form),
        "label": plain(shorten(asked.label, LABEL)),
        "element": {"action_id": ANSWER, **_element(asked)},
        "optional": asked.optional,
    }
    return block | ({"hint": plain(shorten(asked.hint, LABEL))} if asked.hint else {})


def _element(asked: Field) -> Json:
    default = asked.default or ""
    if asked.kind is FieldKind.CHOICE and asked.choices:
        return _choice(asked)
    if asked.kind is FieldKind.DAY:
        return {"type": "datepicker", **({"initial_date": default} if _is_day(default) else {})}
    most = max(1, min(asked.max_length, TYPED))
    typed: Json = {"type": "plain_text_input", "multiline": asked.kind is FieldKind.LONG, "max_length": most}
    said = [choice.label for choice in asked.choices if clean(choice.label) == choice.value]
    words = shorten(_("For example: {words}", words=" / ".join(said)), PLACEHOLDER)
    typed |= {"placeholder": plain(words)} if said else {}
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
    value = choice.value if 0 < len(choice.value) <= OPTION_VALUE else clean(choice.label)[:OPTION_VALUE]
    return {"text": plain(shorten(choice.label, OPTION) or "…"), "value": value}


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
    for name, said in errors.items():
        words = inert(said)
        block_id = by_name.get(name) or (inputs[0] if inputs else None)
        if block_id is not None:
            found[block_id] = f"{found[block_id]} {words}" if block_id in found else words
    return found
