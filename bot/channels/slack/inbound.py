"""Reads Slack's payloads: who acts, which delivery it is, and what was said or tapped. Asks nobody."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.slack import picker
from bot.channels.slack.modal import ACT, PICK, Origin, answers
from bot.channels.slack.render import NOTICE
from bot.channels.slack.text import as_typed
from bot.chat.channel import Incoming
from bot.chat.clean import clean
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile

Json = dict[str, Any]

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
INTERACTIONS = ("block_actions", "view_submission")
SLACKBOT = "USLACKBOT"


class Malformed(ValueError):
    """A payload without what every payload of its kind has."""


@dataclass(frozen=True)
class SlackSender:
    """`name` is what the payload itself says, mostly a handle; None where it says nothing."""

    workspace: str
    enterprise: str | None
    user_ref: str
    name: str | None = None


def ref(value: object, what: str) -> str:
    """One of Slack's ids or timestamps, as it is."""
    if not isinstance(value, str) or not _REF.fullmatch(value):
        raise Malformed(what)
    return value


def delivery_of(body: Json) -> str | None:
    """What two deliveries of the same thing have in common; None for kinds that are not told apart here."""
    if "command" in body:
        ref(body.get("user_id"), "user_id")
        workspace_of(body)
        if not isinstance(body["command"], str) or not body["command"].startswith("/"):
            raise Malformed("command")
        return ref(body.get("trigger_id"), "trigger_id")
    kind = body.get("type")
    if not isinstance(kind, str):
        raise Malformed("type")
    if kind == "url_verification" and not isinstance(body.get("challenge"), str):
        raise Malformed("challenge")
    if kind == "event_callback":
        event = body.get("event")
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Malformed("event")
        workspace_of(body)
        direct_of(body)
        return ref(body.get("event_id"), "event_id")
    if kind in INTERACTIONS:
        return _interaction(kind, body)
    return None


def _interaction(kind: str, body: Json) -> str:
    sender_of(body)
    if kind == "view_submission":
        _check_form(body.get("view"))
    else:
        actions, container = body.get("actions"), body.get("container")
        if not isinstance(actions, list) or not actions or not all(isinstance(each, dict) for each in actions):
            raise Malformed("actions")
        if not isinstance(actions[0].get("action_id"), str):
            raise Malformed("action_id")
        if not isinstance(container, dict):
            raise Malformed("container")
    direct_of(body)
    return ref(body.get("trigger_id"), "trigger_id")


def _check_form(view: object) -> None:
    """Its inputs and their state have the shapes in which they are read."""
    if not isinstance(view, dict) or not all(isinstance(view.get(name), str) for name in ("type", "callback_id")):
        raise Malformed("view")
    ref(view.get("id"), "view.id")
    blocks, state = view.get("blocks", []), view.get("state", {})
    if not isinstance(blocks, list) or not isinstance(state, dict):
        raise Malformed("view.blocks")
    if not all(isinstance(each, dict) and isinstance(each.get("block_id", ""), str) for each in blocks):
        raise Malformed("view.blocks")
    values = state.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(each, dict) for each in values.values()):
        raise Malformed("view.state")
    states = [each for block in values.values() for each in block.values()]
    if not all(isinstance(each, dict) and isinstance(each.get("selected_option") or {}, dict) for each in states):
        raise Malformed("view.state")


def workspace_of(body: Json) -> tuple[str, str | None]:
    """The workspace, and its organisation if any.

    An app installed for a whole organisation is one workspace here: ids of persons are unique within it.
    """
    first = (body.get("authorizations") or [{}])[0]
    enterprise = _id_of(body.get("enterprise")) or body.get("enterprise_id") or first.get("enterprise_id") or None
    team = _id_of(body.get("team")) or body.get("team_id") or first.get("team_id")
    whole = first.get("is_enterprise_install", body.get("is_enterprise_install"))
    if whole in (True, "true") and enterprise:
        return ref(enterprise, "enterprise"), None
    if team is None and isinstance(body.get("user"), dict):
        team = body["user"].get("team_id")
    return ref(team, "team"), None if enterprise is None else ref(enterprise, "enterprise")


