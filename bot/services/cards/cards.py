"""A client's kept cards: which there are, which is offered first, one more, one less."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.payments.cards import Card, CardState, Customer, CustomerState
from bot.domain.people.people import Account
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardKeeper, CardPageOrder
from bot.integrations.payments.port import PaymentProvider
from bot.services.cards import warnings
from bot.services.cards.customer_intents import OpenCardPage, ReadCards
from bot.services.cards.sweeps import Customers, Removals, make
from bot.services.cards.warnings import EndingCard
from bot.services.kit import signed_refs
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.intents import IntentRunner, attempt
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.vendor_work import VendorWork
from storage.engine import Storage, Tx
from storage.payments.cards import cards, customers
from storage.people import people
from storage.practice import practice

PAGE_LIFE = timedelta(minutes=35)
"""The provider's least is 30 minutes."""

USABLE = timedelta(minutes=2)


@dataclass(frozen=True)
class KeptCards:
    """The first is offered first. `page_url`: of a page on which one more can be kept, while it is open."""

    cards: tuple[Card, ...]
    page_url: str | None = None
    page_ends: datetime | None = None


@dataclass(frozen=True)
class KeptOutcome:
    """What a browser that comes back from the page of a card is told. `account` is the chat to go back to."""

    kept: bool
    language: str
    account: Account | None


