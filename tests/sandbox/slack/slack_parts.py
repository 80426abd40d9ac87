"""Pieces of Block Kit for tests."""

from tests.sandbox.slack.slack_driver import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def button(text: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("Book"), "submit": plain("Save"), "blocks": list(blocks), **more}


def asked(label: str, block_id: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }
