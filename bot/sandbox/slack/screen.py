"""Renders what one person sees in Slack as JSON, for the simulator's page and for scripted people."""

from bot.sandbox.slack.inputs import kept_values
from bot.sandbox.slack.shapes import channel_object, file_object, message_object, user_object, view_object
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Channel, Json, Message, Team, User, View


def screen(slack: Slack, team: Team, user: User) -> Json:
    """Channels with messages (others' ephemerals left out), modals from the bottom up, Home, files, errors.

    `cursor` is the number of the latest change, to be given to the feed.
    """
    channels = [channel for channel in team.channels.values() if user.id in channel.members]
    home = team.homes.get(user.id)
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "user": user_object(user, slack.clock.now()),
        "app": {"installed": team.installation is not None, "name": slack.app.name},
        "people": [user_object(one, slack.clock.now()) for one in team.users.values()],
        "channels": [_channel(slack, team, channel, user) for channel in channels],
        "modals": [_view(slack, team, view) for view in team.stack(user.id)],
        "home": _view(slack, team, home) if home else None,
        "files": [_file(slack, one) for one in slack.files if slack.files[one].team_id == team.id],
        "errors": team.errors.get(user.id, []),
        "now": slack.clock.now().timestamp(),
        "cursor": slack.feed.last,
    }


def _channel(slack: Slack, team: Team, channel: Channel, user: User) -> Json:
    visible = [message for message in channel.messages if message.only_for in (None, user.id)]
    shown = channel_object(team, channel) | {"members": channel.members}
    return shown | {"messages": [_message(slack, team, message, user) for message in visible]}


def _message(slack: Slack, team: Team, message: Message, user: User) -> Json:
    shown = message_object(slack, team, message)
    if message.files:
        shown["files"] = [_file(slack, one) for one in message.files]
    return shown | {
        "ephemeral": message.only_for is not None,
        "values": kept_values(message.values.get(user.id, {}), message.blocks),
    }


def _view(slack: Slack, team: Team, view: View) -> Json:
    bot_id = team.installation.bot_id if team.installation else ""
    return view_object(slack, view, bot_id) | {"errors": view.errors}


def _file(slack: Slack, file_id: str) -> Json:
    """`page_url` needs no token: what the person's own client would show."""
    return file_object(slack, slack.files[file_id]) | {"page_url": f"/_sandbox/slack/files/{file_id}"}