class Cards:
    """`provider` None, or one that keeps no cards: there are none. `public_url` is where a browser comes back to."""

    def __init__(self, storage: Storage, provider: PaymentProvider | None, public_url: str) -> None:
        self._storage = storage
        self._provider = provider
        self._keeper: CardKeeper | None = None if provider is None else provider.cards
        self._public_url = public_url
        self.work = VendorWork()
        if provider is not None and self._keeper is not None:
            of_customers = Customers(storage, provider, self._keeper, public_url)
            self.work = VendorWork((IntentRunner(storage, of_customers), IntentRunner(storage, Removals(self._keeper))))

    @property
    def on(self) -> bool:
        return self._keeper is not None

    @property
    def _mode(self) -> str:
        return "" if self._keeper is None else self._keeper.mode

    async def of(self, person_id: int, now: datetime) -> KeptCards:
        """What this person has."""

        def work(tx: Tx) -> KeptCards:
            customer = customers.of_person(tx, person_id, self._mode)
            kept = tuple(cards.of_person(tx, person_id, self._mode))
            ends = None if customer is None else customer.page_ends
            if customer is None or ends is None or ends - now < USABLE:
                return KeptCards(kept)
            return KeptCards(kept, customer.page_url, ends)

        return await self._storage.read(work)

    async def find(self, person_id: int, card_id: int) -> Card | None:
        """A card of this person's, also one that is kept no more."""
        found = await self._storage.read_one(lambda tx: cards.find(tx, card_id))
        return found if found is not None and found.person_id == person_id else None

    async def ending(self, person_id: int, card_id: int, now: datetime) -> EndingCard | None:
        """That this card of theirs ends too soon; None while it does not, and for one that is not offered first."""

        def work(tx: Tx) -> EndingCard | None:
            card = cards.find(tx, card_id)
            return None if card is None or card.person_id != person_id else warnings.ending(tx, card, self._mode, now)

        return await self._storage.read(work)

    async def warn(self, now: datetime) -> int:
        """Write to those whose card ends too soon; how many messages were written."""
        return await warnings.warn(self._storage, self._mode, now) if self.on else 0

    async def agree(self, act: Act, words: str) -> Done | Refusal:
        """They agree under these words that a card is kept; `make_page` follows. `{id}` is the customer."""

        def work(tx: Tx) -> int | Refusal:
            if self._keeper is None:
                return Refusal(Code.PAYMENTS_OFF)
            tx.lock_client(act.person.id)
            customer = customers.agree(tx, act.person.id, self._mode, words, act.now)
            note(tx, act, "card.agreed", Subject("person", act.person.id))
            return customer.id

        return await once(self._storage, act, work)

    async def make_page(self, person_id: int, now: datetime) -> None:
        """Make the page on which a card is kept, unless one is open. Nothing comes of it while the provider is away:
        who taps again asks again."""
        customer = await self._storage.read(lambda tx: customers.of_person(tx, person_id, self._mode))
        keeper = self._keeper
        if customer is None or keeper is None or customer.agreed_at is None:
            return
        if customer.page_ends is not None and customer.page_ends - now >= USABLE:
            return
        whose = await self._storage.read_one(lambda tx: people.find(tx, person_id))
        made: Customer | None = customer
        if customer.state is CustomerState.INTENDED:
            made = await attempt(self._storage, make(customer, whose, keeper, self._public_url), now)
        if made is None or made.ref is None:
            return
        currency = (await self._storage.read(practice.get)).currency
        proof = signed_refs.seal(self._storage.sealer, made.id, signed_refs.CUSTOMER)
        ends = now + PAGE_LIFE
        order = CardPageOrder(
            person_id=person_id,
            customer_ref=made.ref,
            currency=currency or "EUR",
            language="en" if whose is None else whose.language,
            expires_at=ends,
            success_url=f"{self._public_url}/pay/return?session_id={{CHECKOUT_SESSION_ID}}&c={proof}",
            cancel_url=f"{self._public_url}/pay/left?c={proof}",
        )
        await attempt(self._storage, OpenCardPage(made, keeper, keeper.draft_card_page(order), ends), now)

    async def remove(self, act: Act, card_id: int, version: int) -> Done | Refusal:
        """It is used no more from this moment on, and the provider forgets it. CHANGED where it has another version."""

        def work(tx: Tx) -> int | Refusal:
            card = self._own(tx, act, card_id, version)
            if isinstance(card, Refusal):
                return card
            cards.leave(tx, [card_id], act.now)
            note(tx, act, "card.removed", Subject("card", card_id))
            return card_id

        return await once(self._storage, act, work)

    async def use_first(self, act: Act, card_id: int, version: int) -> Done | Refusal:
        """It is offered first from now on."""

        def work(tx: Tx) -> int | Refusal:
            card = self._own(tx, act, card_id, version)
            if isinstance(card, Refusal):
                return card
            cards.choose(tx, card_id, act.now)
            note(tx, act, "card.chosen", Subject("card", card_id))
            return card_id

        return await once(self._storage, act, work)

    def _own(self, tx: Tx, act: Act, card_id: int, version: int) -> Card | Refusal:
        card = cards.find(tx, card_id)
        if card is None or card.person_id != act.person.id or card.state is not CardState.KEPT:
            return NOT_FOUND
        customers.lock(tx, card.customer_id)
        card = cards.find(tx, card_id)
        return card if card is not None and card.version == version else Refusal(Code.CHANGED)

    async def returned(self, proof: str, now: datetime) -> KeptOutcome | None:
        """What became of the page of a card whose browser came back, or was left; None for a false proof."""
        customer_id = signed_refs.unseal(self._storage.sealer, proof, signed_refs.CUSTOMER)
        customer = None
        if customer_id is not None:
            customer = await self._storage.read_one(lambda tx: customers.find(tx, customer_id))
        if customer is None or self._provider is None or self._keeper is None:
            return None
        if customer.ref is not None and customer.page_ref is not None:
            await attempt(self._storage, ReadCards(customer, self._keeper, self._provider.name), now)
        person_id, number = customer.person_id, customer.id

        def work(tx: Tx) -> KeptOutcome:
            whose, after = people.find(tx, person_id), customers.find(tx, number)
            accounts = people.chats_of(tx, person_id)
            kept = after is not None and after.page_ref is None and bool(cards.of_person(tx, person_id, self._mode))
            language = "en" if whose is None else whose.language
            return KeptOutcome(kept, language, accounts[0] if accounts else None)

        return await self._storage.read(work)
