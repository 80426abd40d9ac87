"""Compares our books with the provider's account, mends what is safe, and names what is left for a person to decide.

What is mended is entered as if the provider's message had come: by the state of the thing, once, whatever else happens
at the same time. So this can run beside a product at work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.payments.differences import Difference, Differs
from bot.domain.records import Cause
from bot.integrations.payments.books import Books
from bot.integrations.payments.port import Checkout, PaymentProvider, Returned
from bot.services.books import differences
from bot.services.books.differences import Found, Seen
from bot.services.disputes import record_dispute
from bot.services.kit.reaction import Reaction
from bot.services.payments.accept_money import fee_known
from bot.services.payments.kept_cards.by_card import as_checkout
from bot.services.payments.record_refund import record_refund
from bot.services.payments.settle_payment import apply_checkout
from storage.engine import Storage, Tx
from storage.payments import payments


@dataclass(frozen=True)
class Compared:
    """`looked_at`: how many things of the provider. `mended` were safe to mend, `left` are for a person."""

    looked_at: int
    mended: Sequence[Difference]
    left: Sequence[Difference]


async def reconcile(
    storage: Storage, react: Reaction, provider: PaymentProvider, books: Books, since: datetime, now: datetime
) -> Compared:
    """Of all that was made since then. Raises `VendorAway`, `VendorRefused`."""
    cause = Cause(None, provider.name, now)
    mended: list[Difference] = []
    seen = await _seen(books, since)
    for _round in range(2):  # of a page that was paid, what went back can be entered only then
        found = await storage.read(lambda tx, seen=seen: differences.find(tx, seen))  # type: ignore[misc]
        safe = [each for each in found if each.difference.is_safe]
        for each in safe:
            await storage.write(lambda tx, each=each: _mend(tx, react, each, cause))  # type: ignore[misc]
        mended += [each.difference for each in safe]
        if not safe:
            break
    still = [each.difference for each in await storage.read(lambda tx: differences.find(tx, seen))]
    gone = [each for each in mended if each not in still]
    return Compared(_size(seen), tuple(dict.fromkeys(gone)), still)


async def _seen(books: Books, since: datetime) -> Seen:
    return Seen(
        since,
        [
            *[each async for each in books.pages(since)],
            *[as_checkout(each) async for each in books.card_payments(since)],
        ],
        [each async for each in books.refunds(since)],
        [each async for each in books.disputes(since)],
        [each async for each in books.warnings(since)],
    )


def _size(seen: Seen) -> int:
    return len(seen.pages) + len(seen.refunds) + len(seen.disputes) + len(seen.warnings)


def _mend(tx: Tx, react: Reaction, found: Found, cause: Cause) -> None:
    match found.thing:
        case Checkout() as page if found.difference.what is Differs.FEE:
            payment = payments.by_ref(tx, page.ref)
            if payment is not None and page.charge is not None:
                fee_known(tx, payment, page.charge, cause)
        case Checkout() as page:
            apply_checkout(tx, react, page, cause)
        case Returned() as returned:
            record_refund(tx, returned, cause)
        case None:
            return
        case news:
            payment = payments.by_intent(tx, news.intent_ref, news.charge_ref)
            if payment is not None:
                record_dispute.record(tx, payment, news, cause)
