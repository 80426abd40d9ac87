"""Finds the bot token of a workspace."""

from bot.channels.slack.api import Api, Json, Refused
from bot.channels.slack.ports import WorkspaceDirectory
from bot.channels.slack.renewal import Renewals
from bot.chat.channel import NotDelivered
from bot.chat.remembered import Remembered
from bot.clock import Clock

AGAIN_SECONDS = 30.0
ANSWER_SECONDS = 1.0


class Tokens:
    """`own` is the token of the settings, which needs no installation: it is asked whom it serves."""

    def __init__(
        self, api: Api, workspaces: WorkspaceDirectory, own: str | None, renewals: Renewals, clock: Clock
    ) -> None:
        self._api = api
        self._workspaces = workspaces
        self._own = own
        self._renewals = renewals
        self._clock = clock
        self._asked: Remembered[str, float] = Remembered(1000)
        self._home: set[str] | None = None

    @property
    def reads_history(self) -> bool:
        """Whether histories may be read at will: for apps of many workspaces Slack allows one a minute."""
        return self._own is not None

    async def of(self, workspace: str, enterprise: str | None = None) -> str | None:
        """None where nobody is to be answered: not installed, removed, or closed by the owner."""
        found = await self._workspaces.token_for(workspace, enterprise)
        if found is None and self._own is not None and await self._is_back(workspace):
            found = await self._workspaces.token_for(workspace, enterprise)
        return None if found is None else (await self._renewals.fresh(found)).token

    async def _is_back(self, workspace: str) -> bool:
        """No event tells of a new installation of a single-token app; the token works again, and Slack says so."""
        now = self._clock.monotonic()
        if now - (self._asked.get(workspace) or -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        self._asked.put(workspace, now)
        try:
            said = await self.introduce(ANSWER_SECONDS)
        except (NotDelivered, Refused):
            return False
        if workspace not in (said.get("team_id"), said.get("enterprise_id")):
            return False
        await self._workspaces.mark_working(workspace, self._clock.now())
        return True

    async def serves(self, workspace: str, enterprise: str | None = None) -> bool:
        """False where the settings' token belongs to another workspace: a signed event of a foreign one is not ours.

        True as long as Slack does not say whose it is.
        """
        if self._own is None:
            return True
        if self._home is None:
            try:
                said = await self.introduce(ANSWER_SECONDS)
            except (NotDelivered, Refused):
                return True
            self._home = {str(said[name]) for name in ("team_id", "enterprise_id") if said.get(name)}
        return not self._home or workspace in self._home or enterprise in self._home

    async def introduce(self, seconds: float) -> Json:
        """`auth.test` with the settings' token."""
        return await self._api.run("auth.test", self._api.client(self._own).auth_test(), seconds)
