"""Installations of the Slack app, in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.practice.workspaces import Renewal, Workspace, WorkspaceState
from bot.services.practice.workspaces import Installation
from storage.engine import StorageAway

LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass
class Workspaces:
    """Installations in memory; `own` is the token of the settings."""

    own: str | None = None
    known: dict[str, Workspace] = field(default_factory=dict)
    installed_ones: list[Installation] = field(default_factory=list)
    worked: list[str] = field(default_factory=list)
    away: bool = False
    read_lately: bool = False

    async def token_for(self, team_ref: str, enterprise_ref: str | None = None) -> Workspace | None:
        if self.away:
            raise StorageAway("gone fishing")
        found = self.known.get(team_ref) or self.known.get(enterprise_ref or "")
        if found is not None:
            return found if found.state is WorkspaceState.ACTIVE else None
        return None if self.own is None else Workspace(team_ref, None, self.own, LONG_AGO)

    async def mark_working(self, team_ref: str, now: datetime) -> None:
        self.worked.append(team_ref)
        if self.known[team_ref].state is WorkspaceState.UNINSTALLED:
            del self.known[team_ref]

    async def may_read_history(self, team_ref: str) -> bool:
        return not self.read_lately

    async def newest(self, team_ref: str) -> Workspace | None:
        return await self.token_for(team_ref)

    async def ending(self, before: datetime) -> list[Workspace]:
        return []

    async def claim_renewal(self, team_ref: str, before: datetime) -> Renewal | None:
        return None

    async def renewed(self, renewal: Renewal, token: str, refresh_token: str, ends_at: datetime) -> bool:
        return False

    async def token_lost(self, renewal: Renewal, now: datetime) -> bool:
        return False

    async def give_up(self, renewal: Renewal) -> None:
        return None

    async def installed(self, installation: Installation, now: datetime) -> WorkspaceState:
        self.installed_ones.append(installation)
        known = self.known.get(installation.team_ref)
        if known is not None and known.state is WorkspaceState.CLOSED:
            return known.state
        team = installation.team_ref
        self.known[team] = Workspace(team, installation.team_name, installation.token, now)
        return WorkspaceState.ACTIVE
