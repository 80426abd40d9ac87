"""The state of input elements (what a person chose or typed), and the checks of Slack's client on submit."""

import re
from datetime import date
from typing import Any

from bot.sandbox.slack.blocks.block_elements import options_of
from bot.sandbox.slack.blocks.block_kit import elements_of
from bot.sandbox.slack.errors import CannotAct
from bot.sandbox.slack.workspace import InputValues, Json

STATE_OF = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
"""Element type → the field of its state, the field of the element that it starts from."""


def initial_values(blocks: list[Json]) -> InputValues:
    values: InputValues = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in STATE_OF:
                field, first = STATE_OF[element["type"]]
                nothing: list[Json] | None = [] if field == "selected_options" else None
                state = {"type": element["type"], field: element.get(first, nothing)}
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def kept_values(earlier: InputValues, blocks: list[Json]) -> InputValues:
    """The values after new blocks came: kept where block_id, action_id and type stay and still can be."""
    values = initial_values(blocks)
    for block in blocks:
        for element in elements_of(block):
            known = earlier.get(block["block_id"], {}).get(element["action_id"])
            if known and known["type"] == element["type"] and _still_offered(element, known):
                values[block["block_id"]][element["action_id"]] = known
    return values


def _still_offered(element: Json, state: Json) -> bool:
    chosen = [state.get("selected_option"), *(state.get("selected_options") or [])]
    return all(option is None or option in options_of(element) for option in chosen)


def state_after(element: Json, choice: Any) -> Json:
    """The element's state once the person chose: an option by its value or its words, a list of them, a date
    as YYYY-MM-DD, a time as HH:mm, a user id, typed text; None empties it. CannotAct if that is not offered.
    """
    kind = element["type"]
    field = STATE_OF[kind][0]
    if field == "selected_options":
        return {"type": kind, field: [option_named(element, one) for one in choice or []]}
    if choice is None or choice == "":
        return {"type": kind, field: None}
    if field == "selected_option":
        return {"type": kind, field: option_named(element, choice)}
    if field == "selected_date":
        try:
            date.fromisoformat(choice)
        except ValueError:
            raise CannotAct(f"not a date: {choice}") from None
    if field == "selected_time" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(choice)):
        raise CannotAct(f"not a time: {choice}")
    return {"type": kind, field: int(choice) if field == "selected_date_time" else str(choice)}


def option_named(element: Json, name: Any) -> Json:
    options = options_of(element)
    for option in options:
        if name in (option["value"], option["text"]["text"]):
            return option
    offered = ", ".join(option["text"]["text"] for option in options)
    raise CannotAct(f"no option {name!r}; offered: {offered}")


def complaint(block: Json, state: Json) -> str | None:
    """What Slack's client says under an input that cannot be submitted."""
    element = block["element"]
    value = state.get(STATE_OF[element["type"]][0])
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_complaint(element, value)
    if element["type"] == "number_input":
        return _number_complaint(element, value)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    return None


def _length_complaint(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    whole = r"-?\d+" if not element["is_decimal_allowed"] else r"-?\d+(\.\d+)?"
    if not re.fullmatch(whole, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
