"""Invitations to coach: single-use, for seven days, by a link or a short code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Person, Platform
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.client_limits import Limit
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.invitations import Invitation
from bot.domain.practice.practice import Deployment
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.domain.tokens import INVITATION
from bot.services.kit import limits
from bot.services.kit.audit_note import note, tell_owners
from bot.services.kit.drawn_letters import draw
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.offers import launch
from bot.services.team import joining
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import people
from storage.practice import coaches, invitations, practice

LIFETIME = timedelta(days=7)
CODE_LETTERS = 10  # 50 bits, guessed a few times in ten minutes: see `client_limits`
LINK_DEAD = Refusal(Code.LINK_DEAD)
_ZONE = "UTC"


@dataclass(frozen=True)
class Invited:
    """`token` is a start payload and an address segment, `code` is typed; both are shown once and work once."""

    id: int
    token: str = field(repr=False)
    code: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be picked to coach."""

    account_id: int
    platform: Platform
    name: str


def normal(typed: str) -> str:
    """A token or a code as it was typed, in the one form that is hashed."""
    text = re.sub(r"\s", "", typed).lower()
    return text if text.startswith(INVITATION.prefix) else text.replace("-", "")


class Invitations:
    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._deployment = deployment

    async def invite(self, act: Act, account_id: int | None = None) -> Invited | Done | Refusal:
        """A new invitation: for whoever has the link or the code, or for one account, whose person is told.

        `Done` at a second delivery of the same update: the token was shown, and is not known any more.
        """
        token, code = INVITATION.prefix + draw(INVITATION.length), draw(CODE_LETTERS)
        expires = act.now + LIFETIME

        def work(tx: Tx) -> int | Refusal:
            account = None if account_id is None else people.find_account(tx, account_id)
            if not may(act.person, Permission.KEEP_TEAM) or (account_id is not None and account is None):
                return NOT_FOUND
            made = invitations.create(
                tx, token, code=code, made_by=act.person.id, now=act.now, expires_at=expires, account_id=account_id
            )
            about = Subject("invitation", made)
            note(tx, act, "invitation.made", about, after={"account": account_id})
            if account is not None:
                address, key = address_of(NoticeKind.INVITATION, made), f"invitation:{made}"
                told = Notice(key, account.person_id, NoticeKind.INVITATION, address, act.now, expires, about)
                outbox.put(tx, told, act.now)
            return made

        answer = await once(self._storage, act, work)
        if isinstance(answer, Refusal):
            return answer
        made = await self._storage.read(lambda tx: invitations.of_token(tx, token))
        return answer if made is None else Invited(made.id, token, code, expires)

    async def invitations(self, now: datetime) -> list[Invitation]:
        """Invitations that can still be used, oldest first."""
        return await self._storage.read(lambda tx: invitations.still_open(tx, now))

    async def candidates(self, person: Person, skip: int, most: int) -> list[Candidate]:
        """Others who wrote before, can be written to and are no coaches: who was heard of last first.

        At most `most`, after the first `skip`.
        """
        found = await self._storage.read(lambda tx: people.no_coaches(tx, but=person.id, skip=skip, most=most))
        return [Candidate(account.id, account.platform, invited.name) for account, invited in found]

    async def names(self, invitations: Sequence[Invitation]) -> dict[int, str]:
        """The names of people who were picked, by account."""
        wanted = [each.account_id for each in invitations if each.account_id is not None]
        return await self._storage.read(lambda tx: people.names_by_account(tx, wanted))

    async def revoke(self, act: Act, invitation_id: int) -> Done | Refusal:
        """Make an invitation useless. LINK_DEAD when it was used or revoked before."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.KEEP_TEAM):
                return NOT_FOUND
            if not invitations.revoke(tx, invitation_id, act.now):
                return LINK_DEAD
            note(tx, act, "invitation.revoked", Subject("invitation", invitation_id))
            return invitation_id

        return await once(self._storage, act, work)

    async def by_token(self, person: Person, token: str, now: datetime) -> Invitation | None:
        """The invitation of a token or a code, if this person can accept it; looking does not use it up."""

        def work(tx: Tx) -> Invitation | None:
            found = invitations.of_token(tx, normal(token))
            return found if found is not None and _is_for(tx, found, person, now) else None

        return await self._storage.read(work)

    async def for_person(self, person: Person, invitation_id: int, now: datetime) -> Invitation | None:
        """The invitation that this person was picked for, while it can be accepted."""

        def work(tx: Tx) -> Invitation | None:
            found = invitations.find(tx, invitation_id)
            picked = found is not None and found.account_id is not None and _is_for(tx, found, person, now)
            return found if picked else None

        return await self._storage.read(work)

    async def shown(self, person: Person, invitation_id: int, now: datetime) -> Invitation | None:
        """The invitation, if this person, who has shown its token, can accept it."""

        def work(tx: Tx) -> Invitation | None:
            found = invitations.find(tx, invitation_id)
            return found if found is not None and _is_for(tx, found, person, now) else None

        return await self._storage.read(work)

    async def accept(self, act: Act, token: str) -> Done | Refusal:
        """Become a coach by a token or a code. `{id}` is the coach. LINK_DEAD when it cannot be used by this person.

        Who is a coach already stays one, and the invitation stays unused. Each try counts before it is looked at, so
        that many at once are no more than one after the other: LIMIT after too many that led nowhere, also for one
        that would not.
        """
        counted = await self._storage.write(lambda tx: limits.refusal(tx, act, Limit.WRONG_CODES))
        if counted is not None:
            return counted

        def work(tx: Tx) -> int | Refusal:
            accepted = self._accept(tx, act, invitations.of_token(tx, normal(token)))
            if not isinstance(accepted, Refusal):
                limits.clear(tx, act, Limit.WRONG_CODES)
            return accepted

        return await once(self._storage, act, work)

    async def accept_picked(self, act: Act, invitation_id: int) -> Done | Refusal:
        """As `accept`, by whoever was picked for this invitation."""

        def work(tx: Tx) -> int | Refusal:
            found = invitations.find(tx, invitation_id)
            return self._accept(tx, act, None if found is None or found.account_id is None else found)

        return await once(self._storage, act, work)

    async def accept_shown(self, act: Act, invitation_id: int) -> Done | Refusal:
        """As `accept`, by whoever has shown the token before: that they did is for the caller to know."""
        return await once(self._storage, act, lambda tx: self._accept(tx, act, invitations.find(tx, invitation_id)))

    def _accept(self, tx: Tx, act: Act, invitation: Invitation | None) -> int | Refusal:
        if invitation is None or not _is_for(tx, invitation, act.person, act.now):
            return LINK_DEAD
        coach = coaches.of_person(tx, act.person.id)
        if coach is not None and coach.state is not CoachState.REMOVED:
            return coach.id
        if not invitations.use(tx, invitation.id, act.person.id, act.now):
            return LINK_DEAD
        coach_id = joining.make_coach(tx, act, act.person.zone or practice.get(tx).zone or _ZONE)
        joining.take_up_offers(tx, coach_id)
        note(tx, act, "invitation.used", Subject("invitation", invitation.id), after={"coach": coach_id})
        key = f"joined:{coach_id}:{invitation.id}"
        about, address = Subject("coach", coach_id), address_of(NoticeKind.COACH_JOINED, coach_id)
        tell_owners(tx, NoticeKind.COACH_JOINED, about, address, key, act.now, but=act.person.id)
        launch.open_if_ready(tx, act, self._deployment)
        return coach_id


def _is_for(tx: Tx, invitation: Invitation, person: Person, now: datetime) -> bool:
    if invitation.purpose != "coach" or not invitation.open(now):
        return False
    if invitation.account_id is None:
        return True
    return any(account.id == invitation.account_id for account in people.accounts_of(tx, person.id))