def happened(body: Json) -> datetime | None:
    """When an event took place, by Slack's clock; None where it does not say."""
    at = body.get("event_time")
    try:
        return datetime.fromtimestamp(at, UTC) if isinstance(at, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def order_of(stamp: object) -> float | None:
    """One of Slack's timestamps, `1780000000.000100`. Only events are delivered again: nothing else needs an order."""
    return float(stamp) if isinstance(stamp, str) and _STAMP.fullmatch(stamp) else None


def _id_of(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


def sender_of(body: Json) -> SlackSender:
    """Who tapped, submitted or typed a command."""
    workspace, enterprise = workspace_of(body)
    user = body.get("user")
    if isinstance(user, dict):
        name = user.get("name") or user.get("username")
        return SlackSender(workspace, enterprise, ref(user.get("id"), "user.id"), _name(name))
    return SlackSender(workspace, enterprise, ref(body.get("user_id"), "user_id"), _name(body.get("user_name")))


def _name(value: object) -> str | None:
    """Words of a profile; None where there are none."""
    return clean(value) or None if isinstance(value, str) else None


def author_of(body: Json) -> SlackSender | None:
    """Who caused an event; None for bots, Slack itself, and edits."""
    event = body["event"]
    user, subtype = event.get("user"), event.get("subtype")
    if event.get("bot_id") or event.get("hidden") or subtype not in (None, "file_share", "thread_broadcast"):
        return None
    if not isinstance(user, str) or user == SLACKBOT:
        return None
    workspace, enterprise = workspace_of(body)
    return SlackSender(workspace, enterprise, ref(user, "event.user"))


def about(event: Json) -> Json:
    """The person whose profile changed."""
    user = event.get("user")
    if not isinstance(user, dict):
        raise Malformed("event.user")
    return user


def direct_of(body: Json) -> str | None:
    """The private chat with the bot that a payload names, if it names one for certain.

    A command may be typed in a chat between two people, which looks the same.
    """
    event = body.get("event")
    if isinstance(event, dict) and (event.get("channel_type") == "im" or event.get("type") == "app_home_opened"):
        return _direct(event.get("channel"))
    container = body.get("container")
    if isinstance(container, dict) and container.get("type") == "message" and not container.get("is_ephemeral"):
        return _direct(container.get("channel_id"))
    return None


def _direct(channel: object) -> str | None:
    return ref(channel, "channel") if isinstance(channel, str) and channel.startswith("D") else None


def message(body: Json, profile: Profile) -> Incoming:
    """Words in the private chat. A command that Slack did not take for one begins with a slash all the same."""
    event = body["event"]
    text = as_typed(str(event.get("text") or "")).strip()
    window = Window(WindowKind.MESSAGE, chat_ref=str(event.get("channel")))
    key, order = f"slack:{body['event_id']}", order_of(event.get("event_ts"))
    if text.startswith("/") and len(text) > 1:
        command, _, words = text.partition(" ")
        return Incoming(profile, key, window, command=command, text=words.strip(), order=order)
    thread = event.get("thread_ts")
    replies_to = clean(thread) if isinstance(thread, str) and thread != event.get("ts") else None
    return Incoming(profile, key, window, text=text, order=order, replies_to=replies_to)


def home(body: Json, profile: Profile) -> Incoming:
    return Incoming(profile, f"slack:{body['event_id']}", Window(WindowKind.HOME), home=True)


def command(body: Json, profile: Profile) -> Incoming:
    """A slash command. Whether it was typed in the private chat is known for certain only later."""
    channel = str(body.get("channel_id") or "")
    private = channel.startswith("D")
    window = Window(
        WindowKind.MESSAGE if private else WindowKind.EPHEMERAL,
        chat_ref=channel or None,
        private=private,
        trigger=body["trigger_id"],
        response_url=url_of(body),
    )
    words = as_typed(str(body.get("text") or "")).strip()
    key = f"slack:{body['trigger_id']}"
    return Incoming(profile, key, window, command=clean(str(body["command"])), text=words, modals=True)


def tap(body: Json, profile: Profile) -> Incoming | None:
    """A pressed button; None for a link, and for elements that are not ours."""
    action, container = body["actions"][0], body["container"]
    value = picker.tapped(action) or action.get("value")
    if action.get("url") or not isinstance(value, str) or not value.strip(NOTICE):
        return None
    view = body.get("view") if isinstance(body.get("view"), dict) else {}
    place = container.get("message_ts") or container.get("view_id") or (view or {}).get("id") or "none"
    key = f"slack:{profile.workspace}:{profile.user_ref}:{place}:{action.get('action_ts') or body['trigger_id']}"
    window = _tapped_window(body, container, view or {}, notice=value.startswith(NOTICE))
    at = origin_of(body).at or None
    return Incoming(profile, clean(key), window, address=clean(value.removeprefix(NOTICE)), form_at=at, modals=True)


def _tapped_window(body: Json, container: Json, view: Json, *, notice: bool) -> Window:
    trigger, response_url = body["trigger_id"], url_of(body)
    if view:
        if view.get("type") == "home":
            return Window(WindowKind.HOME, trigger=trigger)
        view_ref = str(container.get("view_id") or view.get("id"))
        below = origin_of(body).window == "new"
        state = view.get("hash") if isinstance(view.get("hash"), str) else None
        return Window(WindowKind.MODAL, notice=below, trigger=trigger, view_ref=view_ref, view_state=state)
    channel = str(container.get("channel_id") or _id_of(body.get("channel")) or "")
    private = channel.startswith("D") and not container.get("is_ephemeral")
    return Window(
        WindowKind.EPHEMERAL if container.get("is_ephemeral") else WindowKind.MESSAGE,
        chat_ref=channel or None,
        message_ref=str(container.get("message_ts") or "") or None,
        private=private,
        notice=notice,
        trigger=trigger,
        response_url=response_url,
    )


def origin_of(body: Json) -> Origin:
    """What the modal carries in which something was tapped or filled in; an empty one elsewhere."""
    view = body.get("view")
    return Origin.from_text(str(view.get("private_metadata") or "")) if isinstance(view, dict) else Origin()


def submission(body: Json, profile: Profile) -> Incoming:
    """A filled form, a chosen time or an agreed act; one that was opened from Home is answered there."""
    view, origin = body["view"], origin_of(body)
    kind = WindowKind.HOME if origin.window == "home" else WindowKind.MODAL
    window = Window(kind, notice=origin.window == "new", trigger=body["trigger_id"], view_ref=str(view["id"]))
    key = clean(f"slack:{view['id']}:{view.get('hash') or body['trigger_id']}")
    if view["callback_id"] in (PICK, ACT):
        to = origin.to if view["callback_id"] == ACT else picker.chosen(view)
        return Incoming(profile, key, window, address=to or origin.at, modals=True, submitted=True)
    return Incoming(profile, key, window, answers=answers(view), form_at=origin.at, form_to=origin.to, modals=True)


def url_of(body: Json) -> str | None:
    """Where a command or a tap on a message may be answered for half an hour."""
    value = body.get("response_url")
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def profile_of(sender: SlackSender, user: Json, chat_ref: str | None = None) -> Profile:
    """A profile out of `users.info`, or of a `user_change` event. Empty where Slack said nothing."""
    about = user.get("profile") if isinstance(user.get("profile"), dict) else {}
    named = ((about or {}).get("real_name"), user.get("real_name"), user.get("name"), sender.name)
    return Profile(
        platform=Platform.SLACK,
        workspace=sender.workspace,
        user_ref=sender.user_ref,
        chat_ref=chat_ref,
        name=next(filter(None, map(_name, named)), "")[:200],
        language=_name(user.get("locale")),
        zone=_name(user.get("tz")),
    )
