"""Where and whether people are told of each topic."""

from bot.domain.acts import Act
from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Reach, Where, can_choose
from bot.domain.people.people import Platform
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.engine import Storage, Tx
from storage.people import people, preferences


class NoticePreferences:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of(self, person_id: int) -> Reach:
        """How this person can be reached, and what they chose."""
        return await self._storage.read(lambda tx: preferences.reach_of(tx, [person_id])[person_id])

    async def choose(self, act: Act, topic: Topic, where: Where) -> Done | Refusal:
        """Be told of a topic there from now on. NOT_FOUND for where this person cannot be told of it."""

        def work(tx: Tx) -> int | Refusal:
            people.lock(tx, act.person.id)
            reach = preferences.reach_of(tx, [act.person.id])[act.person.id]
            if not can_choose(reach, topic, where):
                return Refusal(Code.NOT_FOUND)
            preferences.keep(tx, act.person.id, reach.preferences.choosing(topic, where))
            _noted(tx, act, topic, where.value)
            return act.person.id

        return await once(self._storage, act, work)

    async def end(self, act: Act, topic: Topic, platform: Platform) -> Done | Refusal:
        """Be told of a topic by this platform no more; what cannot be ended comes all the same."""

        def work(tx: Tx) -> int:
            people.lock(tx, act.person.id)
            chosen = preferences.find(tx, act.person.id)
            preferences.keep(tx, act.person.id, chosen.ending(topic, platform))
            _noted(tx, act, topic, f"not {platform.value}")
            return act.person.id

        return await once(self._storage, act, work)


def _noted(tx: Tx, act: Act, topic: Topic, said: str) -> None:
    note(tx, act, "person.told_where", Subject("person", act.person.id), after={topic.value: said})
