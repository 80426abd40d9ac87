"""Compares the cards that are kept here with those that the provider keeps, and reads them anew where they differ.

It reads them as the worker does when there is news of a card: what the provider tells then is the truth. Which card is
offered first is ours to say; the provider's own choice counts for invoices of its dashboard alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.payments import cards as ours
from bot.domain.payments.cards import Card, CardState
from bot.domain.payments.differences import Compared, Difference, Differs
from bot.integrations.payments.cards import CardKeeper, Customer, KeptCard
from bot.integrations.payments.port import PaymentProvider
from bot.services.cards.sweeps import Customers
from bot.services.kit.intents import attempt
from storage.engine import Storage, Tx
from storage.payments.cards import cards, customers

_READ_ANEW = (Differs.CARD_KEPT, Differs.CARD_GONE, Differs.CARD_SHOWN, Differs.CUSTOMER_GONE)


@dataclass(frozen=True)
class Theirs:
    """What the provider keeps for a customer of ours; `there` is None where it knows no such customer."""

    customer: ours.Customer
    there: Customer | None
    cards: Sequence[KeptCard]


async def compare(storage: Storage, provider: PaymentProvider, keeper: CardKeeper, now: datetime) -> Compared:
    """All customers, each asked for by itself. Raises `VendorAway`, `VendorRefused`."""
    seen = [await _ask(keeper, each) for each in await storage.read(lambda tx: customers.made(tx, keeper.mode))]
    looked_at = sum(len(each.cards) for each in seen)
    if seen and all(each.there is None for each in seen):  # perhaps the account is another: nothing is taken out
        return Compared(looked_at, left=(Difference(Differs.NO_CUSTOMERS, seen[0].customer.ref or ""),))
    tried: list[Difference] = []
    still: list[Difference] = []
    for each in seen:
        if not await _differences(storage, each):
            continue
        found = await _differences(storage, await _ask(keeper, each.customer))  # it may have changed since it was told
        safe = [difference for difference in found if difference.is_safe]
        if safe:
            await _mend(storage, provider, keeper, each, safe, now)
            found = await _differences(storage, await _ask(keeper, each.customer))
        tried += safe
        still += found
    return Compared.after(looked_at, tried, still)


async def _differences(storage: Storage, theirs: Theirs) -> list[Difference]:
    return await storage.read(lambda tx: _between(tx, theirs))


async def _ask(keeper: CardKeeper, customer: ours.Customer) -> Theirs:
    ref = customer.ref or ""
    there = await keeper.customer(ref)
    return Theirs(customer, there, [] if there is None else await keeper.cards_of(ref))


def _between(tx: Tx, theirs: Theirs) -> list[Difference]:
    """Of what is here now from what the provider told. Where a card cannot be read nothing is said of its customer."""
    customer, unread = customers.find(tx, theirs.customer.id), len(tx.bad_rows)
    if customer is None or customer.ref != theirs.customer.ref:
        return []  # as the worker has found out meanwhile
    mine = cards.of_customer(tx, customer.id)
    if len(tx.bad_rows) > unread:
        return []
    if theirs.there is None:
        return [Difference(Differs.CUSTOMER_GONE, customer.ref or "")]
    found = [*_there(mine, theirs.cards), *_here(mine, theirs.cards), *_first(mine, theirs.there.card_ref)]
    return [Difference(what, f"{customer.ref}/{ref}") for what, ref in found]


def _there(mine: Iterable[Card], told: Iterable[KeptCard]) -> Iterable[tuple[Differs, str]]:
    known = {each.ref: each for each in mine}
    for card in told:
        before = known.get(card.ref)
        if before is None:
            yield Differs.CARD_KEPT, card.ref
        elif before.state is CardState.REMOVED:
            yield Differs.CARD_STAYED, card.ref
        elif before.state is CardState.KEPT and before.shown != card.shown:
            yield Differs.CARD_SHOWN, card.ref


def _here(mine: Iterable[Card], told: Iterable[KeptCard]) -> Iterable[tuple[Differs, str]]:
    there = {card.ref for card in told}
    return [(Differs.CARD_GONE, each.ref) for each in _kept(mine) if each.ref not in there]


def _first(mine: Iterable[Card], default: str | None) -> Iterable[tuple[Differs, str]]:
    kept = _kept(mine)
    first = max(kept, key=lambda each: (each.chosen_at, each.id), default=None)
    if first is not None and first.ref != default and default in {each.ref for each in kept}:
        yield Differs.DEFAULT_CARD, default or ""


def _kept(mine: Iterable[Card]) -> list[Card]:
    return [each for each in mine if each.state is CardState.KEPT]


async def _mend(
    storage: Storage, provider: PaymentProvider, keeper: CardKeeper, theirs: Theirs, those: Sequence[Difference],
    now: datetime,
) -> None:  # fmt: skip
    if any(each.what in _READ_ANEW for each in those):
        row = await storage.read(lambda tx: customers.find(tx, theirs.customer.id))
        intent = None if row is None else await Customers(storage, provider, keeper, "").intent(row, now)
        if intent is not None:
            await attempt(storage, intent, now)
    stayed = {each.ref.partition("/")[2] for each in those if each.what is Differs.CARD_STAYED}
    if stayed:  # its client was told that it is gone
        await storage.write(lambda tx: _remove_again(tx, theirs.customer.id, stayed, now))


def _remove_again(tx: Tx, customer_id: int, refs: Iterable[str], now: datetime) -> None:
    gone = [each for each in cards.of_customer(tx, customer_id) if each.state is CardState.REMOVED]
    cards.leave(tx, [each.id for each in gone if each.ref in set(refs)], now)
