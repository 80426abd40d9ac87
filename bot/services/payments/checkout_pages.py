"""Makes payment pages from frozen parameters, and says what the provider is to be asked about each payment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.payments.cards import Card, CardState, Customer
from bot.domain.payments.payments import Parameters, Payment, PaymentState
from bot.domain.payments.tax import TaxChoice
from bot.domain.people.people import Person
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardOrder
from bot.integrations.payments.port import Order, PaymentProvider
from bot.services.cards import tell_tax
from bot.services.cards.customer_intents import MakeCustomer, ReadCards
from bot.services.cards.sweeps import make
from bot.services.kit import signed_refs
from bot.services.kit.intents import LEASE_S, Intent, attempt
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, sales
from bot.services.payments.kept_cards import off_session_charge as off_session
from bot.services.payments.kept_cards.charge_card import ChargeCard, FindCharge
from bot.services.payments.kept_cards.off_session import intend_another, is_by_itself
from bot.services.payments.kept_cards.reckon_tax import ReckonTax
from bot.services.payments.payment_intents import STALE, AskFee, AskPage, MakePage, drop_page
from bot.services.payments.sales import Sale
from storage.engine import Storage, Tx
from storage.payments import payments
from storage.payments.cards import cards, customers
from storage.people import people
from storage.practice import catalogue

PAID = (PaymentState.ACCEPTED, PaymentState.REFUSED)
PAGE_LIFE = timedelta(minutes=35)
"""The provider's least is 30 minutes, counted from when it hears of the page."""


@dataclass(frozen=True)
class OrderWords:
    """What the page says of the order, in `language`."""

    name: str
    description: str
    language: str


Describe = Callable[[Sale, Person], OrderWords]
"""Words for what is paid for, as its client reads them. Words are given above the services."""


