"""Who owns the practice is what OWNERS says: compared at each start, and seen by every process from the next tap."""

import sqlalchemy as sa

from bot.domain.people.people import Role
from bot.services.people.owners import OwnerChange
from bot.services.people.people import People
from storage.engine import Storage
from storage.journal import audit
from storage.people import roles
from storage.tables import accounts
from tests.services.bare_practice import ANA, NOW, OWNER, BarePractice, done, later, made

OLGA = ("telegram", "", "1001")


async def test_a_start_takes_the_role_of_whom_owners_no_longer_names(
    bare_practice: BarePractice, database_url: str
) -> None:
    olga, ana = await bare_practice.meet(OWNER), await bare_practice.meet(ANA)
    other = await Storage.open(database_url, bare_practice.storage.sealer)
    elsewhere = People(other, [(ANA.platform.value, ANA.workspace, ANA.user_ref)])
    refs = (f"{ANA.platform}:{ANA.workspace}:{ANA.user_ref}" if ANA.workspace else f"{ANA.platform}:{ANA.user_ref}",)
    expected = [OwnerChange(olga.id, False, ("telegram:1001",)), OwnerChange(ana.id, True, refs)]
    assert await elsewhere.compare_owners(later(1)) == expected
    assert await elsewhere.compare_owners(later(2)) == [], "once"
    assert await bare_practice.storage.read(roles.owner_ids) == [ana.id]
    found = await bare_practice.people.find(olga.id)
    assert found is not None
    assert Role.OWNER not in found.roles
    granted, withdrawn, *_before = await bare_practice.storage.read(audit.recent)
    assert (withdrawn.act, withdrawn.person_id, withdrawn.subject.number("person")) == ("role.withdrawn", None, olga.id)
    assert (granted.act, granted.why) == ("role.granted", "named by OWNERS")
    [lost] = await elsewhere.former_owners(later(3))
    assert (lost.person_id, lost.at) == (olga.id, later(1))
    await other.close()


async def test_a_process_that_was_not_restarted_gives_and_takes_no_role(bare_practice: BarePractice) -> None:
    named = (ANA.platform.value, ANA.workspace, ANA.user_ref)
    old, new = People(bare_practice.storage, [OLGA]), People(bare_practice.storage, [named])

    async def owners_met_by(process: People) -> set[str]:
        met = [await process.meet(each, NOW) for each in (OWNER, ANA)]
        return {each.person.name for each in met if each is not None and Role.OWNER in each.person.roles}

    await old.compare_owners(NOW)
    assert await owners_met_by(old) == {OWNER.name}
    await new.compare_owners(NOW)
    for process in (old, new, old):
        assert await owners_met_by(process) == {ANA.name}
    await old.compare_owners(NOW)  # restarted with what it had: the last start decides
    for process in (new, old):
        assert await owners_met_by(process) == {OWNER.name}


async def test_an_owner_whose_account_cannot_be_read_stays_one_and_stops_no_start(bare_practice: BarePractice) -> None:
    olga = await bare_practice.meet(OWNER)
    strange = sa.update(accounts).where(accounts.c.person_id == olga.id).values(unreachable="by-pigeon")
    await bare_practice.storage.write(lambda tx: tx.execute(strange))
    for named in ([OLGA], []):
        assert await People(bare_practice.storage, named).compare_owners(NOW) == []
    assert await bare_practice.storage.read(roles.owner_ids) == [olga.id]


async def test_an_owner_of_the_only_workspace_stays_one(bare_practice: BarePractice) -> None:
    await bare_practice.meet(OWNER)
    assert await bare_practice.people.compare_owners(NOW) == []
    assert await bare_practice.people.former_owners(NOW) == []


async def test_who_has_the_role_until_the_next_start_is_named(bare_practice: BarePractice) -> None:
    olga = await bare_practice.meet(OWNER)
    nobodys = People(bare_practice.storage, [])
    assert await nobodys.former_owners(NOW) == [OwnerChange(olga.id, False, ("telegram:1001",))]
    assert Role.OWNER in (await bare_practice.meet(OWNER)).roles, "looking takes nothing"


async def test_a_removed_coach_is_none_in_every_process_from_the_next_tap(
    bare_practice: BarePractice, database_url: str
) -> None:
    await bare_practice.set_up()
    invited = await bare_practice.invite()
    coach_id = made(await bare_practice.invitations.accept(await bare_practice.act(ANA), invited.token))
    other = await Storage.open(database_url, bare_practice.storage.sealer)
    elsewhere = People(other, [OLGA])
    before = await elsewhere.meet(ANA, NOW)
    assert before is not None
    assert before.person.coach_id == coach_id
    done(await bare_practice.coaches.remove(await bare_practice.act(OWNER), coach_id, {}))
    after = await elsewhere.meet(ANA, NOW)
    assert after is not None
    assert (after.person.coach_id, after.person.leaving_id) == (None, None)
    assert after.person.roles == {Role.CLIENT}
    assert after.generation != before.generation, "what the other process keeps of coaches is read anew"
    await other.close()
