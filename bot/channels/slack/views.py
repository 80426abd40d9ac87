"""Opens modals and changes them, so that what is shown last is the answer to what was chosen last."""

import asyncio
import logging
from typing import Any

from bot.channels.slack import modal
from bot.channels.slack.api import Api, Refused
from bot.channels.slack.modal import Origin
from bot.chat.remembered import Remembered
from bot.chat.screen import Screen
from bot.chat.turn import Window

log = logging.getLogger(__name__)

Json = dict[str, Any]

MOST = 10_000
NOT_DRAWN = {"invalid_arguments", "invalid_blocks", "invalid_view"}


class _Shown:
    """One modal: the number of the latest answer, and which state our answers led each state to."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.number = -1
        self.after: dict[str, str] = {}

    def newest(self, state: str | None) -> str | None:
        while state in self.after:
            state = self.after[state]
        return state


class Views:
    """A view is changed only as long as it shows what its question came from, or our own answers to earlier ones
    (`views.update` with `hash`): an answer that took long never covers the one to a later choice."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._shown: Remembered[str, _Shown] = Remembered(MOST)
        self._without_alerts: set[str] = set()

    async def open(
        self, screen: Screen, origin: Origin, window: Window, token: str, workspace: str, seconds: float
    ) -> None:
        """Raises `NotDelivered` and `Refused`."""

        async def call(view: Json) -> None:
            asked = self._api.client(token).views_open(trigger_id=window.trigger, view=view)
            await self._api.run("views.open", asked, seconds)

        await self._drawn(screen, origin, workspace, call)

    async def update(
        self,
        screen: Screen,
        origin: Origin,
        window: Window,
        token: str,
        workspace: str,
        number: int,
        seconds: float | None = None,
    ) -> None:
        """Does nothing where the view shows something later. Raises `NotDelivered` and `Refused`."""
        view_ref = window.view_ref
        assert view_ref is not None
        shown = self._shown.get(view_ref) or _Shown()
        self._shown.put(view_ref, shown)

        async def call(view: Json) -> None:
            state = shown.newest(window.view_state)
            given = {} if state is None else {"hash": state}
            asked = self._api.client(token).views_update(view_id=view_ref, view=view, **given)
            answer = await self._api.run("views.update", asked, seconds)
            became = (answer.get("view") or {}).get("hash")
            if state is not None and isinstance(became, str) and became not in shown.after:
                shown.after[state] = became

        async with shown.lock:
            if shown.number > number:
                return
            shown.number = number
            try:
                await self._drawn(screen, origin, workspace, call)
            except Refused as refused:
                if refused.code != "hash_conflict":
                    raise
                log.info("slack.overtaken", extra={"ids": {"view": view_ref}})

    async def _drawn(self, screen: Screen, origin: Origin, workspace: str, call: Any) -> None:
        """Once more without alerts where a workspace does not take them yet, and from then on never with them."""
        alerts = workspace not in self._without_alerts
        try:
            await call(modal.modal(screen, origin, alerts=alerts))
        except Refused as refused:
            if not alerts or refused.code not in NOT_DRAWN or not modal.has_alerts(screen):
                raise
            await call(modal.modal(screen, origin, alerts=False))
            self._without_alerts.add(workspace)
