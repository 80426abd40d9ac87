import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.people.conversations import Conversation
from bot.domain.people.people import Platform, Profile, Role, Unreachable
from bot.domain.refusals import Code
from bot.services.people.people import People
from bot.services.practice.workspaces import Installation
from storage import tables
from storage.people import conversations
from tests.services.house import ANA, CLIENT, MORNINGS, NOW, OWNER, House, done, later, refused


async def test_everybody_is_a_client_from_the_first_word(house: House) -> None:
    met = await house.people.meet(CLIENT, NOW)

    assert met is not None
    assert met.new
    assert (met.person.name, met.person.language, met.person.zone) == ("Clara Client", "de", None)
    assert met.person.roles == {Role.CLIENT}
    assert (met.account.chat_ref, met.conversation.version) == ("2002", 0)


async def test_the_second_word_writes_nothing(house: House) -> None:
    first = await house.people.meet(CLIENT, NOW)
    second = await house.people.meet(CLIENT, later(5))

    assert first is not None
    assert second == replace(first, new=False)


async def test_two_first_words_at_once_make_one_person(house: House) -> None:
    everybody = await asyncio.gather(*(house.people.meet(CLIENT, NOW) for _word in range(12)))

    assert len({met.person.id for met in everybody if met is not None}) == 1
    assert await house.count(tables.persons) == 1
    assert await house.count(tables.accounts) == 1


async def test_a_profile_on_slack_brings_its_zone(house: House) -> None:
    person = await house.meet(ANA)

    assert (person.zone, person.zone_from) == ("Europe/Madrid", "slack")


async def test_a_zone_that_nobody_knows_is_no_zone(house: House) -> None:
    assert (await house.meet(replace(ANA, zone="Mars/Olympus"))).zone is None


async def test_names_are_sealed(house: House) -> None:
    await house.meet(CLIENT)
    query = sa.select(tables.persons.c.name_sealed)
    kept = await house.storage.read(lambda tx: tx.execute(query).scalar_one())

    assert "Clara" not in kept


async def test_owners_of_the_settings_own_from_their_first_word_on(house: House) -> None:
    person = await house.meet(OWNER)

    assert Role.OWNER in person.roles
    assert await house.people.owners() == [person]
    assert await house.trail() == ["role.granted"]


async def test_somebody_named_in_the_settings_later_owns_from_the_next_word_on(house: House) -> None:
    house.people._owners = frozenset()
    assert Role.OWNER not in (await house.meet(OWNER)).roles

    house.people._owners = frozenset({("telegram", "", "1001")})
    assert Role.OWNER in (await house.meet(OWNER)).roles


@pytest.mark.parametrize("other_installed", [False, True])
async def test_an_owner_named_without_workspace_fits_only_the_one_that_there_is(
    house: House, other_installed: bool
) -> None:
    await house.workspaces.installed(Installation("T0AAA", "A", "xoxb-1"), NOW)
    if other_installed:
        await house.workspaces.installed(Installation("T0BBB", "B", "xoxb-2"), NOW)

    person = await house.meet(Profile(Platform.SLACK, "T0AAA", "U0OWN", None, "Otto"))

    assert (Role.OWNER in person.roles) is not other_installed


async def test_name_and_language_follow_the_platform_until_a_language_is_chosen(house: House) -> None:
    await house.meet(CLIENT)
    renamed = replace(CLIENT, name="Clara Neu", language="fr")

    assert (await house.meet(renamed)).name == "Clara Neu"
    done(await house.people.set_language(await house.act(renamed), "en"))

    person = await house.meet(renamed)
    assert (person.language, person.language_from) == ("en", "chosen")


async def test_who_writes_can_be_written_to(house: House) -> None:
    met = await house.people.meet(CLIENT, NOW)
    assert met is not None
    await house.people.reachable(CLIENT, Unreachable.BLOCKED, NOW)
    assert [each.unreachable for each in await house.people.accounts(met.person.id)] == [Unreachable.BLOCKED]

    again = await house.people.meet(replace(CLIENT, chat_ref="3003"), later(1))

    assert again is not None
    assert (again.account.unreachable, again.account.chat_ref) == (None, "3003")


