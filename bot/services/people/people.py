"""Persons and their accounts: made at the first word, kept up to date, and changed by what they choose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.reminders import ReminderKind, without
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.conversations import Conversation
from bot.domain.people.names import shown_name
from bot.domain.people.people import Account, Person, Profile, Role, Unreachable
from bot.domain.people.zones import is_zone, keep_the_same_time
from bot.domain.practice.workspaces import WorkspaceState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.idempotent import once
from bot.services.notices.notice_planning import replan
from bot.services.people import owners
from bot.services.people.owners import OwnerChange, OwnerRef
from bot.services.people.profile_news import LANGUAGE_LENGTH, is_account_news, person_news, usable
from storage.engine import Storage, StorageAway, Tx
from storage.instants import to_epoch
from storage.notices import outbox
from storage.people import people, person_changes, roles
from storage.people.people import Known
from storage.practice import coaches, workspaces

MAX_LEADS = 5
LONGEST_LEAD_MIN = 30 * 1440


@dataclass(frozen=True)
class Met:
    """The person who wrote. `new`: it was their first word. `led_to`: where an act of the same update led before.

    `generation` is that of the catalogue, as it was read at the same moment.
    """

    person: Person
    account: Account
    conversation: Conversation
    new: bool
    led_to: str | None = None
    generation: int | None = None


class People:
    """`named` are the owners of the settings: owners from their first word."""

    def __init__(self, storage: Storage, named: Sequence[OwnerRef] = ()) -> None:
        self._storage = storage
        self._owners = frozenset(named)

    async def meet(self, profile: Profile, now: datetime, key: str = "") -> Met | None:
        """The person of this profile; made at the first word, by whichever update (`key`) comes first.

        None in a workspace that the owner closed: nobody there is answered, or made known.
        Empty `name`, and None elsewhere, are what the platform did not say. A zone that the person has is not
        touched: see `follow_profile`.
        """

        def look(tx: Tx) -> Known | None:
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now, key)
            if known is None or known.closed or self._news(tx, known, profile, now):
                return None
            return known

        known = await self._storage.read_one(look)
        if known is not None:
            return _met(known, new=False)
        try:
            return await self._storage.write(lambda tx: self._meet(tx, profile, now, key))
        except StorageAway:
            return await self._as_before(profile, now, key)

    async def _as_before(self, profile: Profile, now: datetime, key: str) -> Met | None:
        """As they were known before, where nothing can be written but much be read. Raises `StorageAway`."""

        def look(tx: Tx) -> Known:
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now, key)
            if known is None or self._owes_a_role(tx, known, profile):
                raise StorageAway("who this is must be written down first")
            return known

        known = await self._storage.read(look)
        return None if known.closed else _met(known, new=False)

    def _meet(self, tx: Tx, profile: Profile, now: datetime, key: str) -> Met | None:
        known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now, key)
        if known.closed if known is not None else _is_closed(tx, profile):
            return None
        new = known is None
        if known is None:
            named = replace(profile, name=shown_name(profile.name, profile.user_ref))
            known = people.create(tx, usable(named), now, key)
        if self._follow(tx, known, profile, now):  # what was read is no longer so
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now, key)
            assert known is not None
        return _met(known, new=new)

    def _follow(self, tx: Tx, known: Known, profile: Profile, now: datetime) -> bool:
        """Keep what a word with this profile says of its person; whether anything changed."""
        seen = is_account_news(known, profile, now)
        if seen:
            person_changes.note_seen(tx, known.account.id, profile.chat_ref, now)
        news = person_news(known.person, usable(profile))
        if news is not None:
            person_changes.follow(tx, known.person.id, news)
        return self._follow_owners(tx, known.person, profile, now) or seen or news is not None

    def _news(self, tx: Tx, known: Known, profile: Profile, now: datetime) -> bool:
        return bool(
            is_account_news(known, profile, now)
            or person_news(known.person, usable(profile))
            or self._owes_a_role(tx, known, profile)
        )

    def _owes_a_role(self, tx: Tx, known: Known, profile: Profile) -> bool:
        """Whether this person has the role of an owner and is not named, or the other way round."""
        return owners.is_named(tx, self._owners, known.person, profile) != (Role.OWNER in known.person.roles)

    def _follow_owners(self, tx: Tx, person: Person, profile: Profile, now: datetime) -> bool:
        """Whether that changed whether this person is an owner."""
        named = owners.is_named(tx, self._owners, person, profile)
        if named == (Role.OWNER in person.roles) or not owners.are_todays(tx, self._owners):
            return False
        return owners.put(tx, person.id, profile.platform.value, now, named=named)

    async def compare_owners(self, now: datetime) -> list[OwnerChange]:
        """At the start of a process: whom OWNERS no longer names is no owner from here on, in every process."""
        if not await self._storage.read(lambda tx: owners.differ(tx, self._owners)):
            return []
        return await self._storage.write(lambda tx: owners.compare(tx, self._owners, now))

    async def former_owners(self, now: datetime) -> list[OwnerChange]:
        """Whom OWNERS does not name: who still has the role until the next start, and who lost it lately."""
        return await self._storage.read(
            lambda tx: [*owners.unnamed(tx, self._owners), *owners.withdrawn_lately(tx, now)]
        )

    async def find(self, person_id: int) -> Person | None:
        return await self._storage.read_one(lambda tx: people.find(tx, person_id))

    async def accounts(self, person_id: int) -> list[Account]:
        """Reachable ones first, then the one last heard of."""
        return await self._storage.read_one(lambda tx: people.accounts_of(tx, person_id))

    async def owners(self) -> list[Person]:
        """Owners who wrote at least once, the first one first."""

        def work(tx: Tx) -> list[Person]:
            ids = roles.owner_ids(tx)
            found = {person.id: person for person in people.find_many(tx, ids)}
            return [found[person_id] for person_id in ids if person_id in found]

        return await self._storage.read(work)

    async def set_zone(self, act: Act, zone: str, source: str = "changed") -> Done | Refusal:
        """The zone (IANA name) in which the person reads times. `source`: slack, asked or changed.

        A coach without any hours works in it, too; hours that exist keep the zone they were meant in.
        """

        def work(tx: Tx) -> int | Refusal:
            if not is_zone(zone):
                return Refusal(Code.CONTRADICTION, "zone")
            person_changes.set_zone(tx, act.person.id, zone, source)
            coach = coaches.of_person(tx, act.person.id)
            if coach is not None and not coach.schedule.has_hours():
                coaches.set_zone(tx, coach.id, zone)
            replan(tx, act.person.id, act.now)  # quiet hours are those of the new zone
            return act.person.id

        return await once(self._storage, act, work)

    async def set_language(self, act: Act, language: str) -> Done | Refusal:
        """Set the language that the person chose; from now on the platform's does not change it."""

        def work(tx: Tx) -> int:
            person_changes.choose_language(tx, act.person.id, language[:LANGUAGE_LENGTH])
            return act.person.id

        return await once(self._storage, act, work)

    async def set_reminders(self, act: Act, leads: Sequence[int] | None, on: bool) -> Done | Refusal:
        """Which reminders to get, in minutes before the start, or (None) the usual ones; of sessions that are
        booked already, too.

        CONTRADICTION (`leads`) for more than MAX_LEADS, none at all though `on`, or one longer than 30 days.
        """
        wanted = tuple(sorted(set(leads or ()), reverse=True))

        def work(tx: Tx) -> int | Refusal:
            if len(wanted) > MAX_LEADS or (on and not wanted and leads is not None):
                return Refusal(Code.CONTRADICTION, "leads")
            if not all(0 < lead <= LONGEST_LEAD_MIN for lead in wanted):
                return Refusal(Code.CONTRADICTION, "leads")
            person_changes.set_reminders(tx, act.person.id, wanted, on=on)
            replan(tx, act.person.id, act.now)
            return act.person.id

        return await once(self._storage, act, work)

    async def stop_reminders(
        self, act: Act, kind: ReminderKind | None = None, *, resume: bool = False
    ) -> Done | Refusal:
        """Send none of this kind, or none at all; with `resume` those of this kind again."""

        def work(tx: Tx) -> int:
            person = people.find(tx, act.person.id)
            stopped = None if kind is None or person is None else without(person, kind).stopped
            if resume and stopped is not None:
                stopped = tuple(each for each in stopped if each != kind)
            person_changes.stop_reminders(tx, act.person.id, stopped)
            replan(tx, act.person.id, act.now)
            return act.person.id

        return await once(self._storage, act, work)

    async def reachable(self, profile: Profile, why_not: Unreachable | None, now: datetime) -> None:
        """Record that the person can, or cannot, be written to. A stranger gets no account by it."""

        def work(tx: Tx) -> None:
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now)
            if known is not None and known.account.unreachable is not why_not:
                person_changes.set_unreachable(tx, known.account.id, why_not)

        await self._storage.write(work)

    async def follow_profile(self, profile: Profile, now: datetime) -> None:
        """The platform says that a profile changed. Name and language follow; a new zone is offered, once."""

        def work(tx: Tx) -> None:
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, now)
            if known is None:
                return
            person = known.person
            if news := person_news(person, usable(profile)):
                person_changes.follow(tx, person.id, news)
            zone = usable(profile).zone
            if zone is None or zone == known.platform_zone:
                return
            person_changes.set_platform_zone(tx, known.account.id, zone)
            if person.zone is not None and not keep_the_same_time(person.zone, zone, to_epoch(now)):
                key = f"zone:{known.account.id}:{to_epoch(now)}"
                address, about = address_of(NoticeKind.ZONE_CHANGED), Subject("person", person.id)
                outbox.put(tx, Notice(key, person.id, NoticeKind.ZONE_CHANGED, address, now, subject=about), now)

        await self._storage.write(work)

    async def offered_zone(self, person: Person, now: datetime) -> str | None:
        """The zone of the person's profile, where its clock is not the one that messages are written in."""

        def work(tx: Tx) -> str | None:
            zones = people.platform_zones(tx, person.id)
            mine = person.zone
            return next((z for z in zones if mine is None or not keep_the_same_time(mine, z, to_epoch(now))), None)

        return await self._storage.read(work)


def _is_closed(tx: Tx, profile: Profile) -> bool:
    if not profile.workspace:
        return False
    workspace = workspaces.find(tx, profile.workspace)
    return workspace is not None and workspace.state is WorkspaceState.CLOSED


def _met(known: Known, *, new: bool) -> Met:
    return Met(known.person, known.account, known.conversation, new, known.led_to, known.generation)
