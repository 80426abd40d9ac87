"""Passes words between the practice's owners and somebody who has no session here."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.bookings.messages import Letter
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.client_limits import Limit
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.bookings import letters
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import people, roles


@dataclass(frozen=True)
class Written:
    """A letter with the names of who wrote it and to whom."""

    letter: Letter
    from_name: str
    to_name: str

    def is_of(self, person: Person) -> bool:
        """Whether the person is one of its two sides; another owner only reads it."""
        return person.id in (self.letter.from_person_id, self.letter.to_person_id)


class Letters:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def ask(self, act: Act, text: str) -> Done | Refusal:
        """To every owner. NOT_FOUND while nobody owns the practice. `{id}` is the first letter."""

        def work(tx: Tx) -> int | Refusal:
            return _too_many(tx, act) or _ask(tx, act, text, roles.owner_ids(tx))

        return await once(self._storage, act, work)

    async def answer(self, act: Act, letter_id: int, text: str) -> Done | Refusal:
        """To whoever wrote that letter; to whom it went, if it is one's own. `{id}` is the new letter.

        The other owners hear what one of them answered, so that nobody answers twice. Words for an owner who is none
        any more go to those who are.
        """

        def work(tx: Tx) -> int | Refusal:
            letter, owners = letters.find(tx, letter_id), roles.owner_ids(tx)
            sides = () if letter is None else (letter.from_person_id, letter.to_person_id)
            if letter is None or act.person.id not in sides or not letter.is_of(act.person.id, owners):
                return Refusal(Code.NOT_FOUND)
            if many := _too_many(tx, act):
                return many
            to = letter.other(act.person.id)
            if act.person.id not in owners and to not in owners:
                return _ask(tx, act, text, owners)
            written = _write(tx, act, to, text, owners)
            if act.person.id in owners and to not in owners:
                for each in owners:
                    if each != act.person.id:
                        _tell(tx, act, each, written)
            return written

        return await once(self._storage, act, work)

    async def find(self, person: Person, letter_id: int) -> Written | None:
        """The letter, for its sender, its recipient and the owners, whose practice was written to; None for others."""

        def work(tx: Tx) -> Written | None:
            letter = letters.find(tx, letter_id)
            if letter is None or not letter.is_of(person.id, roles.owner_ids(tx)):
                return None
            names = people.names(tx, [letter.from_person_id, letter.to_person_id])
            return Written(letter, names[letter.from_person_id], names[letter.to_person_id])

        return await self._storage.read(work)


def _too_many(tx: Tx, act: Act) -> Refusal | None:
    """LIMIT for a client who has written a lot in a short while."""
    return None if may(act.person, Permission.WORK_HERE) else limits.refusal(tx, act, Limit.MESSAGES)


def _ask(tx: Tx, act: Act, text: str, owners: Sequence[int]) -> int | Refusal:
    sent = [_write(tx, act, each, text, owners) for each in owners if each != act.person.id]
    return sent[0] if sent else Refusal(Code.NOT_FOUND)


def _write(tx: Tx, act: Act, to: int, text: str, owners: Sequence[int]) -> int:
    by_practice = act.person.id in owners and to not in owners
    letter_id = letters.insert(tx, act.person.id, to, text, act.now, from_practice=by_practice)
    _tell(tx, act, to, letter_id)
    note(tx, act, "letter.sent", Subject("person", act.person.id), after={"letter": letter_id})
    return letter_id


def _tell(tx: Tx, act: Act, person_id: int, letter_id: int) -> None:
    address, about = address_of(NoticeKind.LETTER, letter_id), Subject("person", act.person.id)
    key = f"letter:{letter_id}:{person_id}"
    outbox.put(tx, Notice(key, person_id, NoticeKind.LETTER, address, act.now, subject=about), act.now)
