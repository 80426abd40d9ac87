"""chat.*: messages of the bot."""

import copy
import json
from typing import Any

from bot.sandbox.slack.blocks.block_kit import accepted, check_blocks
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.events import change_event, message_event
from bot.sandbox.slack.methods.method import ApiCall, Kind, Method
from bot.sandbox.slack.shapes import message_object
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Channel, Installation, Json, Message, Team

TEXT_LIMIT = 40_000
METADATA_LIMIT = 8_000


def content_of(slack: Slack, args: Json) -> tuple[str, list[Json]]:
    """Text and blocks that may be shown; ApiError no_text, msg_too_long or invalid_blocks."""
    text, blocks = args.get("text", ""), args.get("blocks")
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            raise ApiError("invalid_blocks_format") from None
    if not isinstance(text, str):
        raise ApiError("invalid_arguments", ["[ERROR] must be a string [json-pointer:/text]"])
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > TEXT_LIMIT:
        raise ApiError("msg_too_long")
    wrong = check_blocks(blocks or [], "message")
    if wrong:
        raise ApiError("invalid_blocks", wrong)
    return text, accepted(blocks or [], slack.new_local_id)


def metadata_of(given: Any) -> Json | None:
    """None where the caller asked for none or gave an empty object."""
    if not given:
        return None
    well_made = isinstance(given, dict) and set(given) == {"event_type", "event_payload"}
    if not well_made or not isinstance(given["event_payload"], dict) or not isinstance(given["event_type"], str):
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(given)) > METADATA_LIMIT:
        raise ApiError("metadata_too_large")
    return dict(given)


def add_message(slack: Slack, team: Team, channel: Channel, message: Message) -> None:
    channel.messages.append(message)
    slack.feed.add("message", team.id, message.only_for, channel=channel.id, ts=message.ts)
    if message.only_for is None:
        slack.announce(team, message_event(slack, team, channel, message))


def change_message(slack: Slack, team: Team, channel: Channel, message: Message, text: str, blocks: list[Json]) -> None:
    """Edit in place; choices made on it are lost, as in Slack."""
    before = copy.deepcopy(message_object(slack, team, message, metadata=False))
    message.text, message.blocks, message.edited_ts = text, blocks, slack.new_ts()
    message.values.clear()
    slack.feed.add("message", team.id, message.only_for, channel=channel.id, ts=message.ts)
    if message.only_for is None:
        after = message_object(slack, team, message, metadata=False)
        slack.announce(team, change_event(slack, channel, "message_changed", before, after))


def remove_message(slack: Slack, team: Team, channel: Channel, message: Message) -> None:
    channel.messages.remove(message)
    slack.feed.add("message", team.id, message.only_for, channel=channel.id, ts=message.ts)
    if message.only_for is None:
        before = message_object(slack, team, message, metadata=False)
        slack.announce(team, change_event(slack, channel, "message_deleted", before))


def bot_message(slack: Slack, bot: Installation, channel: Channel, text: str, blocks: list[Json]) -> Message:
    return Message(slack.new_ts(), channel.id, bot.bot_user, text, blocks, bot_id=bot.bot_id)


def post_message(call: ApiCall) -> Json:
    channel = call.joined_channel()
    text, blocks = content_of(call.slack, call.args)
    message = bot_message(call.slack, call.bot, channel, text, blocks)
    message.metadata = metadata_of(call.args.get("metadata"))
    message.thread_ts = _thread(channel, call.args)
    add_message(call.slack, call.team, channel, message)
    shown = message_object(call.slack, call.team, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: ApiCall) -> Json:
    channel = call.joined_channel()
    user = call.user("user")
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    text, blocks = content_of(call.slack, call.args)
    message = bot_message(call.slack, call.bot, channel, text, blocks)
    message.only_for, message.thread_ts = user.id, _thread(channel, call.args)
    add_message(call.slack, call.team, channel, message)
    return {"message_ts": message.ts}


def update(call: ApiCall) -> Json:
    """Text without blocks takes the blocks away; metadata stays unless given, an empty object removes it."""
    channel = call.joined_channel()
    message = _own(call, channel, "cant_update_message")
    text, blocks = content_of(call.slack, call.args)
    if "metadata" in call.args:
        message.metadata = metadata_of(call.args["metadata"])
    change_message(call.slack, call.team, channel, message, text, blocks)
    shown = message_object(call.slack, call.team, message)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(call: ApiCall) -> Json:
    channel = call.joined_channel()
    message = _own(call, channel, "cant_delete_message")
    remove_message(call.slack, call.team, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _own(call: ApiCall, channel: Channel, refusal: str) -> Message:
    """The bot's message with that ts; an ephemeral one cannot be found, as in Slack."""
    message = channel.message(call.args["ts"])
    if message is None or message.only_for is not None:
        raise ApiError("message_not_found")
    if message.bot_id != call.bot.bot_id:
        raise ApiError(refusal)
    return message


def _thread(channel: Channel, args: Json) -> str | None:
    parent: str | None = args.get("thread_ts")
    if parent is not None and channel.message(parent) is None:
        raise ApiError("thread_not_found")
    return parent


_CONTENT: dict[str, Kind] = {
    "channel": "str",
    "text": "str",
    "blocks": "as_given",
    "link_names": "bool",
    "parse": "str",
}
_POST: dict[str, Kind] = {
    **_CONTENT,
    "thread_ts": "str",
    "reply_broadcast": "bool",
    "metadata": "json",
    "mrkdwn": "bool",
    "unfurl_links": "bool",
    "unfurl_media": "bool",
}

METHODS: dict[str, Method] = {
    "chat.postMessage": Method(post_message, _POST, ("channel",)),
    "chat.postEphemeral": Method(
        post_ephemeral, {**_CONTENT, "user": "str", "thread_ts": "str"}, ("channel", "user"), 100
    ),
    "chat.update": Method(update, {**_CONTENT, "ts": "str", "metadata": "json"}, ("channel", "ts"), 50),
    "chat.delete": Method(delete, {"channel": "str", "ts": "str"}, ("channel", "ts"), 50),
}
