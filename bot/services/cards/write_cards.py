"""Writes down which cards the provider keeps for a customer: what it tells is the truth, whatever brought it up."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.cards import Card, CardState, Customer
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import KeptCard
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments.cards import cards, customers

_NEVER_CHOSEN = datetime(1970, 1, 1, tzinfo=UTC)


def write_cards(tx: Tx, asked: Customer, told: Sequence[KeptCard], via: str, now: datetime) -> None:
    """`told`: all cards that the provider keeps for the customer, the newest first.

    A card that is there is written down, one that has other digits or another end was renewed by its bank, one that is
    missing was removed, and of the same card kept twice only the newest stays.
    """
    customer = customers.lock(tx, asked.id)
    if customer is None:
        return
    known = {each.ref: each for each in cards.of_customer(tx, customer.id)}
    for card in reversed(told):
        before = known.get(card.ref)
        if before is None:
            _kept(tx, customer, card, known, via, now)
        elif before.state is CardState.KEPT:
            _compared(tx, before, card, via, now)
    there = {each.ref for each in told}
    gone = [each for each in known.values() if each.state is not CardState.REMOVED and each.ref not in there]
    cards.remove(tx, [each.id for each in gone])
    for each in gone:
        _note(tx, each.id, "card.removed", via, now)


def is_gone(tx: Tx, customer_id: int, now: datetime) -> None:
    """Somebody deleted the customer at the provider, with its cards."""
    cards.remove(tx, [each.id for each in cards.of_customer(tx, customer_id)])
    customers.is_gone(tx, customer_id, now)


def _kept(tx: Tx, customer: Customer, card: KeptCard, known: dict[str, Card], via: str, now: datetime) -> None:
    """The first one is offered first; one that takes the place of another has its place."""
    kept = [each for each in known.values() if each.state is CardState.KEPT]
    same = [each for each in kept if card.fingerprint is not None and each.fingerprint == card.fingerprint]
    chosen_at = now if not kept else max((each.chosen_at for each in same), default=_NEVER_CHOSEN)
    card_id = cards.keep(tx, customer, card.ref, card.shown, card.fingerprint, now)
    cards.choose(tx, card_id, chosen_at)
    cards.leave(tx, [each.id for each in same], now)
    for each in same:
        known.pop(each.ref)
    found = cards.find(tx, card_id)
    assert found is not None
    known[card.ref] = found
    _note(tx, card_id, "card.kept", via, now)
    if customer.page_ref is not None:  # else the payment that it was kept with says so
        _tell(tx, NoticeKind.CARD_KEPT, customer.person_id, card_id, str(card_id), now)


def _compared(tx: Tx, before: Card, card: KeptCard, via: str, now: datetime) -> None:
    if card.shown == before.shown:
        return
    cards.show_as(tx, before.id, card.shown, card.fingerprint)
    _note(tx, before.id, "card.renewed", via, now)
    event = f"{before.id}:{card.last4}:{card.exp_year}-{card.exp_month}"
    _tell(tx, NoticeKind.CARD_RENEWED, before.person_id, before.id, event, now)


def _tell(tx: Tx, kind: NoticeKind, person_id: int, card_id: int, event: str, now: datetime) -> None:
    notice = Notice(f"card:{event}:{kind}", person_id, kind, address_of(kind, card_id), now)
    outbox.put(tx, notice, now)


def _note(tx: Tx, card_id: int, act: str, via: str, now: datetime) -> None:
    audit.write(tx, person_id=None, via=via, act=act, subject=Subject("card", card_id), now=now)
