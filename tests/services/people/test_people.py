import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.people.conversations import Conversation
from bot.domain.people.people import Platform, Profile, Role, Unreachable
from bot.domain.refusals import Code, Refusal
from bot.services.people.people import People
from bot.services.practice.workspaces import Installation
from storage import tables
from storage.people import conversations
from tests.services.bare_practice import ANA, CLIENT, MORNINGS, NOW, OWNER, BarePractice, done, later


async def test_everybody_is_a_client_from_the_first_word(bare_practice: BarePractice) -> None:
    met = await bare_practice.people.meet(CLIENT, NOW)

    assert met is not None
    assert met.new
    assert (met.person.name, met.person.language, met.person.zone) == ("Clara Client", "de", None)
    assert met.person.roles == {Role.CLIENT}
    assert (met.account.chat_ref, met.conversation.version) == ("2002", 0)


async def test_the_second_word_writes_nothing(bare_practice: BarePractice) -> None:
    first = await bare_practice.people.meet(CLIENT, NOW)
    second = await bare_practice.people.meet(CLIENT, later(5))

    assert first is not None
    assert second == replace(first, new=False)


async def test_two_first_words_at_once_make_one_person(bare_practice: BarePractice) -> None:
    everybody = await asyncio.gather(*(bare_practice.people.meet(CLIENT, NOW) for _word in range(12)))

    assert len({met.person.id for met in everybody if met is not None}) == 1
    assert await bare_practice.count(tables.persons) == 1
    assert await bare_practice.count(tables.accounts) == 1


async def test_a_profile_on_slack_brings_its_zone(bare_practice: BarePractice) -> None:
    person = await bare_practice.meet(ANA)

    assert (person.zone, person.zone_from) == ("Europe/Madrid", "slack")


async def test_a_zone_that_nobody_knows_is_no_zone(bare_practice: BarePractice) -> None:
    assert (await bare_practice.meet(replace(ANA, zone="Mars/Olympus"))).zone is None


async def test_a_name_can_be_shown_on_one_line(bare_practice: BarePractice) -> None:
    """Nothing to see gets a stand-in, which the real name replaces; a break cannot forge a line beside the name."""
    nameless = replace(CLIENT, name="\u3164\u200b")
    assert (await bare_practice.meet(nameless)).name == "Guest 2002"
    assert (await bare_practice.meet(replace(CLIENT, name=""))).name == "Guest 2002"
    forged = replace(CLIENT, name="Clara\n\nPaid: €45.00")
    assert (await bare_practice.meet(forged)).name == "Clara Paid: €45.00"
    assert (await bare_practice.meet(replace(CLIENT, name=""))).name == "Clara Paid: €45.00"


async def test_a_zone_under_an_old_name_is_no_change(bare_practice: BarePractice) -> None:
    kyiv = await bare_practice.meet(replace(ANA, zone="Europe/Kiev"))
    assert kyiv.zone == "Europe/Kyiv"
    for zone in ("Europe/Kyiv", "Europe/Kiev", "Europe/Bucharest"):
        await bare_practice.people.follow_profile(replace(ANA, zone=zone), NOW)
    assert await bare_practice.people.offered_zone(kyiv, NOW) is None
    assert await bare_practice.count(tables.outbox) == 0


async def test_names_are_sealed(bare_practice: BarePractice) -> None:
    await bare_practice.meet(CLIENT)
    query = sa.select(tables.persons.c.name_sealed)
    kept = await bare_practice.storage.read(lambda tx: tx.execute(query).scalar_one())

    assert "Clara" not in kept


async def test_owners_of_the_settings_own_from_their_first_word_on(bare_practice: BarePractice) -> None:
    person = await bare_practice.meet(OWNER)

    assert Role.OWNER in person.roles
    assert await bare_practice.people.owners() == [person]
    assert await bare_practice.trail() == ["role.granted"]


async def test_somebody_named_in_the_settings_later_owns_from_the_next_word_on(bare_practice: BarePractice) -> None:
    bare_practice.people._owners = frozenset()
    assert Role.OWNER not in (await bare_practice.meet(OWNER)).roles

    bare_practice.people._owners = frozenset({("telegram", "", "1001")})
    assert Role.OWNER in (await bare_practice.meet(OWNER)).roles


@pytest.mark.parametrize("other_installed", [False, True])
async def test_an_owner_named_without_workspace_fits_only_the_one_that_there_is(
    bare_practice: BarePractice, other_installed: bool
) -> None:
    await bare_practice.workspaces.installed(Installation("T0AAA", "A", "xoxb-1"), NOW)
    if other_installed:
        await bare_practice.workspaces.installed(Installation("T0BBB", "B", "xoxb-2"), NOW)

    person = await bare_practice.meet(Profile(Platform.SLACK, "T0AAA", "U0OWN", None, "Otto"))

    assert (Role.OWNER in person.roles) is not other_installed


