"""The inner events of the Events API, and to which subscription each belongs."""

from typing import Literal

from bot.sandbox.slack.shapes import message_object, user_object, view_object
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Channel, Installation, Json, Message, Team, User

DEFAULT_SUBSCRIPTIONS = frozenset({"app_home_opened", "message.im", "app_uninstalled", "tokens_revoked", "user_change"})


def subscription(event: Json) -> str:
    """The name under which an app subscribes to this event."""
    if event["type"] != "message":
        return str(event["type"])
    return "message.im" if event["channel_type"] == "im" else "message.channels"


def message_event(slack: Slack, team: Team, channel: Channel, message: Message) -> Json:
    return {
        **message_object(slack, team, message, metadata=False),
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": "im" if channel.is_im else "channel",
    }


def change_event(
    slack: Slack,
    channel: Channel,
    kind: Literal["message_changed", "message_deleted"],
    previous: Json,
    current: Json | None = None,
) -> Json:
    """`previous` and `current` are message objects."""
    at = slack.new_ts()
    parts: Json = {"message": current} if current else {"deleted_ts": previous["ts"]}
    return {
        "type": "message",
        "subtype": kind,
        **parts,
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": at,
        "event_ts": at,
        "channel_type": "im" if channel.is_im else "channel",
    }


def home_opened(slack: Slack, team: Team, bot: Installation, user: str, tab: str) -> Json:
    """Carries the present Home only if the app published one."""
    home = team.homes.get(user)
    view = {"view": view_object(slack, home, bot.bot_id)} if home and tab == "home" else {}
    channel = slack.direct(team, user).id
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": tab,
        **view,
        "event_ts": slack.new_ts(),
    }


def user_change(slack: Slack, user: User) -> Json:
    at = slack.seconds()
    return {
        "type": "user_change",
        "user": user_object(user, slack.clock.now()),
        "cache_ts": at,
        "event_ts": slack.new_ts(),
    }


def app_uninstalled(slack: Slack) -> Json:
    return {"type": "app_uninstalled", "event_ts": slack.new_ts()}


def tokens_revoked(slack: Slack, bot: Installation) -> Json:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot.bot_user]}, "event_ts": slack.new_ts()}
