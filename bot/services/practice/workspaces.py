"""Records Slack workspaces: installed, closed by the owner, uninstalled and back again."""

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Platform, Profile, Unreachable
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.practice import Deployment
from bot.domain.practice.workspaces import Renewal, Workspace, WorkspaceState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note, tell_owners
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.notices.notice_planning import replan
from bot.services.practice import token_renewal
from storage.engine import CannotRead, Storage, Tx
from storage.instants import to_epoch
from storage.journal import audit, leases
from storage.notices import outbox
from storage.people import people, person_changes, roles
from storage.practice import workspaces

CACHE_SECONDS = 5.0
LATE_NEWS = timedelta(hours=3)
"""Slack repeats an event for minutes and may delay one for hours; a time further back is none of an event."""

HISTORY_SECONDS = 60  # Web API, conversations.history: one a minute for apps of many workspaces
UNINSTALLED = "uninstalled"
_UNKNOWN = datetime.fromtimestamp(0, UTC)  # when an app with the settings' token was installed


@dataclass(frozen=True)
class Installation:
    """What Slack hands over at the end of an installation. Refs are its own ids; `token` is the bot's."""

    team_ref: str
    team_name: str | None
    token: str = field(repr=False)
    enterprise_ref: str | None = None
    bot_user_ref: str | None = None
    bot_ref: str | None = None
    installer_ref: str | None = None
    refresh_token: str | None = field(default=None, repr=False)
    ends_at: datetime | None = None


