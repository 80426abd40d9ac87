"""Asks the provider for one customer: to make it, for its cards, or for a page on which a card is kept."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.cards import Customer
from bot.domain.payments.tax_numbers import NumberState, TaxFacts, ToldTax
from bot.integrations.payments.cards import CardKeeper
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.tax import TaxReckoner
from bot.integrations.vendor import VendorRefused
from bot.services.cards import tell_tax
from bot.services.cards.write_cards import is_gone, write_cards
from bot.services.kit.patience import Patience
from storage.engine import Tx
from storage.notices import outbox
from storage.payments.cards import customers

log = logging.getLogger(__name__)

PATIENCE = Patience(longest=timedelta(hours=1), give_up_after=40)

KEY_LIFE = timedelta(hours=20)
"""A key is remembered for a day: within it an uncertain wish is asked again with it, afterwards it is looked for."""

PAGE_AGAIN = timedelta(seconds=30)

NUMBER_AGAIN = timedelta(hours=6)
"""After so long somebody looks what became of a tax number of which no word came."""

Outcome = Callable[[Tx], Customer | None]


@dataclass(frozen=True)
class _OfCustomer:
    customer: Customer
    keeper: CardKeeper

    @property
    def name(self) -> str:
        return "customer"

    @property
    def id(self) -> int:
        return self.customer.id

    @property
    def failures(self) -> int:
        return self.customer.failures

    @property
    def patience(self) -> Patience:
        return PATIENCE

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        customers.ask_at(tx, self.customer.id, again, self.customer.failures + 1)

    async def refused(self, refusal: VendorRefused, _now: datetime) -> Outcome:
        raise refusal


@dataclass(frozen=True)
class MakeCustomer(_OfCustomer):
    """Makes it once. `house` tells our wishes from those of another installation beside the same account."""

    language: str
    house: str

    async def carry_out(self, now: datetime) -> Outcome:
        person_id, since = self.customer.person_id, self.customer.created_at
        there = await self.keeper.customers_of(person_id) if now - since > KEY_LIFE else []
        ours = hashlib.sha256(f"{self.house}:{self.customer.id}:{since.timestamp()}".encode()).hexdigest()[:32]
        key = f"rapport:customer:{self.customer.id}:{ours}"
        found = there[0] if there else await self.keeper.make_customer(person_id, self.language, key)
        log.info("customer.made", extra={"ids": {"customer": self.customer.id, "ref": found.ref}})

        def record(tx: Tx) -> Customer | None:
            customers.make(tx, self.customer.id, found.ref)
            if tell_tax.differs(None, tell_tax.wanted(tx, self.customer.person_id)):
                customers.ask_soon(tx, self.customer.id, now)
            return customers.find(tx, self.customer.id)

        return record


@dataclass(frozen=True)
class ReadCards(_OfCustomer):
    """Asks which cards it has, and how the page stands on which one is to be kept. `taxes`, `facts`: and tells what
    decides their tax."""

    via: str
    taxes: TaxReckoner | None = None
    facts: TaxFacts | None = None

    async def carry_out(self, now: datetime) -> Outcome:
        asked = self.customer
        assert asked.ref is not None
        tax = asked.tax
        if self.taxes is not None and self.facts is not None:
            tax = await tell_tax.tell(self.taxes, asked, self.facts)
        checked = tax.number_state is NumberState.PENDING
        page = None if asked.page_ref is None else await self.keeper.find_card_page(asked.page_ref)
        told = await self.keeper.cards_of(asked.ref)
        open_still = page is not None and page.state is PageState.OPEN

        def record(tx: Tx) -> Customer | None:
            write_cards(tx, asked, told, self.via, now)
            again = now + PAGE_AGAIN if open_still else now + NUMBER_AGAIN if checked else None
            customers.answered(tx, asked, again)
            _is_told(tx, asked, tax, now)
            if asked.page_ref is not None and not open_still:
                customers.close_page(tx, asked.id, asked.page_ref)
            return customers.find(tx, asked.id)

        return record

    async def refused(self, refusal: VendorRefused, now: datetime) -> Outcome:
        """Perhaps somebody deleted it at the provider, with its cards."""
        asked = self.customer
        if asked.ref is None or await self.keeper.customer(asked.ref) is not None:
            raise refusal

        def record(tx: Tx) -> Customer | None:
            is_gone(tx, asked.id, now)
            return None

        return record


def _is_told(tx: Tx, asked: Customer, tax: ToldTax, now: datetime) -> None:
    """Of a number that the state does not know its client hears, once."""
    before = customers.find(tx, asked.id)
    if before is None or before.tax == tax:
        return
    customers.tell(tx, asked.id, tax)
    known = (before.tax.facts.number, before.tax.number_state)
    if tax.number_state is not NumberState.UNVERIFIED or known == (tax.facts.number, tax.number_state):
        return
    kind = NoticeKind.TAX_NUMBER
    told = Notice(f"customer:{asked.id}:number:{before.version}", asked.person_id, kind, address_of(kind), now)
    outbox.put(tx, told, now)


@dataclass(frozen=True)
class OpenCardPage(_OfCustomer):
    """Asks for a page on which a card is kept and nothing is paid."""

    parameters: Mapping[str, Any]
    ends: datetime

    async def carry_out(self, now: datetime) -> Outcome:
        asked = json.dumps(self.parameters, sort_keys=True).encode()
        key = f"rapport:card-page:{self.customer.id}:{hashlib.sha256(asked).hexdigest()[:32]}"
        page = await self.keeper.open_card_page(self.parameters, key)

        def record(tx: Tx) -> Customer | None:
            customers.open_page(tx, self.customer.id, page.ref, page.url, self.ends, now + PAGE_AGAIN)
            return customers.find(tx, self.customer.id)

        return record

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        """Nobody waits for it any more: who taps again asks for another."""
