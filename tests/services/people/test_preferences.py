import sqlalchemy as sa

from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Preferences, Reach, Way, Where
from bot.domain.people.people import Platform
from bot.domain.refusals import Code
from bot.services.people.preferences import NoticePreferences
from storage.engine import Storage, Tx
from storage.people import preferences as kept
from storage.tables import persons
from tests.services.bare_practice import CLIENT, BarePractice, done, refused


def break_it(tx: Tx, person_id: int, chosen: object) -> None:
    tx.execute(sa.update(persons).where(persons.c.id == person_id).values(preferences=chosen))


async def reach(practice: BarePractice) -> Reach:
    return await NoticePreferences(practice.storage).of((await practice.meet(CLIENT)).id)


async def test_what_was_chosen_is_kept_by_topic(bare_practice: BarePractice, storage: Storage) -> None:
    chooses = NoticePreferences(storage)
    done(await chooses.choose(await bare_practice.act(CLIENT), Topic.NEWS, Where.NOWHERE))
    done(await chooses.end(await bare_practice.act(CLIENT), Topic.MONEY, Platform.EMAIL))
    expected = {Topic.NEWS: Way(Where.NOWHERE), Topic.MONEY: Way(without=frozenset({Platform.EMAIL}))}
    assert (await reach(bare_practice)).preferences.by_topic == expected
    done(await chooses.choose(await bare_practice.act(CLIENT), Topic.NEWS, Where.CHAT))
    assert (await reach(bare_practice)).preferences.of(Topic.NEWS) == Way()
    assert (await bare_practice.trail())[-1] == "person.told_where"


async def test_nobody_chooses_where_they_cannot_be_told(bare_practice: BarePractice, storage: Storage) -> None:
    chooses = NoticePreferences(storage)
    for topic, where in ((Topic.NEWS, Where.EMAIL), (Topic.NEWS, Where.SMS), (Topic.REMINDERS, Where.NOWHERE)):
        refused(await chooses.choose(await bare_practice.act(CLIENT), topic, where), Code.NOT_FOUND)
    assert (await reach(bare_practice)).preferences == Preferences()


async def test_a_choice_that_cannot_be_read_counts_as_none(bare_practice: BarePractice, storage: Storage) -> None:
    person = (await bare_practice.meet(CLIENT)).id
    strange = Preferences({Topic.NEWS: Way(Where.NOWHERE)})
    await storage.write(lambda tx: kept.keep(tx, person, strange))
    assert (await reach(bare_practice)).preferences == strange
    broken_ones: list[object] = [{"news": 7}, {"gossip": {"where": "chat", "without": []}}, [3]]
    for broken in broken_ones:
        await storage.write(lambda tx, broken=broken: break_it(tx, person, broken))  # type: ignore[misc]
        assert (await reach(bare_practice)).preferences == Preferences()
