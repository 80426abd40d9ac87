"""Takes a receipt with a wrong name or address back and issues another one: no paper is ever changed."""

from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.buyers import mistake
from bot.domain.payments.receipts import Party, ReceiptKind, cancelling
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments.receipts import receipts
from storage.payments.receipts.receipts import Kept


class ReceiptCorrections:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def replaces(self, receipt_id: int) -> bool:
        """Whether this receipt can be taken back: a purchase's, once."""

        def work(tx: Tx) -> bool:
            found = receipts.find(tx, receipt_id)
            return found is not None and _stands(tx, found)

        return await self._storage.read_one(work)

    async def for_buyer(self, act: Act, receipt_id: int, buyer: Party) -> Done | Refusal:
        """Cancel it and issue it anew for this buyer, who is told; no money moves. `{id}` is the new one.

        CHANGED when it is taken back already. CONTRADICTION with `name`, `address` or `tax_number` for one that is
        empty or too long.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SEE_MONEY):
                return NOT_FOUND
            if (wrong := _wrong(buyer)) is not None:
                return Refusal(Code.CONTRADICTION, wrong)
            found = receipts.find(tx, receipt_id)
            if found is None:
                return NOT_FOUND
            tx.lock_client(found.origin.person_id)
            if not _stands(tx, found):
                return Refusal(Code.CHANGED)
            return _replace(tx, act, found, buyer)

        return await once(self._storage, act, work)


def _wrong(buyer: Party) -> str | None:
    return mistake(buyer.name, buyer.address or "", buyer.number or "") if buyer.name else "name"


def _stands(tx: Tx, found: Kept) -> bool:
    if found.receipt.kind is not ReceiptKind.PURCHASE:
        return False
    beside = receipts.beside(tx, found)
    taken_back = {each.receipt.corrects for each in beside if each.receipt.kind is ReceiptKind.CANCELLATION}
    return found.receipt.number not in taken_back


def _replace(tx: Tx, act: Act, found: Kept, buyer: Party) -> int:
    before = found.receipt
    receipts.issue(tx, cancelling(before, act.now), found.origin)
    after = replace(before, number="", at=act.now, buyer=buyer, corrects=before.number)
    made = receipts.issue(tx, after, found.origin)
    subject = Subject("order", found.origin.order_id or 0)
    note(tx, act, "receipt.replaced", subject, {"receipt": before.number}, {"receipt": made.receipt.number})
    _tell(tx, act, made)
    return made.id


def _tell(tx: Tx, act: Act, made: Kept) -> None:
    """Who paid has the old paper: they are given the new one, unless they made it themselves."""
    kind, payer = NoticeKind.RECEIPT_REPLACED, made.origin.person_id
    if payer != act.person.id:
        told = Notice(f"receipt:{made.id}:{kind}", payer, kind, address_of(kind, made.id), act.now)
        outbox.put(tx, told, act.now)
