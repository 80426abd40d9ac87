"""Small checks out of which the Block Kit rules are put together.

A check looks at one value and writes what is wrong with it into the findings, each with the JSON pointer
that Slack gives.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any


class Findings:
    """What is wrong, in the words of Slack's `response_metadata.messages`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, message: str) -> None:
        self.messages.append(f"[ERROR] {message} [json-pointer:{pointer}]")


Check = Callable[[Findings, str, Any], None]


def string(limit: int, least: int = 1) -> Check:
    def check(found: Findings, pointer: str, value: Any) -> None:
        if not isinstance(value, str):
            found.add(pointer, "must be a string")
        elif len(value) > limit:
            found.add(pointer, f"must be less than {limit + 1} characters")
        elif len(value) < least:
            found.add(pointer, f"must be more than {least - 1} characters")

    return check


def matching(expression: str, meaning: str) -> Check:
    compiled = re.compile(expression)

    def check(found: Findings, pointer: str, value: Any) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            found.add(pointer, f"must be {meaning}")

    return check


def boolean(found: Findings, pointer: str, value: Any) -> None:
    if not isinstance(value, bool):
        found.add(pointer, "must be a boolean")


def integer(low: int, high: int) -> Check:
    def check(found: Findings, pointer: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            found.add(pointer, "must be an integer")
        elif not low <= value <= high:
            found.add(pointer, f"must be between {low} and {high}")

    return check


def one_of(*allowed: str) -> Check:
    def check(found: Findings, pointer: str, value: Any) -> None:
        if value not in allowed:
            found.add(pointer, f"must be one of: {', '.join(allowed)}")

    return check


def listing(item: Check, low: int, high: int) -> Check:
    def check(found: Findings, pointer: str, value: Any) -> None:
        if not isinstance(value, list):
            found.add(pointer, "must be an array")
            return
        if len(value) > high:
            found.add(pointer, f"no more than {high} items allowed")
        if len(value) < low:
            found.add(pointer, f"no less than {low} items allowed")
        for at, one in enumerate(value):
            item(found, f"{pointer}/{at}", one)

    return check


def shape(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """An object with these fields and no others; `type` is looked at by the caller."""

    def check(found: Findings, pointer: str, value: Any) -> None:
        if not isinstance(value, dict):
            found.add(pointer, "must be an object")
            return
        for name in required:
            if value.get(name) is None:
                found.add(pointer, f"missing required field: {name}")
        for name, one in value.items():
            if name == "type":
                continue
            if name not in fields:
                found.add(pointer, f"invalid additional property: {name}")
            elif one is not None:
                fields[name](found, f"{pointer}/{name}", one)

    return check


def typed(table: Mapping[str, Check], allowed: tuple[str, ...]) -> Check:
    """An object whose `type` is one of `allowed`, judged by that type's own check."""

    def check(found: Findings, pointer: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            found.add(pointer, "missing required field: type")
        elif kind not in allowed:
            found.add(pointer, f"unsupported type: {kind}")
        else:
            table[kind](found, pointer, value)

    return check


def also(*checks: Check) -> Check:
    """Each check in turn, as long as nothing was found: the later ones may rely on the earlier."""

    def check(found: Findings, pointer: str, value: Any) -> None:
        before = len(found.messages)
        for one in checks:
            if len(found.messages) == before:
                one(found, pointer, value)

    return check


def text(limit: int) -> Check:
    """A text object of either kind."""
    return typed({"plain_text": plain_text(limit), "mrkdwn": mrkdwn(limit)}, ("plain_text", "mrkdwn"))


def plain_text(limit: int) -> Check:
    body = shape({"text": string(limit), "emoji": boolean}, ("text",))
    return typed({"plain_text": body}, ("plain_text",))


def mrkdwn(limit: int) -> Check:
    body = shape({"text": string(limit), "verbatim": boolean}, ("text",))
    return typed({"mrkdwn": body}, ("mrkdwn",))
