"""Describes a Web API method: who may call it, with which arguments, how often, and what it does."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Channel, Installation, Json, Team, User

Kind = Literal["str", "bool", "int", "json", "as_given"]


@dataclass(frozen=True)
class ApiCall:
    """A call by the bot of one workspace, its arguments known and of the right kind."""

    slack: Slack
    team: Team
    bot: Installation
    args: Json

    def channel(self) -> Channel:
        """The channel named by the arguments. User ids and #names are refused although Slack may guess."""
        channel = self.team.channels.get(self.args["channel"])
        if channel is None:
            raise ApiError("channel_not_found")
        return channel

    def joined_channel(self) -> Channel:
        channel = self.channel()
        if self.bot.bot_user not in channel.members:
            raise ApiError("channel_not_found" if channel.is_im else "not_in_channel")
        return channel

    def user(self, name: str) -> User:
        user = self.team.users.get(self.args[name])
        if user is None:
            raise ApiError("user_not_found")
        return user


@dataclass(frozen=True)
class Method:
    """`per_minute` is Slack's tier: calls a minute in one workspace; 0 where no tier applies."""

    work: Callable[[ApiCall], Json]
    args: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    per_minute: int = 0


def coerced(method: Method, given: Mapping[str, object]) -> Json:
    """The arguments in their own kinds, absent ones left out; ApiError invalid_arguments otherwise.

    Slack itself ignores unknown names; here they are refused, so that a misspelt one is noticed.
    """
    wrong = [f"[ERROR] unknown argument: {name}" for name in given if name not in method.args]
    present = {name: value for name, value in given.items() if value is not None and name in method.args}
    wrong += [f"[ERROR] missing required field: {name}" for name in method.required if present.get(name) in (None, "")]
    args: Json = {}
    for name, value in present.items():
        try:
            args[name] = _as_kind(method.args[name], value)
        except ValueError:
            wrong.append(f"[ERROR] must be a {method.args[name]} [json-pointer:/{name}]")
    if wrong:
        raise ApiError("invalid_arguments", wrong)
    return args


def _as_kind(kind: Kind, value: object) -> object:
    """ValueError for a value that is not of the kind."""
    if kind == "as_given":
        return value
    if kind == "json":
        return json.loads(value) if isinstance(value, str) else value
    if kind == "bool":
        if isinstance(value, bool):
            return value
        known = {"true": True, "1": True, "false": False, "0": False}
        if str(value).lower() not in known:
            raise ValueError(value)
        return known[str(value).lower()]
    if kind == "int":
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError(value)
        return int(value)
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - one kind of refusal for every argument
    return value


def paged(items: list[Json], args: Json, usual: int) -> tuple[list[Json], str]:
    """One page of `items` and the cursor of the next, empty after the last."""
    limit = args.get("limit", usual)
    if not 1 <= limit <= 1000:
        raise ApiError("invalid_limit")
    try:
        start = int(b64decode(args.get("cursor", "")).decode().removeprefix("next:") or 0)
    except ValueError:
        raise ApiError("invalid_cursor") from None
    page = items[start : start + limit]
    more = start + limit < len(items)
    return page, b64encode(f"next:{start + limit}".encode()).decode() if more else ""