class CheckoutPages:
    """The intents of the payments table (an `IntentKind`): pages to make, to ask about and to close, fees to fetch.

    `public_url` is where the client's browser comes back to.
    """

    name = "payments"
    seconds = 5.0
    """Each payment says itself when it is to be asked about, 30 s after the last question: one whose message was lost
    is found within a minute."""

    def __init__(
        self, storage: Storage, react: Reaction, provider: PaymentProvider, describe: Describe, public_url: str
    ) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider
        self._describe = describe
        self._public_url = public_url

    async def ready(self, subject: Subject, now: datetime) -> Payment | None:
        """The payment with its page, made now if need be; None when there is none to be had (yet).

        A page of before that is to be closed is seen closed first: nobody is to have two to pay on.
        """
        payment = await self._ready(subject, now)
        return payment if payment is None else await self._reckoned(payment, now)

    async def _ready(self, subject: Subject, now: datetime) -> Payment | None:
        if not await self._closed_before(subject, now):
            return None
        for _attempt in range(4):
            found = await self._storage.write(lambda tx: self._prepare(tx, subject, now))
            if isinstance(found, MakeCustomer | ReadCards):
                if await attempt(self._storage, found, now) is None:
                    return None
                continue
            if not isinstance(found, MakePage | ChargeCard):
                return found
            opened = await attempt(self._storage, found, now)
            if opened is None:
                return None
            if isinstance(found, ChargeCard) and opened.state is not PaymentState.OPEN:
                if opened.state in PAID or not await self._closed_before(subject, now):
                    return None
                continue  # the bank said no: a page takes its place
            if opened.state is not PaymentState.CLOSED:
                return opened if opened.state is PaymentState.OPEN else None
            if opened.expires_at - now >= STALE:  # the parameters are no older than the question: no use to ask again
                return None
        return None

    async def _reckoned(self, payment: Payment, now: datetime) -> Payment:
        """With what it comes to where a kept card pays, if one could."""
        if payment.tax is None or payment.reckoned is not None:
            return payment
        found = await self._storage.read(lambda tx: self._to_reckon(tx, payment, now))
        reckoned = None if found is None else await attempt(self._storage, found, now)
        return reckoned or payment

    def _to_reckon(self, tx: Tx, payment: Payment, now: datetime) -> ReckonTax | None:
        keeper, taxes, choice = self._provider.cards, self._provider.taxes, _tax(tx, payment)
        payer = sales.payer(tx, payment)
        if keeper is None or taxes is None or choice is None or payer is None:
            return None
        first = next((each for each in cards.of_person(tx, payer, keeper.mode) if each.is_good(now)), None)
        return None if first is None else ReckonTax(payment, taxes, first.customer_ref, choice)

    async def _closed_before(self, subject: Subject, now: datetime) -> bool:
        every = await self._storage.read_one(lambda tx: payments.of_subject(tx, subject))
        for row in every:
            if row.state is not PaymentState.CLOSING:
                continue
            intent = await self.intent(row, now)
            if intent is not None and await attempt(self._storage, intent, now) is None:
                return False
        return True

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Payment]:
        return payments.claim(tx, now, limit, lease_s)

    async def intent(self, row: Payment, now: datetime) -> Intent[Payment | None] | None:
        if row.state is PaymentState.CLOSED:
            await self._storage.write(lambda tx: payments.ask_at(tx, row.id, None))
            return None
        if row.state in (PaymentState.ACCEPTED, PaymentState.REFUSED):
            return AskFee(row, self._provider, self._react)
        closing = row.state is PaymentState.CLOSING
        standing = not closing and await self._storage.read_one(lambda tx: sales.stands(tx, row, now))
        if row.state is PaymentState.INTENDED and standing:
            if row.card_id is not None and await self._storage.read_one(lambda tx: off_session.is_ours(tx, row)):
                return await self._off_session(row, now)
            await self.ready(row.subject, now)
            return None
        if row.state in payments.LIVE and not standing and row.subject.kind == "order":
            await self._storage.write(lambda tx: self._end(tx, row, now))
        payment = row if row.checkout_ref is not None else await self._heard_of(row, now)
        if payment is None or payment.checkout_ref is None:
            return None
        return AskPage(payment, self._provider, self._react, payment.checkout_ref, standing)

    async def _off_session(self, row: Payment, now: datetime) -> ChargeCard | off_session.LookForFee | None:
        """The charge of a fee. What the provider may have forgotten by now is looked for, and not asked once more."""
        if not await self._closed_before(row.subject, now):
            return None
        frozen = await self._storage.read_one(lambda tx: off_session.forgotten(tx, row, now))
        if frozen:
            return off_session.LookForFee(row, self._provider, self._react, frozen)
        found = await self._storage.write(lambda tx: self._prepare(tx, row.subject, now))
        return found if isinstance(found, ChargeCard) else None

    async def _heard_of(self, payment: Payment, now: datetime) -> Payment | None:
        """Close a page whose address may never have reached us: asking with the same key returns it."""
        frozen = await self._storage.read_one(lambda tx: payments.parameters(tx, payment.id))
        if not frozen:
            return await self._storage.write(lambda tx: drop_page(tx, payment.id))
        kind = MakePage if payment.card_id is None else FindCharge
        return await attempt(self._storage, kind(payment, self._provider, self._react, frozen), now)

    def _end(self, tx: Tx, row: Payment, now: datetime) -> None:
        """An order without a hold has no other end: a hold is ended by its own sweep."""
        sale = sales.of_payment(tx, row)
        if sale is not None and not sale.holds and not sale.stands(now):
            orders_tx.end(tx, self._react, sale.order, Cause(None, "worker", now))

    def _prepare(
        self, tx: Tx, subject: Subject, now: datetime
    ) -> Payment | MakePage | ChargeCard | MakeCustomer | ReadCards | None:
        sale = sales.about(tx, subject)
        if sale is None or not sale.stands(now) or not sale.order.amount:
            return None
        payment = payments.live(tx, sale.order.about)
        if payment is None:
            sales.lock(tx, sale.order.about)  # two who ask at once must not both begin another attempt
            payment = payments.live(tx, sale.order.about) or self._another(tx, sale, now)
        client = people.find(tx, sale.person_id)
        if payment is None or client is None:
            return None
        if payment.state is PaymentState.OPEN:
            return payment
        words, keeper = self._describe(sale, client), self._provider.cards
        if payment.card_id is not None:
            card = cards.find(tx, payment.card_id)
            if keeper is None or card is None or (payment.tax is not None and payment.reckoned is None):
                return drop_page(tx, payment.id)
            if card.state is not CardState.KEPT:
                self._without_card(tx, payment, sale, now)
                return None
            present = not is_by_itself(payment, sale.order)
            charge = keeper.draft_charge(self._charge(payment, words, card, present=present))
            return ChargeCard(*self._frozen(tx, payment, charge, payment.expires_at, now))
        customer, facts = self._customer(tx, payment, client, now), tell_tax.wanted(tx, client.id)
        if customer is not None and keeper is not None:
            if customer.ref is None:
                return make(customer, client, keeper, self._public_url)
            if payment.tax is not None and tell_tax.differs(customer, facts):
                return ReadCards(customer, keeper, self._provider.name, self._provider.taxes, facts)
        expires_at = now + PAGE_LIFE
        asked_for = self._order(payment, words, expires_at, customer, _tax(tx, payment))
        frozen = self._frozen(tx, payment, self._provider.draft(asked_for), expires_at, now)
        return MakePage(*frozen, awaited=True)

    def _without_card(self, tx: Tx, payment: Payment, sale: Sale, now: datetime) -> None:
        """The card is kept no more. What was perhaps charged already is found before anything else is asked for."""
        sales.lock(tx, sale.order.about)
        payments.close(tx, sale.order.about, now)
        tx.flush()
        intend_another(tx, payment, sale, now)

    def _frozen(
        self, tx: Tx, payment: Payment, asked_for: Parameters, ends: datetime, now: datetime
    ) -> tuple[Payment, PaymentProvider, Reaction, Parameters]:
        """What the provider is about to be asked with, written down; the same for who asks once more."""
        frozen = payments.freeze(tx, payment.id, asked_for, ends, now)
        payments.ask_at(tx, payment.id, now + timedelta(seconds=LEASE_S), payment.failures)
        asked = payments.find(tx, payment.id)
        assert asked is not None
        return asked, self._provider, self._react, frozen

    def _customer(self, tx: Tx, payment: Payment, client: Person, now: datetime) -> Customer | None:
        """Under whom the card is kept that pays, and of whom the provider knows what decides their tax; None where
        there is neither."""
        keeper = self._provider.cards
        if keeper is None or not (payment.keep_card or payment.tax is not None):
            return None
        found = customers.of_person(tx, client.id, keeper.mode)
        if payment.keep_card or (found is not None and found.ref is not None):
            return found
        if self._provider.taxes is None or not tell_tax.differs(None, tell_tax.wanted(tx, client.id)):
            return None
        return found or customers.need(tx, client.id, keeper.mode, now)

    def _another(self, tx: Tx, sale: Sale, now: datetime) -> Payment | None:
        """Another attempt; None where the one before shows that it would be in vain."""
        before = next(iter(payments.of_subject(tx, sale.order.about)), None)
        if before is not None and (before.reference is not None or before.state is PaymentState.REFUSED):
            return None
        return payments.find(tx, sales.intend(tx, sale, now))

    def _charge(self, payment: Payment, words: OrderWords, card: Card, *, present: bool) -> CardOrder:
        proof = signed_refs.seal(self._storage.sealer, payment.id)
        return CardOrder(
            payment_id=payment.id,
            subject=payment.subject,
            amount=payment.amount if payment.reckoned is None else payment.reckoned.total,
            name=words.name,
            customer_ref=card.customer_ref,
            card_ref=card.ref,
            return_url=f"{self._public_url}/pay/return?p={proof}" if present else None,
            tax_ref=None if payment.reckoned is None else payment.reckoned.ref,
        )

    def _order(
        self,
        payment: Payment,
        words: OrderWords,
        expires_at: datetime,
        customer: Customer | None,
        tax: TaxChoice | None,
    ) -> Order:
        proof = signed_refs.seal(self._storage.sealer, payment.id)
        return Order(
            payment_id=payment.id,
            subject=payment.subject,
            amount=payment.amount,
            name=words.name,
            description=words.description,
            language=words.language,
            expires_at=expires_at,
            success_url=f"{self._public_url}/pay/return?session_id={{CHECKOUT_SESSION_ID}}&p={proof}",
            cancel_url=f"{self._public_url}/pay/left?p={proof}",
            tax=tax,
            customer_ref=None if customer is None else customer.ref,
            keep_card=payment.keep_card and customer is not None,
        )


def _tax(tx: Tx, payment: Payment) -> TaxChoice | None:
    """As it was told when the order was opened; what is sold is called as it is today."""
    if payment.tax is None:
        return None
    today = catalogue.snapshot(tx).practice.tax
    return TaxChoice(payment.tax, None if today is None else today.code)
