"""Draws a choice of day and time as a date picker and a list of times, and reads what was chosen in them."""

from typing import Any

from bot.channels.slack.render import marked, plain
from bot.channels.slack.text import mrkdwn
from bot.chat.clean import clean
from bot.chat.screen import Choices, Picker
from bot.chat.shorten import shorten
from bot.chat.words import _

Json = dict[str, Any]

ON = "on|"
"""Before what the address of a day begins with, in the id of the date picker."""

DAY, TIME = "day", "time"
IN_A_GROUP = 100  # options of a group, and groups of a select
LABEL, OPTION = 75, 75


def blocks(picker: Picker) -> list[Json]:
    """Ids differ from day to day: what was chosen for one is never shown, or sent, for another."""
    assert picker.day is not None
    day = picker.day.isoformat()
    date = {"type": "datepicker", "action_id": f"{ON}{picker.on}", "initial_date": day}
    label = mrkdwn(_("Day"))
    asked: list[Json] = [
        {"type": "section", "block_id": f"{DAY}|{day}", "text": marked(f"*{label}*"), "accessory": date}
    ]
    if picker.times:
        select = {"type": "static_select", "action_id": TIME, "option_groups": _groups(picker.times)}
        city = plain(_("Time ({city})", city=picker.city))
        asked.append({"type": "input", "block_id": f"{TIME}|{day}", "label": city, "element": select})
    return asked


def _groups(times: tuple[Choices, ...]) -> list[Json]:
    parts = [
        (group.label, group.choices[at : at + IN_A_GROUP])
        for group in times
        for at in range(0, len(group.choices), IN_A_GROUP)
    ]
    return [
        {
            "label": plain(shorten(label, LABEL)),
            "options": [{"text": plain(shorten(each.label, OPTION)), "value": each.value} for each in choices],
        }
        for label, choices in parts[:IN_A_GROUP]
    ]


def tapped(action: Json) -> str | None:
    """The address of the day that was chosen in a date picker; None for anything else."""
    on, day = action.get("action_id"), action.get("selected_date")
    if action.get("type") != "datepicker" or not isinstance(on, str) or not on.startswith(ON):
        return None
    return f"{on.removeprefix(ON)}/{clean(day)}" if isinstance(day, str) else None


def chosen(view: Json) -> str | None:
    """The address of the time that was chosen in a submitted view."""
    values = view.get("state", {}).get("values", {})
    for state in (state for each in values.values() for state in each.values()):
        found = (state.get("selected_option") or {}).get("value")
        if isinstance(found, str):
            return clean(found)
    return None
