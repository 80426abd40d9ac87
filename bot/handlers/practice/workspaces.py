"""Slack workspaces that installed the app: a list, and closing one that the practice does not serve."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import tappable
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.workspaces import Workspace, WorkspaceState
from bot.handlers.kit import failures, refusals
from bot.services.desk import Desk


async def everything(turn: Turn, desk: Desk) -> Screen:
    found = await desk.workspaces.all()
    lines = [Line(_("{name}: {state}", name=_name(each), state=_state(each))) for each in found]
    if not found:
        lines.append(Line(_("No workspace installed the app through its link.")))
    install = desk.sharing.of_practice().install
    if install is not None:
        lines += [Line(_("To add the app to another workspace:")), Line(tappable(install), Tone.STRONG)]
    rows: list[Row] = [(Button(_name(each), address("workspace", each.team_ref.lower())),) for each in found]
    return Screen(_("Slack workspaces"), tuple(lines), (*rows, (Button(_("Back"), "setup"),)))


def _name(workspace: Workspace) -> str:
    return workspace.name or workspace.team_ref


def _state(workspace: Workspace) -> str:
    if workspace.state is WorkspaceState.ACTIVE and workspace.lost_at is not None:
        return _("Slack ended the access: install the app there again")
    match workspace.state:
        case WorkspaceState.ACTIVE:
            return _("served")
        case WorkspaceState.CLOSED:
            return _("closed by you")
        case WorkspaceState.UNINSTALLED:
            return _("the app was removed there")


async def one(turn: Turn, desk: Desk, team: str) -> Screen:
    found = await _find(desk, team)
    if found is None:
        return failures.missing()
    lines = [
        Line(_state(found), Tone.STRONG),
        Line(_("Installed: {when}", when=tell.moment(found.installed_at, turn.zone)), Tone.QUIET),
    ]
    row: Row = (Button(_("All workspaces"), "workspaces"), Button(_("Setup"), "setup"))
    if found.state is WorkspaceState.CLOSED:
        reopen = turn.do("workspace", team, "reopen", stated=(found.version,))
        return Screen(_name(found), tuple(lines), ((Button(_("Serve it again"), reopen),), row))
    if _is_mine(turn, found):
        lines.append(Line(_("You are in this workspace. Closing it would shut you out, too.")))
        return Screen(_name(found), tuple(lines), (row,))
    lines.append(Line(_("Closed, nobody there is answered or written to. What is booked stays.")))
    close = turn.do("workspace", team, "close", stated=(found.version,))
    return Screen(_name(found), tuple(lines), ((Button(_("Close workspace"), close, Style.DANGER),), row))


def _is_mine(turn: Turn, workspace: Workspace) -> bool:
    return turn.account.workspace == workspace.team_ref


async def close(turn: Turn, desk: Desk, team: str) -> Screen | Redirect:
    found = await _find(desk, team)
    if found is None or _is_mine(turn, found):
        return failures.missing()
    turn.require(found.version)
    act = turn.act(address("workspace", team))
    return refusals.or_next(turn, await desk.workspaces.close(act, found.team_ref), "workspaces", _("Closed."))


async def reopen(turn: Turn, desk: Desk, team: str) -> Screen | Redirect:
    found = await _find(desk, team)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    act = turn.act(address("workspace", team))
    outcome = await desk.workspaces.reopen(act, found.team_ref)
    return refusals.or_next(turn, outcome, "workspaces", _("Served again."))


async def _find(desk: Desk, team: str) -> Workspace | None:
    """Slack writes its ids in capitals, addresses are written in small letters."""
    return await desk.workspaces.find(team.upper())


ROUTES: tuple[Route, ...] = (
    show("workspaces", everything, permission=Permission.KEEP_WORKSPACES),
    show("workspace/{team:word}", one, permission=Permission.KEEP_WORKSPACES),
    do("workspace/{team:word}/close", close, back="workspace/{team:word}", permission=Permission.KEEP_WORKSPACES),
    do("workspace/{team:word}/reopen", reopen, back="workspace/{team:word}", permission=Permission.KEEP_WORKSPACES),
)
