"""What clients enter for their receipts: another name, an address, a tax number; and whom the practice takes no tax of.
Receipts and orders of before stay as they are."""

from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.payments.buyers import WHY_LENGTH, Buyer, Exemption, mistake
from bot.domain.payments.tax_numbers import NumberState, facts_of
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.port import PaymentProvider
from bot.services.cards import tell_tax
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.receipts.replace_receipt import ReceiptCorrections
from storage.engine import Storage, Tx
from storage.payments.cards import customers
from storage.people import buyers, people


class Buyers:
    """`provider` None, or one that reckons no tax: nobody is asked about numbers, and nobody told of exemptions."""

    def __init__(self, storage: Storage, provider: PaymentProvider | None = None) -> None:
        self._storage = storage
        keeper = None if provider is None or provider.taxes is None else provider.cards
        self._mode = None if keeper is None else keeper.mode
        self.corrections = ReceiptCorrections(storage)

    async def of(self, person_id: int) -> Buyer:
        return await self._storage.read_one(lambda tx: buyers.find(tx, person_id))

    async def number_state(self, person_id: int) -> NumberState | None:
        """What the state says to their tax number; None where there is none, and while no tax is reckoned. A number of
        a kind that nobody is asked about is UNAVAILABLE."""

        def work(tx: Tx) -> NumberState | None:
            buyer, facts = buyers.find(tx, person_id), tell_tax.wanted(tx, person_id)
            if self._mode is None or facts is None or buyer.number is None:
                return None
            if facts.number is None:
                return NumberState.UNAVAILABLE
            customer = customers.of_person(tx, person_id, self._mode)
            told = None if customer is None or customer.tax.facts.number != facts.number else customer.tax.number_state
            return told or NumberState.PENDING

        return await self._storage.read(work)

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
            self._keep(tx, act, act.person.id, after)
            note(tx, act, "person.on_receipts", Subject("person", act.person.id))
            return act.person.id

        return await once(self._storage, act, work)

    async def exempt(self, act: Act, person_id: int, why: str, *, on: bool) -> Done | Refusal:
        """From the next order on no tax is taken of this client, or it is again; `why` stands on receipts while it is
        not. CHANGED where it is so already, CONTRADICTION with `why` for no reason or one that is too long."""

        def work(tx: Tx) -> int | Refusal:
            client = people.find(tx, person_id)
            if client is None or not may(act.person, Permission.SEE_MONEY):
                return NOT_FOUND
            reason = why.strip()
            if not reason or len(reason) > WHY_LENGTH:
                return Refusal(Code.CONTRADICTION, "why")
            tx.lock_client(client.id)
            before = buyers.find(tx, client.id)
            if (before.exemption is not None) == on:
                return Refusal(Code.CHANGED)
            exemption = Exemption.EXEMPT if on else None
            after = replace(before, exemption=exemption, why=reason, by=act.person.id, since=act.now)
            self._keep(tx, act, client.id, after)
            what = "person.tax_exempt" if on else "person.tax_due"
            note(tx, act, what, Subject("person", client.id))
            return client.id

        return await once(self._storage, act, work)

    def _keep(self, tx: Tx, act: Act, person_id: int, buyer: Buyer) -> None:
        """And have the payment provider told, where it reckons tax."""
        buyers.keep(tx, person_id, buyer)
        if self._mode is None or tell_tax.wanted(tx, person_id) is None:
            return
        customer = customers.of_person(tx, person_id, self._mode)
        if tell_tax.differs(customer, facts_of(buyer)):
            customer = customer or customers.need(tx, person_id, self._mode, act.now)
            customers.ask_soon(tx, customer.id, act.now)
