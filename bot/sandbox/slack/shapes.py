"""Builds Slack's JSON objects from the stand-in's records, for answers of the Web API and for payloads."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name

from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Channel, Json, Message, Team, UploadedFile, User, View

RANKS = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
UNKNOWN_ZONE = ("Pacific Standard Time", -28_800)
"""What Slack gives as label and offset for somebody without a zone."""


def user_object(user: User, now: datetime, *, locale: bool = True) -> Json:
    """`now` decides the offset of the zone, which is that of the moment."""
    label, offset = UNKNOWN_ZONE
    if user.tz is not None:
        there = now.astimezone(ZoneInfo(user.tz))
        label = get_timezone_name(there, locale="en_US")
        offset = int((there.utcoffset() or there - there).total_seconds())
    known = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "4bbe2e",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": label,
        "tz_offset": offset,
        "profile": _profile(user),
        **dict.fromkeys(RANKS, False),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_email_confirmed": True,
        "updated": user.updated,
        "who_can_share_contact_card": "EVERYONE",
    }
    return known | ({"locale": user.locale} if locale else {})


def _profile(user: User) -> Json:
    first, _, last = user.real_name.partition(" ")
    return {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g" + user.id[-6:].lower(),
        "team": user.team_id,
    }


def team_object(team: Team) -> Json:
    return {
        "id": team.id,
        "name": team.name,
        "url": f"https://{team.domain}.slack.com/",
        "domain": team.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "avatar_base_url": "https://ca.slack-edge.com/",
        "is_verified": False,
    }


def channel_object(team: Team, channel: Channel, *, brief: bool = False) -> Json:
    bot = team.installation.bot_user if team.installation else ""
    if channel.is_im:
        other = next((member for member in channel.members if member != bot), "")
        flags = {"is_im": True, "is_archived": False, "is_org_shared": False, "context_team_id": team.id}
        known = {"id": channel.id, "created": channel.created, "user": other, **flags}
        return {"id": channel.id} if brief else known
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": False,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "created": channel.created,
        "creator": channel.creator,
        "is_member": bot in channel.members,
        "context_team_id": team.id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def bot_profile(slack: Slack, bot_id: str, team_id: str) -> Json:
    icon = "https://a.slack-edge.com/80588/img/plugins/app/bot_{}.png"
    icons = {f"image_{size}": icon.format(size) for size in (36, 48, 72)}
    return {
        "id": bot_id,
        "deleted": False,
        "name": slack.app.name,
        "updated": 0,
        "app_id": slack.app.app_id,
        "icons": icons,
        "team_id": team_id,
    }


def message_object(slack: Slack, team: Team, message: Message, *, metadata: bool = True) -> Json:
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    shown["team"] = team.id
    if message.bot_id:
        profile = bot_profile(slack, message.bot_id, team.id)
        shown |= {"bot_id": message.bot_id, "app_id": slack.app.app_id, "bot_profile": profile}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.files:
        shown["subtype"] = "file_share"
        shown["files"] = [file_object(slack, slack.files[one]) for one in message.files]
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def view_object(slack: Slack, view: View, bot_id: str) -> Json:
    body, home = view.body, view.body["type"] == "home"
    title = {"type": "plain_text", "text": "View Title", "emoji": True} if home else body["title"]
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": title,
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": slack.app.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": view.team_id,
        "bot_id": bot_id,
    }


def file_object(slack: Slack, file: UploadedFile) -> Json:
    installation = slack.teams[file.team_id].installation
    address = f"{slack.origin}/files-pri/{file.team_id}-{file.id}/{file.name}"
    kind = file.name.rpartition(".")[2].lower()
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": installation.bot_user if installation else "",
        "user_team": file.team_id,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
        "channels": [one for one in file.channels if one.startswith("C")],
        "groups": [],
        "ims": [one for one in file.channels if one.startswith("D")],
        "alt_txt": file.alt_text,
    }


def rich_text(words: str, block_id: str) -> Json:
    """What Slack makes of typed words: one block beside the plain text."""
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "block_id": block_id, "elements": [line]}


def escaped(words: str) -> str:
    """Typed words as `text` carries them; mentions and channels keep their brackets."""
    kept = re.split(r"(<[@#!][^<>]+>)", words)
    for at in range(0, len(kept), 2):
        kept[at] = kept[at].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(kept)
