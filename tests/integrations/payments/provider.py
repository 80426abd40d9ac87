"""The payment provider's adapter beside a stand-in that runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardOrder, CardPageOrder, Customer, KeptCard
from bot.integrations.payments.port import News, Order
from bot.integrations.payments.stripe.checkout import StripeCheckout
from tests.sandbox.stripe.stripe_support import KEY, SECRET, Bench, running

BACK = "https://practice.example/pay/return?p=abc"
BOOKING = Subject("booking", 12)


@dataclass
class Till:
    bench: Bench
    provider: StripeCheckout

    async def kept(self, card: str = "success", person_id: int = 7) -> tuple[Customer, KeptCard]:
        """A person's customer with a card that was kept on a page."""
        cards = self.provider.cards
        customer = await cards.make_customer(person_id, "de", f"rapport:customer:{person_id}")
        page = await cards.open_card_page(self.card_page(customer), f"rapport:cards:{person_id}")
        await self.bench.control("pay", session=page.ref, card=card)
        [found] = await cards.cards_of(customer.ref)
        return customer, found

    def card_page(self, customer: Customer) -> dict[str, Any]:
        ends = self.bench.sandbox.clock.now() + timedelta(minutes=31)
        back = "https://practice.example/cards"
        return self.provider.cards.draft_card_page(CardPageOrder(7, customer.ref, "EUR", "de", ends, back, back))

    def charge(self, customer: Customer, card: KeptCard, amount: int = 4500, **changes: Any) -> dict[str, Any]:
        order = CardOrder(5, BOOKING, Money(amount, "EUR"), "Single with Ana", customer.ref, card.ref, **changes)
        return self.provider.cards.draft_charge(order)

    def page(self, amount: int = 4500, **changes: Any) -> dict[str, Any]:
        ends = self.bench.sandbox.clock.now() + timedelta(minutes=35)
        order = Order(5, BOOKING, Money(amount, "EUR"), "Single", "Tue 1 Dec", "de", ends, BACK, BACK, **changes)
        return self.provider.draft(order)

    async def heard(self, kind: str) -> News | None:
        """What the provider reads from the last event of this kind, once it has come."""
        await self.bench.hears.until(kind)
        [*_, last] = [one for one in self.bench.hears.events() if one.type == kind]
        return self.provider.read(kind, last.to_dict()["data"]["object"])


@asynccontextmanager
async def open_till() -> AsyncIterator[Till]:
    async with running() as bench:
        provider = StripeCheckout(KEY, SECRET, bench.url)
        yield Till(bench, provider)
        await provider.aclose()