class Workspaces:
    """`static_token` is the one of the settings: it serves every workspace that is not closed or uninstalled."""

    def __init__(self, storage: Storage, deployment: Deployment, static_token: str | None = None) -> None:
        self._storage = storage
        self._has_owner = deployment.has_owner
        self._static_token = static_token
        self._cache: dict[str, tuple[float, Workspace | None]] = {}

    async def all(self) -> list[Workspace]:
        """Workspaces in any state, in the order of their installation."""
        return await self._storage.read(workspaces.every)

    async def find(self, team_ref: str) -> Workspace | None:
        return await self._storage.read_one(lambda tx: workspaces.find(tx, team_ref))

    async def token_for(self, team_ref: str, enterprise_ref: str | None = None) -> Workspace | None:
        """The workspace with the token to speak with, or None: closed, uninstalled, or never installed.

        An installation for a whole organisation is kept under the organisation's id. What another process
        changes is seen after CACHE_SECONDS.
        """
        return await self._cached(team_ref) or (
            await self._cached(enterprise_ref) if enterprise_ref is not None else None
        )

    async def _cached(self, team_ref: str) -> Workspace | None:
        now = asyncio.get_running_loop().time()
        kept = self._cache.get(team_ref)
        if kept is None or now - kept[0] > CACHE_SECONDS:
            kept = (now, self._speaking(team_ref, await self._readable(team_ref)))
            self._cache[team_ref] = kept
        return kept[1]

    async def _readable(self, team_ref: str) -> Workspace | None:
        """None also where it cannot be read: with the settings' token nothing of it is needed, and who may speak there
        is asked again for each person."""
        try:
            return await self.find(team_ref)
        except CannotRead as met:
            self._storage.on_bad_rows([met.bad])
            return None

    def _speaking(self, team_ref: str, workspace: Workspace | None) -> Workspace | None:
        if workspace is None:
            if self._static_token is None:
                return None
            return Workspace(team_ref, None, self._static_token, _UNKNOWN)
        if workspace.state is not WorkspaceState.ACTIVE:
            return None
        if self._static_token is None:
            return workspace
        return replace(workspace, token=self._static_token, refresh_token=None, ends_at=None)

    async def newest(self, team_ref: str) -> Workspace | None:
        """As `token_for`, as the database has it now."""
        self._cache.pop(team_ref, None)
        return await self._cached(team_ref)

    async def ending(self, before: datetime) -> list[Workspace]:
        """Those whose token ends by then and can be renewed."""
        if self._static_token is not None:
            return []
        return await self._storage.read(lambda tx: workspaces.ending(tx, before))

    async def claim_renewal(self, team_ref: str, before: datetime) -> Renewal | None:
        """See `token_renewal`."""
        return await self._storage.write(lambda tx: token_renewal.claim(tx, team_ref, before))

    async def renewed(self, renewal: Renewal, token: str, refresh_token: str, ends_at: datetime) -> bool:
        return await self._storage.write(lambda tx: token_renewal.keep(tx, renewal, token, refresh_token, ends_at))

    async def token_lost(self, renewal: Renewal, now: datetime) -> bool:
        return await self._storage.write(lambda tx: token_renewal.lose(tx, renewal, now))

    async def give_up(self, renewal: Renewal) -> None:
        await self._storage.write(lambda tx: token_renewal.give_up(tx, renewal))

    async def may_read_history(self, team_ref: str) -> bool:
        """Whether no process looked for a message in this workspace in the last minute; who may is the one who does."""
        reader = secrets.token_hex(8)
        lease = f"history:{team_ref}"
        taken = await self._storage.write(lambda tx: leases.acquire(tx, lease, reader, HISTORY_SECONDS))
        return taken is not None

    async def installed(self, installation: Installation, now: datetime) -> WorkspaceState:
        """Keep an installation; the newest wins. Its people can be written to again, owners are told.

        A workspace that the owner closed stays closed. Without any owner the installer is told how to become one.
        """

        def work(tx: Tx) -> WorkspaceState:
            before = workspaces.find(tx, installation.team_ref)
            closed = before is not None and before.state is WorkspaceState.CLOSED
            state = WorkspaceState.CLOSED if closed else WorkspaceState.ACTIVE
            workspaces.save(tx, _workspace(installation, state, now))
            _note(tx, "workspace.installed", installation.team_ref, before, state, now)
            if closed:
                return state
            _revive(tx, installation.team_ref, now)
            if before is None or before.state is WorkspaceState.UNINSTALLED:
                key = f"workspace:{installation.team_ref}:{to_epoch(now)}"
                about, address = Subject("workspace", installation.team_ref), address_of(NoticeKind.WORKSPACE)
                tell_owners(tx, NoticeKind.WORKSPACE, about, address, key, now)
            if not self._has_owner and installation.installer_ref and not roles.owner_ids(tx):
                _tell_installer(tx, installation.team_ref, installation.installer_ref, now)
            return state

        state = await self._storage.write(work)
        self._cache.pop(installation.team_ref, None)
        return state

    async def gone(self, team_ref: str, now: datetime, at: datetime | None = None) -> None:
        """Record that the app was removed or its tokens revoked: nobody there can be written to. Bookings stay.

        Both events mean the same and may come in either order, alone, or twice. One that happened (`at`) before
        the newest installation is late news of the one before it.
        """

        def work(tx: Tx) -> None:
            before = workspaces.find(tx, team_ref)
            if before is not None and at is not None and before.installed_at - LATE_NEWS <= at < before.installed_at:
                return
            if before is None:
                # A workspace of the settings' token has no row until something happens to it.
                workspaces.save(tx, Workspace(team_ref, None, None, now, state=WorkspaceState.UNINSTALLED))
            elif before.state is WorkspaceState.ACTIVE:
                workspaces.set_state(tx, team_ref, WorkspaceState.UNINSTALLED)
            if before is None or before.state is WorkspaceState.ACTIVE:
                _note(tx, "workspace.uninstalled", team_ref, before, WorkspaceState.UNINSTALLED, now)
            _silence(tx, team_ref)

        await self._storage.write(work)
        self._cache.pop(team_ref, None)

    async def mark_working(self, team_ref: str, now: datetime) -> None:
        """The settings' token was accepted by this workspace: an app that was uninstalled is back."""

        def work(tx: Tx) -> None:
            before = workspaces.find(tx, team_ref)
            if before is not None and before.state is WorkspaceState.UNINSTALLED:
                workspaces.set_state(tx, team_ref, WorkspaceState.ACTIVE)
                _note(tx, "workspace.installed", team_ref, before, WorkspaceState.ACTIVE, now)
                _revive(tx, team_ref, now)

        await self._storage.write(work)
        self._cache.pop(team_ref, None)

    async def close(self, act: Act, team_ref: str) -> Done | Refusal:
        """Stop serving this workspace: nobody there is answered or written to. Bookings stay."""

        def work(tx: Tx) -> int | Refusal:
            before = workspaces.find(tx, team_ref)
            if not may(act.person, Permission.KEEP_WORKSPACES) or before is None:
                return NOT_FOUND
            if not workspaces.set_state(tx, team_ref, WorkspaceState.CLOSED):
                return Refusal(Code.CHANGED)
            _silence(tx, team_ref)
            note(tx, act, "workspace.closed", Subject("workspace", team_ref), {"state": before.state.value})
            return 1

        answer = await once(self._storage, act, work)
        self._cache.pop(team_ref, None)
        return answer

    async def reopen(self, act: Act, team_ref: str) -> Done | Refusal:
        """Serve a closed workspace again. CHANGED when it is not closed."""

        def work(tx: Tx) -> int | Refusal:
            before = workspaces.find(tx, team_ref)
            if not may(act.person, Permission.KEEP_WORKSPACES) or before is None:
                return NOT_FOUND
            if before.state is not WorkspaceState.CLOSED:
                return Refusal(Code.CHANGED)
            back = before.token is not None or self._static_token is not None
            workspaces.set_state(tx, team_ref, WorkspaceState.ACTIVE if back else WorkspaceState.UNINSTALLED)
            if back:
                _revive(tx, team_ref, act.now)
            note(tx, act, "workspace.reopened", Subject("workspace", team_ref))
            return 1

        answer = await once(self._storage, act, work)
        self._cache.pop(team_ref, None)
        return answer


