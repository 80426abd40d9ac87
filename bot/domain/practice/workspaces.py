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
    """Refs are Slack's own ids (`T…`, `E…`, `U…`, `B…`); `token` is None once the app is uninstalled."""

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
