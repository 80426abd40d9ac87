"""Short-lived rights that an interaction gives to the app: trigger ids and response URLs."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.standin import SandboxClock

TRIGGER_SECONDS = 3.0
"""Shared facts on chat platforms, section 1: a trigger_id lives three seconds and is single use."""
RESPONSE_USES = 5
RESPONSE_LIFE = timedelta(minutes=30)


@dataclass
class Trigger:
    """`view` is the modal from within which the person acted, if any."""

    id: str
    team_id: str
    user: str
    view: str | None
    issued: float
    used: bool = False


class Triggers:
    """Measured in real time: the product answers in real seconds whatever the sandbox's clock shows."""

    def __init__(self) -> None:
        self._issued: dict[str, Trigger] = {}

    def issue(self, team_id: str, user: str, view: str | None = None) -> Trigger:
        trigger_id = f"{len(self._issued) + 1}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        trigger = Trigger(trigger_id, team_id, user, view, time.monotonic())
        self._issued[trigger.id] = trigger
        return trigger

    def find(self, trigger_id: str, team_id: str) -> Trigger:
        """A trigger that may still be exchanged; ApiError in Slack's words otherwise."""
        trigger = self._issued.get(trigger_id)
        if trigger is None or trigger.team_id != team_id:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        return trigger


@dataclass
class ResponseUrl:
    """`original` is the message on which the person acted; None for a slash command."""

    key: str
    team_id: str
    user: str
    channel: str
    original: str | None
    until: datetime
    uses: int = 0


class ResponseUrls:
    """Measured by the sandbox's clock: moving it by an hour ends them, as an hour would."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._known: dict[str, ResponseUrl] = {}

    def issue(self, team_id: str, user: str, channel: str, original: str | None = None) -> ResponseUrl:
        until = self._clock.now() + RESPONSE_LIFE
        made = ResponseUrl(secrets.token_urlsafe(18), team_id, user, channel, original, until)
        self._known[made.key] = made
        return made

    def use(self, key: str) -> ResponseUrl:
        """Count one use; ApiError `expired_url`, `used_url` or `invalid_url`."""
        known = self._known.get(key)
        if known is None:
            raise ApiError("invalid_url")
        if self._clock.now() > known.until:
            raise ApiError("expired_url")
        if known.uses >= RESPONSE_USES:
            raise ApiError("used_url")
        known.uses += 1
        return known