async def test_a_stranger_who_blocks_the_bot_is_not_made_known(house: House) -> None:
    await house.people.reachable(CLIENT, Unreachable.BLOCKED, NOW)

    assert await house.count(tables.persons) == 0


async def test_a_new_zone_of_the_profile_is_offered_once_and_not_taken(house: House) -> None:
    ana = await house.meet(ANA)
    moved = replace(ANA, zone="America/New_York")

    await house.people.follow_profile(moved, later(1))
    await house.people.follow_profile(moved, later(2))

    assert (await house.meet(moved)).zone == "Europe/Madrid"
    assert await house.notices("zone-changed") == [(ana.id, "zone-follow", "pending")]
    assert await house.people.offered_zone(ana) == "America/New_York"

    done(await house.people.set_zone(await house.act(moved), "America/New_York", "slack"))
    assert await house.people.offered_zone(await house.meet(moved)) is None


async def test_the_hours_of_a_coach_keep_their_zone_when_the_coach_travels(house: House) -> None:
    coach_id = await house.set_up()

    done(await house.people.set_zone(await house.act(OWNER), "America/New_York"))

    coach = await house.coaches.find(coach_id)
    assert coach is not None
    assert (coach.zone, coach.schedule.zone) == ("Europe/Berlin", "Europe/Berlin")
    assert coach.schedule.weekly[0] == MORNINGS.weekly[0]


@pytest.mark.parametrize(
    ("leads", "on"), [((), True), ((0,), True), ((60 * 24 * 31,), True), (tuple(range(1, 7)), True)]
)
async def test_reminders_that_make_no_sense_are_refused(house: House, leads: tuple[int, ...], on: bool) -> None:
    answer = await house.people.set_reminders(await house.act(CLIENT), leads, on)

    assert refused(answer, Code.CONTRADICTION).facts == {"reason": "leads"}


async def test_reminders_are_chosen_and_stopped(house: House) -> None:
    done(await house.people.set_reminders(await house.act(CLIENT), (60, 120, 60), on=True))
    assert (await house.meet(CLIENT)).leads == (120, 60)

    done(await house.people.stop_reminders(await house.act(CLIENT)))
    person = await house.meet(CLIENT)
    assert (person.reminders, person.leads) == (False, (120, 60))


async def test_a_day_of_silence_is_noted_at_the_next_word(house: House) -> None:
    await house.meet(CLIENT)
    await house.meet(CLIENT, NOW + timedelta(days=2))
    query = sa.select(tables.accounts.c.seen_at)

    seen = await house.storage.read(lambda tx: tx.execute(query).scalar_one())
    assert seen == int((NOW + timedelta(days=2)).timestamp())


async def test_what_the_chat_remembers_comes_with_the_person(house: House) -> None:
    met = await house.people.meet(CLIENT, NOW)
    assert met is not None
    remembered = Conversation(met.account.id, living_ref="77", form={"to": "zone"}, misses=1)
    assert await house.storage.write(lambda tx: conversations.save(tx, remembered, NOW))

    again, too_late = await house.people.meet(CLIENT, later(59)), await house.people.meet(CLIENT, later(61))

    assert again is not None
    assert too_late is not None
    assert again.conversation == replace(remembered, version=1)
    assert too_late.conversation == replace(remembered, form=None, version=1)


async def test_who_is_no_longer_named_by_owners_is_no_owner(house: House) -> None:
    named = await house.people.meet(OWNER, NOW)
    assert named is not None
    assert Role.OWNER in named.person.roles
    unnamed = await People(house.storage, []).meet(OWNER, later(minutes=1))
    assert unnamed is not None
    assert Role.OWNER not in unnamed.person.roles
