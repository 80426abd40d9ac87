"""Carries out the app's answers: to a command, to a response URL, and to a submitted modal."""

import json
from typing import Any

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.lines import Answer
from bot.sandbox.slack.methods.chat import (
    add_message,
    bot_message,
    change_message,
    content_of,
    metadata_of,
    remove_message,
)
from bot.sandbox.slack.methods.views import checked_modal, put_on_stack, replace_body
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.triggers import ResponseUrl
from bot.sandbox.slack.workspace import Channel, Json, Team, View

_MESSAGE_FIELDS = frozenset(
    {
        "text",
        "blocks",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
    }
)
_ACTION_FIELDS = {
    "errors": {"response_action", "errors"},
    "update": {"response_action", "view"},
    "push": {"response_action", "view"},
    "clear": {"response_action"},
}


def command_answer(slack: Slack, team: Team, user: str, channel: Channel, body: str) -> None:
    """Plain words or a JSON message: shown to the asker alone unless `response_type` is in_channel."""
    if not body.strip():
        return
    try:
        message = json.loads(body)
    except ValueError:
        message = {"text": body}
    if not isinstance(message, dict):
        message = {"text": body}
    _refuse_unknown(message, _MESSAGE_FIELDS - {"replace_original", "delete_original"})
    _say(slack, team, user, channel, message)


def response_url_message(slack: Slack, team: Team, rights: ResponseUrl, body: Json) -> None:
    """What arrives at a response URL: a new message, or the end or another form of the one acted on."""
    _refuse_unknown(body, _MESSAGE_FIELDS)
    channel = team.channels[rights.channel]
    original = channel.message(rights.original) if rights.original else None
    if body.get("delete_original"):
        if original is None:
            raise ApiError("message_not_found")
        remove_message(slack, team, channel, original)
    elif body.get("replace_original") and rights.original:
        if original is None:
            raise ApiError("message_not_found")
        change_message(slack, team, channel, original, *content_of(slack, body))
    else:
        _say(slack, team, rights.user, channel, body)


def _say(slack: Slack, team: Team, user: str, channel: Channel, body: Json) -> None:
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise ApiError("invalid_arguments", ["[ERROR] must be ephemeral or in_channel [json-pointer:/response_type]"])
    if team.installation is None:
        raise ApiError("account_inactive")
    message = bot_message(slack, team.installation, channel, *content_of(slack, body))
    message.metadata, message.thread_ts = metadata_of(body.get("metadata")), body.get("thread_ts")
    message.only_for = user if kind == "ephemeral" else None
    add_message(slack, team, channel, message)


def submission_answer(slack: Slack, team: Team, view: View, answer: Answer) -> str:
    """Do what the app said of a submitted view; gives the response action ("close" for an empty body).

    ApiError where Slack would tell the person that there was trouble.
    """
    body = _submission_body(answer)
    action = body.get("response_action", "close")
    if action == "close":
        slack.close_views(team, view.user, [view])
    elif action == "clear":
        slack.close_views(team, view.user, list(team.stack(view.user)))
    elif action == "errors":
        view.errors = _errors(view, body.get("errors"))
        slack.feed.add("modal", team.id, view.user, view=view.id)
    elif action == "update":
        replace_body(slack, team, view, checked_modal(slack, team, body.get("view"), view))
    else:
        put_on_stack(slack, team, view.user, checked_modal(slack, team, body.get("view")), as_root=False)
    return str(action)


def _submission_body(answer: Answer) -> Json:
    if not answer.body.strip():
        return {}
    try:
        body = json.loads(answer.body)
    except ValueError:
        raise ApiError("invalid_response", ["[ERROR] the answer is not JSON"]) from None
    if not isinstance(body, dict):
        raise ApiError("invalid_response", ["[ERROR] the answer is not a JSON object"])
    action = body.get("response_action")
    if body and action not in _ACTION_FIELDS:
        raise ApiError("invalid_response", [f"[ERROR] unknown response_action: {action}"])
    if body:
        _refuse_unknown(body, frozenset(_ACTION_FIELDS[str(action)]))
    return body


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not all(isinstance(words, str) for words in errors.values()):
        raise ApiError("invalid_response", ["[ERROR] errors must map block_id to words"])
    strangers = sorted(set(errors) - inputs)
    if strangers:
        raise ApiError("invalid_response", [f"[ERROR] no input block has this block_id: {strangers}"])
    return dict(errors)


def _refuse_unknown(body: Json, known: frozenset[str]) -> None:
    unknown = sorted(set(body) - known)
    if unknown:
        raise ApiError("invalid_arguments", [f"[ERROR] unknown field: {name}" for name in unknown])
