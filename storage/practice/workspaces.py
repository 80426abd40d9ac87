"""Slack workspaces that installed the app."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.practice.workspaces import Workspace, WorkspaceState
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import oauth_states, workspaces
from storage.tx import Tx

_NAME, _TOKEN, _REFRESH = "workspaces.name_sealed", "workspaces.token_sealed", "workspaces.refresh_sealed"


def save(tx: Tx, workspace: Workspace) -> None:
    """Keep a workspace, new or installed again; the version grows."""
    values = {
        "enterprise_ref": workspace.enterprise_ref,
        "name_sealed": _sealed(tx, workspace.name, _NAME, workspace.team_ref),
        "token_sealed": _sealed(tx, workspace.token, _TOKEN, workspace.team_ref),
        "bot_user_ref": workspace.bot_user_ref,
        "bot_ref": workspace.bot_ref,
        "installer_ref": workspace.installer_ref,
        "state": workspace.state.value,
        "installed_at": to_epoch(workspace.installed_at),
        "refresh_sealed": _sealed(tx, workspace.refresh_token, _REFRESH, workspace.team_ref),
        "token_ends_at": None if workspace.ends_at is None else to_epoch(workspace.ends_at),
        "token_lost_at": None,
    }
    made = tx.upsert(workspaces).values(team_ref=workspace.team_ref, **values)
    changed = {**values, "version": workspaces.c.version + 1}
    tx.execute(made.on_conflict_do_update(index_elements=["team_ref"], set_=changed))


def find(tx: Tx, team_ref: str, *, to_change: bool = False) -> Workspace | None:
    """The workspace in any state; `to_change` holds it until the transaction ends."""
    wanted = sa.select(workspaces).where(workspaces.c.team_ref == team_ref)
    return read_if(tx, WORKSPACES, tx.execute(wanted.with_for_update() if to_change else wanted).first())


def every(tx: Tx) -> list[Workspace]:
    """All workspaces in any state, in the order of their installation."""
    ordered = sa.select(workspaces).order_by(workspaces.c.installed_at, workspaces.c.team_ref)
    return read_each(tx, WORKSPACES, tx.execute(ordered))


def set_state(tx: Tx, team_ref: str, state: WorkspaceState) -> bool:
    """Change the state, True if it changed. The token of an uninstalled app is removed."""
    change = sa.update(workspaces).where(workspaces.c.team_ref == team_ref, workspaces.c.state != state.value)
    values: dict[str, object] = {"state": state.value, "version": workspaces.c.version + 1}
    if state is WorkspaceState.UNINSTALLED:
        values |= {"token_sealed": None, "refresh_sealed": None, "token_ends_at": None, "token_lost_at": None}
    return tx.execute(change.values(**values)).rowcount == 1


def ending(tx: Tx, before: datetime) -> list[Workspace]:
    """Active ones whose token ends by then and can be renewed."""
    due = sa.select(workspaces).where(
        workspaces.c.state == WorkspaceState.ACTIVE.value,
        workspaces.c.refresh_sealed.is_not(None),
        workspaces.c.token_lost_at.is_(None),
        workspaces.c.token_ends_at <= to_epoch(before),
    )
    return read_each(tx, WORKSPACES, tx.execute(due.order_by(workspaces.c.token_ends_at)))


def renew(tx: Tx, team_ref: str, token: str, refresh_token: str, ends_at: datetime) -> None:
    """The next token, and the refresh token that leads on from it. Nothing is lost then, whatever was thought."""
    values = {
        "token_sealed": _sealed(tx, token, _TOKEN, team_ref),
        "refresh_sealed": _sealed(tx, refresh_token, _REFRESH, team_ref),
        "token_ends_at": to_epoch(ends_at),
        "token_lost_at": None,
    }
    tx.execute(sa.update(workspaces).where(workspaces.c.team_ref == team_ref).values(**values))


def mark_lost(tx: Tx, team_ref: str, now: datetime) -> None:
    """Its token cannot be renewed any more."""
    tx.execute(sa.update(workspaces).where(workspaces.c.team_ref == team_ref).values(token_lost_at=to_epoch(now)))


def forget_oauth_states(tx: Tx, before: datetime) -> int:
    """Remove states that expired before then; returns how many. Only the version before this one keeps any."""
    return tx.execute(sa.delete(oauth_states).where(oauth_states.c.expires_at < to_epoch(before))).rowcount


def _workspace(tx: Tx, row: sa.Row[*tuple[object, ...]]) -> Workspace:
    check(workspaces, row)
    values = dict(row._mapping)
    name, token = values.pop("name_sealed"), values.pop("token_sealed")
    values["name"] = None if name is None else tx.sealer.open(name, _NAME, values["team_ref"])
    values["token"] = None if token is None else tx.sealer.open(token, _TOKEN, values["team_ref"])
    refresh = values.pop("refresh_sealed")
    values["refresh_token"] = None if refresh is None else tx.sealer.open(refresh, _REFRESH, values["team_ref"])
    for name, column in (("ends_at", "token_ends_at"), ("lost_at", "token_lost_at")):
        at = values.pop(column)
        values[name] = None if at is None else from_epoch(at)
    values["state"] = known(WorkspaceState, values["state"])
    values["installed_at"] = from_epoch(values["installed_at"])
    return Workspace(**values)


WORKSPACES = Reader(sa.select(workspaces), workspaces.c.team_ref, _workspace, "team_ref")


def _sealed(tx: Tx, text: str | None, column: str, team_ref: str) -> str | None:
    return None if text is None else tx.sealer.seal(text, column, team_ref)
