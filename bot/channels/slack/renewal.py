"""Renews bot tokens that end, where an app has Slack's token rotation on: ahead of time, or before a turn needs one.

A refresh token is good once. So one process at a time asks, under a lease, and what Slack answers is written however
long that takes: it is the only copy of the next refresh token.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.channels.slack.api import Api, Json, Refused
from bot.channels.slack.ports import WorkspaceDirectory
from bot.chat.channel import CannotReach, NotDelivered
from bot.clock import Clock
from bot.config import Slack
from bot.domain.practice.workspaces import Renewal, Workspace
from storage.engine import StorageAway

log = logging.getLogger(__name__)

AHEAD = timedelta(hours=2)
"""A sixth of a token's life: hours in which Slack may be away, or we, and nobody notices."""

NEAR = timedelta(minutes=1)
"""A token that ends so soon may end on its way."""

KEEP_AGAIN_SECONDS = 0.5
CLOSING_SECONDS = 10.0
"""So long a process that is to end waits for what Slack answers, and for a database that is away."""

REVOKED = "revoked"
LOST = {"invalid_refresh_token", REVOKED}
WAIT_SECONDS = 5.0
LOOK_SECONDS = 0.1


class Renewals:
    """`wait_s`: how long who needs a token now waits for a renewal."""

    def __init__(
        self,
        api: Api,
        settings: Slack,
        workspaces: WorkspaceDirectory,
        clock: Clock,
        wait_s: float = WAIT_SECONDS,
    ) -> None:
        self._api = api
        self._settings = settings
        self._workspaces = workspaces
        self._clock = clock
        self._wait_s = wait_s
        self._running: dict[str, asyncio.Task[None]] = {}

    async def fresh(self, found: Workspace) -> Workspace:
        """The workspace with a token that has not ended. All who need it at once wait for one renewal.

        Where none comes in time it is the old one, of which Slack says that it is over.
        """
        if not found.ends_by(self._soon()):
            return found
        team = found.team_ref
        task = self._running.get(team)
        if task is None:
            task = self._running[team] = asyncio.create_task(self._renew_or_wait(team))
            task.add_done_callback(lambda _done: self._running.pop(team, None))
        await asyncio.wait({task}, timeout=self._wait_s)
        return await self._workspaces.newest(team) or found

    async def ahead(self) -> None:
        """For a sweep: whatever ends within the next hours."""
        before = self._clock.now() + AHEAD
        for found in await self._workspaces.ending(before):
            await self._renew(found.team_ref, before)

    async def close(self) -> None:
        """Let a renewal end that is under way: its answer is the only copy of the next refresh token."""
        if self._running:
            _done, late = await asyncio.wait(self._running.values(), timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()

    def _soon(self) -> datetime:
        return self._clock.now() + NEAR

    async def _renew_or_wait(self, team: str) -> None:
        """Another process may be at it; what it writes is looked for."""
        try:
            if await self._renew(team, self._soon()):
                return
            until = self._clock.monotonic() + self._wait_s
            while self._clock.monotonic() < until:
                newest = await self._workspaces.newest(team)
                if newest is None or not newest.ends_by(self._soon()):
                    return
                await asyncio.sleep(LOOK_SECONDS)
        except StorageAway:
            log.warning("slack.not_renewed", extra={"ids": {"workspace": team, "why": "database away"}})

    async def _renew(self, team: str, before: datetime) -> bool:
        """False where another process is at it, or did it meanwhile."""
        renewal = await self._workspaces.claim_renewal(team, before)
        if renewal is None:
            return False
        try:
            pair = _read(await self._ask(renewal))
        except (CannotReach, Refused) as refused:
            await self._refused(renewal, refused.code if isinstance(refused, Refused) else REVOKED)
        except NotDelivered as failed:
            await self._failed(renewal, type(failed).__name__)
        else:
            if pair is None:
                await self._failed(renewal, "no tokens")
            else:
                await self._keep(renewal, pair)
        return True

    async def _keep(self, renewal: Renewal, pair: tuple[str, str, int]) -> None:
        """What Slack answered exists nowhere else: a database that is away is waited for."""
        token, refresh, seconds = pair
        ends = self._clock.now() + timedelta(seconds=seconds)
        while True:
            try:
                kept = await self._workspaces.renewed(renewal, token, refresh, ends)
            except StorageAway:
                await asyncio.sleep(KEEP_AGAIN_SECONDS)
            else:
                log.info("slack.renewed" if kept else "slack.renewal_overtaken", extra={"ids": _ids(renewal)})
                return

    async def _refused(self, renewal: Renewal, code: str) -> None:
        """Anything but the refresh token itself can be mended in the settings, and it is as good as before."""
        log.error("slack.renewal_refused", extra={"ids": {**_ids(renewal), "why": code}})
        if code in LOST:
            await self._workspaces.token_lost(renewal, self._clock.now())
        else:
            await self._workspaces.give_up(renewal)

    async def _failed(self, renewal: Renewal, why: str) -> None:
        """Whether Slack did it is not known. The same is asked again: at worst Slack says that the token was used."""
        log.warning("slack.not_renewed", extra={"ids": {**_ids(renewal), "why": why}})
        await self._workspaces.give_up(renewal)

    async def _ask(self, renewal: Renewal) -> Json:
        asked = self._api.client().api_call(
            "oauth.v2.access",
            data={
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret,
                "grant_type": "refresh_token",
                "refresh_token": renewal.refresh_token,
            },
        )
        return await self._api.run("oauth.v2.access", asked)


def _ids(renewal: Renewal) -> dict[str, str | int]:
    return {"workspace": renewal.team_ref, "epoch": renewal.epoch}


def _read(said: Json) -> tuple[str, str, int] | None:
    token, refresh, seconds = said.get("access_token"), said.get("refresh_token"), said.get("expires_in")
    if not (isinstance(token, str) and isinstance(refresh, str) and type(seconds) is int):
        return None
    return token, refresh, seconds
