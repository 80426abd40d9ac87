"""Finds receipts: by the token of a link, and those of something that was bought."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.payments.receipts import Receipt
from bot.domain.people.people import Person
from bot.domain.subjects import Subject
from storage.engine import Storage, Tx
from storage.payments import receipts
from storage.payments.receipts import Kept
from storage.people import people


@dataclass(frozen=True)
class ReceiptLink:
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

    async def of(self, subject: Subject) -> Sequence[ReceiptLink]:
        """Those of the purchase of this, and of what went back of it, oldest first."""
        return [self._linked(each) for each in await self._storage.read(lambda tx: receipts.of_subject(tx, subject))]

    def _linked(self, kept: Kept) -> ReceiptLink:
        return ReceiptLink(kept.receipt, f"{self._public_url}/receipts/{kept.token}")
