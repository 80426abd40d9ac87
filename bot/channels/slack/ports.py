"""The protocols that the Slack channel needs beside `bot.chat.channel.Front`."""

from datetime import datetime
from typing import Protocol

from bot.domain.practice.workspaces import Renewal, Workspace, WorkspaceState
from bot.services.practice.workspaces import Installation


class WorkspaceDirectory(Protocol):
    """Where the app is installed. Every method may raise `StorageAway`."""

    async def token_for(self, team_ref: str, enterprise_ref: str | None = None) -> Workspace | None:
        """The workspace with the token to speak with; None where nobody is to be answered."""

    async def mark_working(self, team_ref: str, now: datetime) -> None:
        """Slack accepted the settings' token for this workspace."""

    async def may_read_history(self, team_ref: str) -> bool: ...

    async def newest(self, team_ref: str) -> Workspace | None:
        """As `token_for`, past every cache."""

    async def ending(self, before: datetime) -> list[Workspace]:
        """Workspaces whose token ends by then and can be renewed."""

    async def claim_renewal(self, team_ref: str, before: datetime) -> Renewal | None:
        """The right to renew a token that ends by then; None while another process has it, or when it was renewed."""

    async def renewed(self, renewal: Renewal, token: str, refresh_token: str, ends_at: datetime) -> bool:
        """Keep what Slack answered; False where the app was installed anew or removed meanwhile."""

    async def token_lost(self, renewal: Renewal, now: datetime) -> bool:
        """Slack refused the refresh token: owners are told once."""

    async def give_up(self, renewal: Renewal) -> None:
        """It did not come about; the next one may try."""

    async def installed(self, installation: Installation, now: datetime) -> WorkspaceState: ...
