"""Renews a workspace's bot token: one process at a time asks Slack, under a lease, and what it answers is written as
long as the refresh token that was used is still the workspace's."""

import secrets
from datetime import datetime

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.practice.workspaces import Renewal, WorkspaceState
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import tell_owners
from storage.engine import Tx
from storage.instants import to_epoch
from storage.journal import audit, leases
from storage.practice import workspaces

SECONDS = 30
"""Longer than a call to Slack may take, and the writing of what it answered."""


def claim(tx: Tx, team_ref: str, before: datetime) -> Renewal | None:
    """The right to renew a token that ends by then, of one process at a time. None where another has it, or where there
    is nothing to renew (any more): Slack ends the oldest of three tokens, which others may still use."""
    found = workspaces.find(tx, team_ref, to_change=True)  # and the lease after it: who waits reads the newest
    if found is None or found.state is not WorkspaceState.ACTIVE or not found.ends_by(before):
        return None
    owner = secrets.token_hex(8)
    epoch = leases.acquire(tx, _lease(team_ref), owner, SECONDS)
    if epoch is None or found.refresh_token is None:
        return None
    return Renewal(team_ref, found.refresh_token, owner, epoch)


def keep(tx: Tx, renewal: Renewal, token: str, refresh_token: str, ends_at: datetime) -> bool:
    """Write what Slack answered; False, and nothing, where the app was installed anew or removed meanwhile.

    The lease may have ended: Slack takes a refresh token once, so nobody else was given what leads on from it.
    """
    if not _is_newest(tx, renewal):
        return False
    workspaces.renew(tx, renewal.team_ref, token, refresh_token, ends_at)
    give_up(tx, renewal)
    return True


def lose(tx: Tx, renewal: Renewal, now: datetime) -> bool:
    """Slack does not take the refresh token (any more): owners are told once that the app has to be installed again.

    Only under the lease: without it, another process may have used that token and be about to write what came of it.
    """
    if not (_is_newest(tx, renewal) and leases.holds(tx, _lease(renewal.team_ref), renewal.owner, renewal.epoch)):
        return False
    workspaces.mark_lost(tx, renewal.team_ref, now)
    give_up(tx, renewal)
    subject, kind = Subject("workspace", renewal.team_ref), NoticeKind.WORKSPACE_LOST
    audit.write(
        tx, person_id=None, via="slack", act="workspace.token_lost", subject=subject, before=None, after=None, now=now
    )
    tell_owners(tx, kind, subject, address_of(kind), f"workspace-lost:{renewal.team_ref}:{to_epoch(now)}", now)
    return True


def give_up(tx: Tx, renewal: Renewal) -> None:
    """Let the next one try at once."""
    leases.release(tx, _lease(renewal.team_ref), renewal.owner, renewal.epoch)


def _is_newest(tx: Tx, renewal: Renewal) -> bool:
    found = workspaces.find(tx, renewal.team_ref, to_change=True)
    return found is not None and found.refresh_token == renewal.refresh_token


def _lease(team_ref: str) -> str:
    return f"slack-token:{team_ref}"
