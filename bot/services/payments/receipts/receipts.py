"""Finds receipts: by the token of a link, and those of something that was bought."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.payments.receipts import Receipt
from bot.domain.people.people import Person
from bot.domain.subjects import Subject
from storage.engine import Storage, Tx
from storage.payments.receipts import receipts
from storage.payments.receipts.receipts import Kept
from storage.people import people


@dataclass(frozen=True)
class FoundReceipt:
    """`person_id` is who paid, `url` the link that needs no chat."""

    id: int
    person_id: int
    receipt: Receipt
    url: str


class Receipts:
    """`public_url` is where their links lead."""

    def __init__(self, storage: Storage, public_url: str) -> None:
        self._storage = storage
        self._public_url = public_url

    async def by_token(self, token: str) -> tuple[Receipt, Person | None] | None:
        """The receipt with this link and who paid; None for a token that is none of ours."""

        def work(tx: Tx) -> tuple[Receipt, Person | None] | None:
            found = receipts.by_token(tx, token)
            return None if found is None else (found.receipt, people.find(tx, found.origin.person_id))

        return await self._storage.read_one(work)

    async def find(self, receipt_id: int) -> FoundReceipt | None:
        found = await self._storage.read_one(lambda tx: receipts.find(tx, receipt_id))
        return None if found is None else self._found(found)

    async def of_person(self, person_id: int, skip: int, most: int) -> Sequence[FoundReceipt]:
        """All that somebody paid, and what of it went back, the newest first."""
        found = await self._storage.read(lambda tx: receipts.of_person(tx, person_id, skip, most))
        return [self._found(each) for each in found]

    async def of(self, subject: Subject) -> Sequence[FoundReceipt]:
        """Those of the purchase of this, and of what went back of it, oldest first."""
        return [self._found(each) for each in await self._storage.read(lambda tx: receipts.of_subject(tx, subject))]

    def _found(self, kept: Kept) -> FoundReceipt:
        url = f"{self._public_url}/receipts/{kept.token}"
        return FoundReceipt(kept.id, kept.origin.person_id, kept.receipt, url)
