"""Token rotation: bot tokens that end after twelve hours, and single-use refresh tokens for the next one."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.errors import ApiError, CannotAct
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Installation, Json

LIFE = timedelta(hours=12)
MOST_ACTIVE = 2
"""Tokens of one workspace that are good at the same time: a third one ends the oldest."""


@dataclass
class _Refresh:
    installation: Installation
    used: bool = False


class Rotation:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._on = False
        self._ends: dict[str, datetime] = {}
        self._active: dict[str, list[str]] = {}
        self._refreshes: dict[str, _Refresh] = {}

    @property
    def on(self) -> bool:
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        if self._on and not on:
            raise CannotAct("token rotation cannot be switched off again")
        self._on = on

    def refuse_over(self, token: str) -> None:
        """Raises what a token answers whose time is over. Tokens from before rotation have no end."""
        ends = self._ends.get(token)
        if ends is not None and self._slack.clock.now() >= ends:
            raise ApiError("token_expired")

    def issue(self, installation: Installation) -> Json:
        """A new pair, as `oauth.v2.access` answers it; nothing where rotation is off."""
        if not self._on:
            return {}
        token = f"xoxe.xoxb-1-{secrets.token_hex(16)}"
        refresh = f"xoxe-1-{secrets.token_hex(24)}"
        active = self._active.setdefault(installation.team_id, [])
        active.append(token)
        for old in active[:-MOST_ACTIVE]:
            self._slack.tokens.pop(old, None)
        del active[:-MOST_ACTIVE]
        self._slack.tokens[token] = installation
        installation.token = token
        self._ends[token] = self._slack.clock.now() + LIFE
        self._refreshes[refresh] = _Refresh(installation)
        return {"access_token": token, "refresh_token": refresh, "expires_in": int(LIFE.total_seconds())}

    def refresh(self, args: Json) -> Json:
        """oauth.v2.access with grant_type=refresh_token."""
        app = self._slack.app
        if args.get("client_id") != app.client_id:
            raise ApiError("invalid_client_id")
        if not hmac.compare_digest(str(args.get("client_secret", "")), app.client_secret):
            raise ApiError("bad_client_secret")
        unknown = set(args) - {"client_id", "client_secret", "refresh_token", "grant_type"}
        if unknown:
            raise ApiError("invalid_arguments", [f"[ERROR] unknown argument: {name}" for name in sorted(unknown)])
        known = self._refreshes.get(str(args.get("refresh_token", "")))
        if known is None or known.used or known.installation.state != "active":
            raise ApiError("invalid_refresh_token")
        known.used = True
        return answer(self._slack, known.installation, self.issue(known.installation))


def answer(slack: Slack, installed: Installation, pair: Json) -> Json:
    """What `oauth.v2.access` says of an installation."""
    team = slack.teams[installed.team_id]
    return {
        "access_token": installed.token,
        "token_type": "bot",
        "scope": slack.app.scopes,
        "bot_user_id": installed.bot_user,
        "app_id": slack.app.app_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
        **pair,
    }
