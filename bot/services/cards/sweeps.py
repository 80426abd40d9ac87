"""The intents of the tables of customers and of cards: customers to make and to ask about, cards to remove."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.payments.cards import Card, CardState, Customer, CustomerState
from bot.domain.people.people import Person
from bot.integrations.payments.cards import CardKeeper
from bot.integrations.payments.port import PaymentProvider
from bot.integrations.vendor import VendorRefused
from bot.services.cards import tell_tax
from bot.services.cards.customer_intents import MakeCustomer, ReadCards
from bot.services.kit.intents import Intent
from bot.services.kit.patience import Patience
from storage.engine import Storage, Tx
from storage.payments.cards import cards, customers
from storage.people import people

REMOVAL = Patience(longest=timedelta(hours=1))


def make(customer: Customer, whose: Person | None, keeper: CardKeeper, house: str) -> MakeCustomer:
    return MakeCustomer(customer, keeper, "en" if whose is None else whose.language, house)


class Customers:
    """The intents of the customers table (an `IntentKind`)."""

    name = "customers"
    seconds = 3.0

    def __init__(self, storage: Storage, provider: PaymentProvider, keeper: CardKeeper, house: str) -> None:
        self._storage = storage
        self._via = provider.name
        self._mode = keeper.mode
        self._keeper = keeper
        self._taxes = provider.taxes
        self._house = house

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Customer]:
        return customers.claim(tx, now, limit, lease_s)

    async def intent(self, row: Customer, _now: datetime) -> Intent[Customer | None] | None:
        if row.mode != self._mode:  # the practice works with another key now
            await self._storage.write(lambda tx: customers.ask_at(tx, row.id, None))
            return None
        if row.state is CustomerState.MADE:
            facts = await self._storage.read(lambda tx: tell_tax.wanted(tx, row.person_id))
            return ReadCards(row, self._keeper, self._via, self._taxes, facts)
        whose = await self._storage.read_one(lambda tx: people.find(tx, row.person_id))
        return make(row, whose, self._keeper, self._house)


@dataclass(frozen=True)
class RemoveCard:
    """Has the provider forget a card that its client removed."""

    card: Card
    keeper: CardKeeper

    @property
    def name(self) -> str:
        return "card"

    @property
    def id(self) -> int:
        return self.card.id

    @property
    def failures(self) -> int:
        return self.card.failures

    @property
    def patience(self) -> Patience:
        return REMOVAL

    async def carry_out(self, _now: datetime) -> Callable[[Tx], None]:
        if self.card.state is CardState.LEAVING:
            await self.keeper.remove_card(self.card.ref)
        return lambda tx: cards.remove(tx, [self.card.id])

    async def refused(self, refusal: VendorRefused, _now: datetime) -> Callable[[Tx], None]:
        raise refusal

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        assert again is not None, "a card that is to go is never kept in the end"
        cards.ask_at(tx, self.card.id, again, self.card.failures + 1)


class Removals:
    """The intents of the cards table (an `IntentKind`)."""

    name = "cards"
    seconds = 3.0

    def __init__(self, keeper: CardKeeper) -> None:
        self._keeper = keeper

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Card]:
        return cards.claim(tx, now, limit, lease_s)

    async def intent(self, row: Card, _now: datetime) -> Intent[None] | None:
        return RemoveCard(row, self._keeper)
