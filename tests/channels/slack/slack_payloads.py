"""Payloads of Slack, written by hand: what a person types, taps and fills in."""

import json

from tests.channels.slack.slack_setup import Json


def event(inner: Json, **more: object) -> Json:
    return {"type": "event_callback", "team_id": "T0AAA", "event_id": "Ev1", "event": inner, **more}


def words(text: object, **more: object) -> Json:
    inner = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U0AAA", "ts": "1.2", "text": text}
    return event({**inner, **more})


HELLO = json.dumps(words("hello")).encode()


TAP: Json = {
    "type": "block_actions",
    "team": {"id": "T0AAA"},
    "user": {"id": "U0AAA", "username": "cleo"},
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "D1"},
    "trigger_id": "1.2.x",
    "actions": [{"action_id": "r0c0", "block_id": "b", "type": "button", "value": "book", "action_ts": "3.4"}],
}


FILLED: Json = {
    "type": "view_submission",
    "team": {"id": "T0AAA"},
    "user": {"id": "U0AAA"},
    "trigger_id": "1.2.y",
    "view": {"id": "V1", "callback_id": "form", "state": {"values": {}}, "private_metadata": "}{"},
}