def _workspace(installation: Installation, state: WorkspaceState, now: datetime) -> Workspace:
    return Workspace(
        team_ref=installation.team_ref,
        name=installation.team_name,
        token=installation.token,
        installed_at=now,
        enterprise_ref=installation.enterprise_ref,
        bot_user_ref=installation.bot_user_ref,
        bot_ref=installation.bot_ref,
        installer_ref=installation.installer_ref,
        state=state,
        refresh_token=installation.refresh_token,
        ends_at=installation.ends_at,
    )


def _silence(tx: Tx, team_ref: str) -> None:
    """Mark everybody in the workspace as unreachable; those without another account get nothing that waits."""
    for person_id in people.mark_workspace(tx, Platform.SLACK, team_ref, None, Unreachable.UNINSTALLED):
        if not any(each.verified and each.unreachable is None for each in people.accounts_of(tx, person_id)):
            outbox.cancel(tx, person_id=person_id, note=UNINSTALLED)


def _revive(tx: Tx, team_ref: str, now: datetime) -> None:
    """Mark its people as reachable again, and plan the reminders of their bookings."""
    for person_id in people.mark_workspace(tx, Platform.SLACK, team_ref, Unreachable.UNINSTALLED, None):
        person_changes.renew(tx, person_id)
        replan(tx, person_id, now)


def _tell_installer(tx: Tx, team_ref: str, installer_ref: str, now: datetime) -> None:
    profile = Profile(Platform.SLACK, team_ref, installer_ref, None, "")
    known = people.known(tx, Platform.SLACK, team_ref, installer_ref, now) or people.create(tx, profile, now)
    key = f"owners:{known.person.id}:{to_epoch(now)}"
    outbox.put(tx, Notice(key, known.person.id, NoticeKind.OWNERS, address_of(NoticeKind.OWNERS), now), now)


def _note(tx: Tx, what: str, team_ref: str, before: Workspace | None, state: WorkspaceState, now: datetime) -> None:
    was = None if before is None else {"state": before.state.value}
    audit.write(
        tx,
        person_id=None,
        via="slack",
        act=what,
        subject=Subject("workspace", team_ref),
        before=was,
        after={"state": state.value},
        now=now,
    )
