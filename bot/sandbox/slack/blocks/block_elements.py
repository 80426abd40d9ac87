"""The rules of Block Kit elements: what each may hold and how much of it.

Limits: shared facts on chat platforms, A.5 (slack_sdk's constants and Slack's own type comments; where
the two disagree, the smaller: an option's value has 150 characters).
"""

from typing import Any

from bot.sandbox.slack.blocks.block_fields import (
    Check,
    Findings,
    also,
    boolean,
    integer,
    listing,
    matching,
    one_of,
    plain_text,
    shape,
    string,
    text,
    typed,
)

CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date as YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")
ACTION_ID = string(255)
PLACEHOLDER = plain_text(150)

_OPTION = {"text": plain_text(75), "value": string(150), "description": plain_text(75)}
_RICH_OPTION = {"text": text(75), "value": string(150), "description": text(75)}
_OVERFLOW_OPTION = {**_OPTION, "url": string(3000)}
_DISPATCH = shape({"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})
_ASKED = {"action_id": ACTION_ID, "focus_on_load": boolean}
_CHOSEN = {**_ASKED, "confirm": CONFIRM}
_TYPED = {**_ASKED, "placeholder": PLACEHOLDER, "dispatch_action_config": _DISPATCH}


def _option(fields: dict[str, Check]) -> Check:
    return shape(fields, ("text", "value"))


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options of an element, of its groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def _choices_agree(found: Findings, pointer: str, element: Any) -> None:
    """Options or groups but not both, no value twice, and what is chosen at first is one of them."""
    if bool(element.get("options")) == bool(element.get("option_groups")):
        found.add(pointer, "exactly one of options and option_groups is required")
        return
    values = [option.get("value") for option in options_of(element)]
    if len(set(map(str, values))) < len(values):
        found.add(pointer, "option values must be unique")
    first = element.get("initial_option")
    chosen = ([first] if first else []) + list(element.get("initial_options") or [])
    for option in chosen:
        if not any(_same(option, known) for known in options_of(element)):
            found.add(pointer, "initial option must exactly match one of the provided options")


def _same(one: Any, other: dict[str, Any]) -> bool:
    if not isinstance(one, dict) or one.get("value") != other.get("value"):
        return False
    return bool((one.get("text") or {}).get("text") == (other.get("text") or {}).get("text"))


def _bounds_agree(low: str, high: str) -> Check:
    def check(found: Findings, pointer: str, element: Any) -> None:
        try:
            least, most = float(element.get(low) or 0), float(element.get(high, "inf"))
        except (TypeError, ValueError):
            return
        if least > most:
            found.add(pointer, f"{low} must not be greater than {high}")

    return check


def _select(extra: dict[str, Check]) -> Check:
    option = _option(_OPTION)
    group = shape({"label": plain_text(75), "options": listing(option, 1, 100)}, ("label", "options"))
    fields = {
        **_CHOSEN,
        "options": listing(option, 1, 100),
        "option_groups": listing(group, 1, 100),
        "placeholder": PLACEHOLDER,
    }
    return also(shape({**fields, **extra}), _choices_agree)


def _buttons_of_choice(extra: dict[str, Check]) -> Check:
    fields = {"options": listing(_option(_RICH_OPTION), 1, 10), **extra}
    return also(shape({**_CHOSEN, **fields}, ("options",)), _choices_agree)


_NUMBER = matching(r"-?\d+(\.\d+)?", "a number as a string")

ELEMENTS: dict[str, Check] = {
    "button": shape(
        {
            "action_id": ACTION_ID,
            "text": plain_text(75),
            "value": string(2000),
            "url": string(3000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
        ("text",),
    ),
    "overflow": shape(
        {"action_id": ACTION_ID, "options": listing(_option(_OVERFLOW_OPTION), 1, 5), "confirm": CONFIRM},
        ("options",),
    ),
    "static_select": _select({"initial_option": _option(_OPTION)}),
    "multi_static_select": _select(
        {"initial_options": listing(_option(_OPTION), 1, 100), "max_selected_items": integer(1, 100)}
    ),
    "radio_buttons": _buttons_of_choice({"initial_option": _option(_RICH_OPTION)}),
    "checkboxes": _buttons_of_choice({"initial_options": listing(_option(_RICH_OPTION), 1, 10)}),
    "users_select": shape({**_CHOSEN, "placeholder": PLACEHOLDER, "initial_user": string(20)}),
    "datepicker": shape({**_CHOSEN, "placeholder": PLACEHOLDER, "initial_date": DATE}),
    "timepicker": shape({**_CHOSEN, "placeholder": PLACEHOLDER, "initial_time": TIME, "timezone": string(64)}),
    "datetimepicker": shape({**_CHOSEN, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": also(
        shape(
            {
                **_TYPED,
                "initial_value": string(3000),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
        _bounds_agree("min_length", "max_length"),
    ),
    "number_input": also(
        shape(
            {
                **_TYPED,
                "is_decimal_allowed": boolean,
                "initial_value": _NUMBER,
                "min_value": _NUMBER,
                "max_value": _NUMBER,
            },
            ("is_decimal_allowed",),
        ),
        _bounds_agree("min_value", "max_value"),
    ),
    "email_text_input": shape({**_TYPED, "initial_value": string(3000)}),
    "url_text_input": shape({**_TYPED, "initial_value": string(3000)}),
    "image": shape({"image_url": string(3000), "alt_text": string(2000)}, ("image_url", "alt_text")),
    "plain_text": plain_text(3000),
    "mrkdwn": text(3000),
}

_CHOICES = ("static_select", "radio_buttons", "checkboxes", "users_select")
_PICKERS = ("datepicker", "timepicker", "datetimepicker")
_TEXT_INPUTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")

IN_ACTIONS = typed(ELEMENTS, ("button", "overflow", *_CHOICES, *_PICKERS))
AS_ACCESSORY = typed(
    ELEMENTS,
    ("button", "overflow", "image", "multi_static_select", *_CHOICES, "datepicker", "timepicker"),
)
IN_INPUT = typed(ELEMENTS, ("multi_static_select", *_CHOICES, *_PICKERS, *_TEXT_INPUTS))
IN_CONTEXT = typed(ELEMENTS, ("image", "plain_text", "mrkdwn"))
