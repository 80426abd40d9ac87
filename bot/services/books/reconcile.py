"""Compares our books with the provider's account, mends what is safe, and names what is left for a person to decide.

What is mended is entered as if the provider's message had come: by the state of the thing, once, whatever else happens
at the same time. So this can run beside a product at work.
"""

from datetime import datetime

from bot.domain.payments.differences import Compared, Difference, Differs
from bot.domain.records import Cause
from bot.integrations.payments.books import Books, Unmarked
from bot.integrations.payments.port import Checkout, PaymentProvider, Returned
from bot.services.books import differences, kept_cards
from bot.services.books.differences import Found, Seen
from bot.services.disputes import record_dispute
from bot.services.kit.reaction import Reaction
from bot.services.payments.accept_money import fee_known
from bot.services.payments.kept_cards.by_card import as_checkout
from bot.services.payments.refunds.record_refund import record_refund
from bot.services.payments.settle_payment import apply_checkout
from storage.engine import Storage, Tx
from storage.payments import books as our_books
from storage.payments import payments


async def reconcile(
    storage: Storage, react: Reaction, provider: PaymentProvider, books: Books, since: datetime, now: datetime, *,
    in_chat: bool = False,
) -> Compared:  # fmt: skip
    """Of all that was made since then, and of all cards that are kept. `in_chat`: a chat platform collects money as
    well. Raises `VendorAway`, `VendorRefused`."""
    cause = Cause(None, provider.name, now)
    mended: list[Difference] = []
    collects = in_chat or await storage.read(lambda tx: any(each.by_charge for each in our_books.paid_since(tx, since)))
    seen = await _seen(books, since, unmarked=collects)
    for _round in range(2):  # of a page that was paid, what went back can be entered only then
        found = await storage.read(lambda tx: differences.find(tx, seen))
        safe = [each for each in found if each.difference.is_safe]
        for each in safe:
            await storage.write(lambda tx, each=each: _mend(tx, react, each, cause))  # type: ignore[misc]
        mended += [each.difference for each in safe]
        if not safe:
            break
    still = [each.difference for each in await storage.read(lambda tx: differences.find(tx, seen))]
    money = Compared.after(_size(seen), mended, still)
    if provider.cards is None:
        return money
    return money + await kept_cards.compare(storage, provider, provider.cards, now)


async def _seen(books: Books, since: datetime, *, unmarked: bool) -> Seen:
    return Seen(
        since,
        [
            *[each async for each in books.pages(since)],
            *[as_checkout(each) async for each in books.card_payments(since)],
        ],
        [each async for each in books.refunds(since)],
        [each async for each in books.disputes(since)],
        [each async for each in books.warnings(since)],
        [each async for each in books.unmarked(since)] if unmarked else None,
    )


def _size(seen: Seen) -> int:
    lists = (seen.pages, seen.refunds, seen.disputes, seen.warnings, seen.unmarked or ())
    return sum(len(each) for each in lists)


def _mend(tx: Tx, react: Reaction, found: Found, cause: Cause) -> None:
    match found.thing:
        case Checkout() as page if found.difference.what is Differs.FEE:
            payment = payments.by_ref(tx, page.ref)
            if payment is not None and page.charge is not None:
                fee_known(tx, payment, page.charge, cause)
        case Checkout() as page:
            apply_checkout(tx, react, page, cause)
        case Unmarked() as came:
            payment = payments.by_intent(tx, came.intent_ref, came.charge.ref)
            if payment is not None:
                fee_known(tx, payment, came.charge, cause)
        case Returned() as returned:
            record_refund(tx, returned, cause)
        case None:
            return
        case news:
            payment = payments.by_intent(tx, news.intent_ref, news.charge_ref)
            if payment is not None:
                record_dispute.record(tx, payment, news, cause)
