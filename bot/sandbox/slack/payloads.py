"""The payloads that Slack sends to the app, in the shapes of its real samples."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.slack.inputs import kept_values
from bot.sandbox.slack.shapes import message_object, view_object
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.targets import Place
from bot.sandbox.slack.workspace import Channel, Installation, Json, Team, User, View

ParcelKind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Parcel:
    """A payload on its way, named as Socket Mode names its kinds."""

    kind: ParcelKind
    payload: Json


def event_parcel(slack: Slack, team: Team, bot: Installation, event: Json) -> Parcel:
    authorization = {
        "enterprise_id": None,
        "team_id": team.id,
        "user_id": bot.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    payload = {
        "token": slack.app.verification_token,
        "team_id": team.id,
        "api_app_id": slack.app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": slack.new_id("Ev"),
        "event_time": slack.seconds(),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{slack.new_local_id()}",
    }
    return Parcel("events_api", payload)


def command_parcel(slack: Slack, team: Team, user: User, channel: Channel, command: str, text: str) -> Parcel:
    """All values are strings, as a form carries them."""
    response_url = slack.response_urls.issue(team.id, user.id, channel.id)
    payload = {
        "token": slack.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name or "directmessage",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": slack.app.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{slack.origin}/commands/{team.id}/{response_url.key}",
        "trigger_id": slack.triggers.issue(team.id, user.id).id,
    }
    return Parcel("slash_commands", payload)


def action_parcel(slack: Slack, team: Team, bot: Installation, user: User, place: Place, action: Json) -> Parcel:
    in_modal = place.view.id if place.view and place.view.body["type"] == "modal" else None
    common = {
        **_who(slack, team, user, "block_actions"),
        "trigger_id": slack.triggers.issue(team.id, user.id, in_modal).id,
        "actions": [action],
    }
    if place.view is not None:
        shown = view_object(slack, place.view, bot.bot_id)
        about: Json = {"container": {"type": "view", "view_id": place.view.id}, "view": shown}
        return Parcel("interactive", {**common, **about, "state": shown["state"]})
    assert place.message is not None
    assert place.channel is not None
    message, channel = place.message, place.channel
    hidden = message.only_for is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    response_url = slack.response_urls.issue(team.id, user.id, channel.id, message.ts)
    about = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "response_url": f"{slack.origin}/actions/{team.id}/{response_url.key}",
        "state": {"values": kept_values(message.values.get(user.id, {}), message.blocks)},
    }
    # Slack does not send an ephemeral message back with the action.
    if not hidden:
        about["message"] = message_object(slack, team, message)
    return Parcel("interactive", {**common, **about})


def submission_parcel(slack: Slack, team: Team, bot: Installation, user: User, view: View) -> Parcel:
    payload = {
        **_who(slack, team, user, "view_submission"),
        "trigger_id": slack.triggers.issue(team.id, user.id, view.id).id,
        "view": view_object(slack, view, bot.bot_id),
        "response_urls": [],
    }
    return Parcel("interactive", payload)


def closed_parcel(slack: Slack, team: Team, bot: Installation, user: User, view: View, *, cleared: bool) -> Parcel:
    payload = {
        **_who(slack, team, user, "view_closed"),
        "view": view_object(slack, view, bot.bot_id),
        "is_cleared": cleared,
    }
    return Parcel("interactive", payload)


def _who(slack: Slack, team: Team, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
        "api_app_id": slack.app.app_id,
        "token": slack.app.verification_token,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
