"""Who pays chooses how: with a kept card, on a page, or on one where the card is kept. Each choice is a new attempt."""

from bot.domain.acts import Act
from bot.domain.payments.cards import Card
from bot.domain.payments.orders import LIFE
from bot.domain.payments.payments import Payment
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.integrations.payments.port import PaymentProvider
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.payments import sales
from bot.services.payments.sales import Sale
from storage.engine import Storage, Tx
from storage.payments import payment_changes, payments
from storage.payments.cards import cards, customers


class PayByCard:
    """`Payments.ready` carries out what was chosen here: the attempt of before is seen ended before the next one."""

    def __init__(self, storage: Storage, provider: PaymentProvider | None) -> None:
        self._storage = storage
        self._mode = "" if provider is None or provider.cards is None else provider.cards.mode

    async def pay(self, act: Act, subject: Subject, attempt: int, card_id: int) -> Done | Refusal:
        """Charge this kept card for a hold or an order of one's own. `{id}` is the booking, or the order.

        `attempt`: the one that the person saw. HOLD_OVER, CHANGED; NOT_FOUND for a card that is kept no more.
        """

        def work(tx: Tx) -> int | Refusal:
            sale = _own(tx, act, subject, attempt)
            if isinstance(sale, Refusal):
                return sale
            live = payments.live(tx, sale.order.about)
            card = cards.find(tx, card_id)
            if card is None or card.person_id != act.person.id or not card.is_good(act.now):
                return NOT_FOUND
            if live is not None and not can_pay(card, live):
                return Refusal(Code.CHANGED)
            payments.close(tx, sale.order.about, act.now)
            tx.flush()
            ends = min(sale.ends, act.now + LIFE)  # what is owed can be paid for long, but a tap is not for long
            made = payments.intend(tx, sale.order, ends, act.now, card_id=card_id)
            if live is not None and live.reckoned is not None:
                payment_changes.keep_reckoning(tx, made, live.reckoned)
            note(tx, act, "payment.by_card", sale.order.about, after={"card": card_id})
            return _id(sale)

        return await once(self._storage, act, work)

    async def on_page(self, act: Act, subject: Subject, attempt: int, keep_under: str | None = None) -> Done | Refusal:
        """Pay on a page. `keep_under`: the words under which the card that pays is kept, None: it is not."""

        def work(tx: Tx) -> int | Refusal:
            if not self._mode:
                return Refusal(Code.PAYMENTS_OFF)
            sale = _own(tx, act, subject, attempt)
            if isinstance(sale, Refusal):
                return sale
            if keep_under is not None:
                customers.agree(tx, act.person.id, self._mode, keep_under, act.now)
            payments.close(tx, sale.order.about, act.now)
            tx.flush()
            payments.intend(tx, sale.order, sale.ends, act.now, keep=keep_under is not None)
            note(tx, act, "payment.on_page", sale.order.about, after={"keep_card": keep_under is not None})
            return _id(sale)

        return await once(self._storage, act, work)


def can_pay(card: Card, live: Payment) -> bool:
    """With tax only where it was reckoned for the client under whom the card is kept."""
    return live.tax is None or (live.reckoned is not None and live.reckoned.customer_ref == card.customer_ref)


def _own(tx: Tx, act: Act, subject: Subject, attempt: int) -> Sale | Refusal:
    sale = sales.own(tx, act, subject)
    if isinstance(sale, Refusal):
        return sale
    live = payments.live(tx, sale.order.about)
    return sale if attempt == (0 if live is None else live.attempt) else Refusal(Code.CHANGED)


def _id(sale: Sale) -> int:
    return sale.order.id if sale.alone is None else sale.alone.id
