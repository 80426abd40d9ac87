"""Two persons turn out to be one: what was written for either is found for the one who survives."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bot.domain.people.people import Person, Platform, Profile, Role
from storage.bookings import bookings, clients, messages, sessions, standing, waits
from storage.engine import Storage, Tx
from storage.journal import audit, drafts
from storage.notices import outbox, outbox_claims
from storage.people import homes, people, person_changes, roles
from storage.tables import persons
from tests.services.bare_practice import CLIENT, NOW, made
from tests.services.selling_practice import SellingPractice, guest

MERGE = sa.update(persons).where(persons.c.id == sa.bindparam("one")).values(merged_into=sa.bindparam("other"))
ELSEWHERE = Profile(Platform.SLACK, "T0HARBOUR", "U0MIA", "D0MIA", "Mia Elsewhere")


@dataclass
class Merged:
    practice: SellingPractice
    one: Person  # who booked, waited and wrote, as a person of their own
    other: Person  # who survives
    booking_id: int

    @property
    def storage(self) -> Storage:
        return self.practice.storage


@pytest.fixture
async def merged(storage: Storage) -> Merged:
    practice = await SellingPractice(storage).open()
    booking = await practice.book((await practice.starts())[0])
    made(await practice.messages.send(await practice.act(CLIENT), booking.id, "I come by train"))
    made(await practice.waits.wait(await practice.act(CLIENT), practice.free.id, None))
    one, other = await practice.meet(CLIENT), await practice.meet(ELSEWHERE)
    await storage.write(lambda tx: tx.execute(MERGE, {"one": one.id, "other": other.id}))
    return Merged(practice, one, other, booking.id)


async def test_either_account_and_either_id_leads_to_the_one_person(merged: Merged) -> None:
    def work(tx: Tx) -> None:
        for profile in (CLIENT, ELSEWHERE):
            known = people.known(tx, profile.platform, profile.workspace, profile.user_ref, NOW)
            assert known is not None
            assert (known.person.id, known.person.name) == (merged.other.id, "Mia Elsewhere")
            assert known.account.person_id == merged.other.id
        both = [merged.one.id, merged.other.id]
        assert [person.id for person in people.find_many(tx, both)] == [merged.other.id]
        assert people.names(tx, both) == dict.fromkeys(both, "Mia Elsewhere")
        found = people.find(tx, merged.one.id)
        assert found is not None
        assert found.id == merged.other.id
        accounts = people.accounts_of(tx, merged.other.id)
        assert {(each.platform, each.person_id) for each in accounts} == {
            (Platform.TELEGRAM, merged.other.id), (Platform.SLACK, merged.other.id),
        }  # fmt: skip
        assert clients.platforms(tx, [merged.other.id])[merged.other.id] == (Platform.TELEGRAM, Platform.SLACK)
        person_changes.set_zone(tx, merged.one.id, "Europe/Kyiv", "changed")

    await merged.storage.write(work)
    found = await merged.storage.read(lambda tx: people.find(tx, merged.other.id))
    assert found is not None
    assert found.zone == "Europe/Kyiv"


async def test_what_one_booked_is_the_others(merged: Merged) -> None:
    def work(tx: Tx) -> None:
        booking = bookings.find(tx, merged.booking_id)
        assert booking is not None
        assert (booking.person_id, booking.client_name) == (merged.other.id, "Mia Elsewhere")
        assert bookings.upcoming(tx, merged.other.id, NOW) == [booking]
        assert bookings.of_client(tx, None, merged.other.id) == [booking]
        counted = clients.one(tx, None, NOW, merged.other.id)
        assert counted is not None
        assert (counted.person_id, counted.name) == (merged.other.id, "Mia Elsewhere")
        everybody = sessions.persons(tx, [merged.practice.coach_id], 0, 2**40)
        assert everybody == {merged.other.id}
        assert [wait.person_id for wait in waits.waiting(tx, merged.practice.free.id, None, 10)] == [merged.other.id]
        message = messages.find(tx, 1)
        assert message is not None
        assert message.from_person_id == merged.other.id

    await merged.storage.read(work)


async def test_a_hold_of_one_stands_in_the_way_of_the_other(storage: Storage) -> None:
    practice = await SellingPractice(storage).open()
    [first, *_others] = await practice.starts(practice.paid)
    booking_id = made(await practice.try_hold(CLIENT, practice.paid, first))
    one, other = await practice.meet(CLIENT), await practice.meet(guest(1))
    await storage.write(lambda tx: tx.execute(MERGE, {"one": one.id, "other": other.id}))
    held = await storage.read(lambda tx: bookings.open_hold(tx, other.id))
    assert held is not None
    assert held.id == booking_id
    offer_id = practice.paid.id
    there = await storage.write(lambda tx: standing.in_the_way(tx, practice.coach_id, other.id, offer_id, NOW))
    assert there.own == held


async def test_the_trail_stays_as_it_was_written_and_names_who_survives(merged: Merged) -> None:
    def work(tx: Tx) -> None:
        entries = [entry for entry in audit.recent(tx) if entry.act == "message.sent"]
        assert [entry.person_id for entry in entries] == [merged.other.id]
        assert merged.one.id not in homes.concerned(tx, audit.recent(tx))
        written = sa.text("SELECT person_id FROM audit WHERE act = 'message.sent'")
        assert tx.execute(written).scalars().all() == [merged.one.id]

    await merged.storage.read(work)


async def test_messages_to_one_go_to_the_other_and_can_be_cancelled(merged: Merged) -> None:
    def work(tx: Tx) -> None:
        about = bookings.find(tx, merged.booking_id)
        assert about is not None
        theirs = [row.notice.person_id for row in outbox.of_subjects(tx, [about.subject])]
        assert merged.other.id in theirs
        assert merged.one.id not in theirs
        assert merged.one.id not in {
            row.notice.person_id for row in outbox_claims.claim(tx, "me", about.starts, 50, 60)
        }
        assert outbox.cancel(tx, person_id=merged.other.id, note="stopped") > 0

    await merged.storage.write(work)


async def test_a_right_and_a_draft_of_one_are_the_others(merged: Merged) -> None:
    def work(tx: Tx) -> None:
        before = roles.owner_ids(tx)
        roles.grant(tx, merged.one.id, Role.OWNER, NOW)
        assert roles.owner_ids(tx) == [*before, merged.other.id]
        owner = people.find(tx, merged.other.id)
        assert owner is not None
        assert Role.OWNER in owner.roles
        draft = drafts.put(tx, merged.one.id, "hours", "mon 9-12", expires=NOW, now=NOW)
        assert drafts.find(tx, merged.other.id, draft, "hours", NOW) == "mon 9-12"
        assert roles.withdraw(tx, merged.other.id, Role.OWNER)
        assert roles.owner_ids(tx) == before

    await merged.storage.write(work)