async def test_name_and_language_follow_the_platform_until_a_language_is_chosen(bare_practice: BarePractice) -> None:
    await bare_practice.meet(CLIENT)
    renamed = replace(CLIENT, name="Clara Neu", language="fr")

    assert (await bare_practice.meet(renamed)).name == "Clara Neu"
    done(await bare_practice.people.set_language(await bare_practice.act(renamed), "en"))

    person = await bare_practice.meet(renamed)
    assert (person.language, person.language_from) == ("en", "chosen")


async def test_who_writes_can_be_written_to(bare_practice: BarePractice) -> None:
    met = await bare_practice.people.meet(CLIENT, NOW)
    assert met is not None
    await bare_practice.people.reachable(CLIENT, Unreachable.BLOCKED, NOW)
    assert [each.unreachable for each in await bare_practice.people.accounts(met.person.id)] == [Unreachable.BLOCKED]

    again = await bare_practice.people.meet(replace(CLIENT, chat_ref="3003"), later(1))

    assert again is not None
    assert (again.account.unreachable, again.account.chat_ref) == (None, "3003")


async def test_a_stranger_who_blocks_the_bot_is_not_made_known(bare_practice: BarePractice) -> None:
    await bare_practice.people.reachable(CLIENT, Unreachable.BLOCKED, NOW)

    assert await bare_practice.count(tables.persons) == 0


async def test_a_new_zone_of_the_profile_is_offered_once_and_not_taken(bare_practice: BarePractice) -> None:
    ana = await bare_practice.meet(ANA)
    moved = replace(ANA, zone="America/New_York")

    await bare_practice.people.follow_profile(moved, later(1))
    await bare_practice.people.follow_profile(moved, later(2))

    assert (await bare_practice.meet(moved)).zone == "Europe/Madrid"
    assert await bare_practice.notices("zone-changed") == [(ana.id, "zone-follow", "pending")]
    assert await bare_practice.people.offered_zone(ana, NOW) == "America/New_York"

    done(await bare_practice.people.set_zone(await bare_practice.act(moved), "America/New_York", "slack"))
    assert await bare_practice.people.offered_zone(await bare_practice.meet(moved), NOW) is None


async def test_the_hours_of_a_coach_keep_their_zone_when_the_coach_travels(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()

    done(await bare_practice.people.set_zone(await bare_practice.act(OWNER), "America/New_York"))

    coach = await bare_practice.coaches.find(coach_id)
    assert coach is not None
    assert (coach.zone, coach.schedule.zone) == ("Europe/Berlin", "Europe/Berlin")
    assert coach.schedule.weekly[0] == MORNINGS.weekly[0]


@pytest.mark.parametrize(
    ("leads", "on"), [((), True), ((0,), True), ((60 * 24 * 31,), True), (tuple(range(1, 7)), True)]
)
async def test_reminders_that_make_no_sense_are_refused(
    bare_practice: BarePractice, leads: tuple[int, ...], on: bool
) -> None:
    answer = await bare_practice.people.set_reminders(await bare_practice.act(CLIENT), leads, on)

    assert answer == Refusal(Code.CONTRADICTION, "leads")


async def test_reminders_are_chosen_and_stopped(bare_practice: BarePractice) -> None:
    done(await bare_practice.people.set_reminders(await bare_practice.act(CLIENT), (60, 120, 60), on=True))
    assert (await bare_practice.meet(CLIENT)).leads == (120, 60)

    done(await bare_practice.people.stop_reminders(await bare_practice.act(CLIENT)))
    person = await bare_practice.meet(CLIENT)
    assert (person.reminders, person.leads) == (False, (120, 60))


async def test_a_day_of_silence_is_noted_at_the_next_word(bare_practice: BarePractice) -> None:
    await bare_practice.meet(CLIENT)
    await bare_practice.meet(CLIENT, NOW + timedelta(days=2))
    query = sa.select(tables.accounts.c.seen_at)

    seen = await bare_practice.storage.read(lambda tx: tx.execute(query).scalar_one())
    assert seen == int((NOW + timedelta(days=2)).timestamp())


async def test_what_the_chat_remembers_comes_with_the_person(bare_practice: BarePractice) -> None:
    met = await bare_practice.people.meet(CLIENT, NOW)
    assert met is not None
    remembered = Conversation(met.account.id, living_ref="77", form={"to": "zone"}, misses=1)
    assert await bare_practice.storage.write(lambda tx: conversations.save(tx, remembered, NOW))

    again, too_late = (
        await bare_practice.people.meet(CLIENT, later(59)),
        await bare_practice.people.meet(CLIENT, later(61)),
    )

    assert again is not None
    assert too_late is not None
    assert again.conversation == replace(remembered, version=1)
    assert too_late.conversation == replace(remembered, form=None, version=1)


async def test_who_is_no_longer_named_by_owners_is_no_owner(bare_practice: BarePractice) -> None:
    named = await bare_practice.people.meet(OWNER, NOW)
    assert named is not None
    assert Role.OWNER in named.person.roles
    unnamed = await People(bare_practice.storage, []).meet(OWNER, later(minutes=1))
    assert unnamed is not None
    assert Role.OWNER not in unnamed.person.roles
