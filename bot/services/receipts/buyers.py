"""What clients enter for their receipts: another name, an address, a tax number. Those of before keep what they say."""

from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.payments.buyers import Buyer, mistake
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.receipts.replace_receipt import ReceiptCorrections
from storage.engine import Storage, Tx
from storage.people import buyers


class Buyers:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.corrections = ReceiptCorrections(storage)

    async def of(self, person_id: int) -> Buyer:
        return await self._storage.read_one(lambda tx: buyers.find(tx, person_id))

    async def enter(self, act: Act, name: str, address: str, number: str) -> Done | Refusal:
        """One's own, from the next receipt on; empty texts remove it. CONTRADICTION with `name`, `address` or
        `tax_number` for one that is too long."""

        def work(tx: Tx) -> int | Refusal:
            said = [each.strip() for each in (name, address, number)]
            wrong = mistake(*said)
            if wrong is not None:
                return Refusal(Code.CONTRADICTION, wrong)
            tx.lock_client(act.person.id)
            before = buyers.find(tx, act.person.id)
            after = replace(before, name=said[0] or None, address=said[1] or None, number=said[2] or None)
            buyers.keep(tx, act.person.id, after)
            note(tx, act, "person.on_receipts", Subject("person", act.person.id))
            return act.person.id

        return await once(self._storage, act, work)
