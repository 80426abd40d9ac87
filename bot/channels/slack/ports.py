"""The protocols that the Slack channel needs beside `bot.chat.channel.Front`."""

from datetime import datetime
from typing import Protocol

from bot.domain.practice.workspaces import Workspace, WorkspaceState
from bot.services.practice.workspaces import Installation


class WorkspaceDirectory(Protocol):
    """Where the app is installed. Every method may raise `StorageAway`."""

    async def token_for(self, team_ref: str, enterprise_ref: str | None = None) -> Workspace | None:
        """The workspace with the token to speak with; None where nobody is to be answered."""

    async def mark_working(self, team_ref: str, now: datetime) -> None:
        """Slack accepted the settings' token for this workspace."""

    async def may_read_history(self, team_ref: str) -> bool: ...

    async def installed(self, installation: Installation, now: datetime) -> WorkspaceState: ...
