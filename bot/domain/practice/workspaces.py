"""A Slack workspace that installed the app."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class WorkspaceState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"  # by the owner of the practice
    UNINSTALLED = "uninstalled"  # by the workspace


@dataclass(frozen=True)
class Workspace:
    """Refs are Slack's own ids (`T…`, `E…`, `U…`, `B…`); `token` is None once the app is uninstalled.

    With Slack's token rotation the token `ends_at` a time, and `refresh_token` leads to the next one, once. `lost_at`:
    when Slack refused that; then the app has to be installed again.
    """

    team_ref: str
    name: str | None
    token: str | None = field(repr=False)
    installed_at: datetime
    enterprise_ref: str | None = None
    bot_user_ref: str | None = None
    bot_ref: str | None = None
    installer_ref: str | None = None
    state: WorkspaceState = WorkspaceState.ACTIVE
    version: int = 1
    refresh_token: str | None = field(default=None, repr=False)
    ends_at: datetime | None = None
    lost_at: datetime | None = None

    def ends_by(self, moment: datetime) -> bool:
        """Whether its token ends by then, and can be exchanged for the next one."""
        renewable = self.refresh_token is not None and self.lost_at is None
        return renewable and self.ends_at is not None and self.ends_at <= moment


@dataclass(frozen=True)
class Renewal:
    """The right of one process to exchange this refresh token, begun under the lease with this epoch."""

    team_ref: str
    refresh_token: str = field(repr=False)
    owner: str
    epoch: int
