"""Cards that are kept here and at Stripe: where no message told of a change, one look of the doctor reads them anew."""

import sqlalchemy as sa

from bot.checks import books
from bot.domain.payments.cards import Card
from bot.domain.payments.differences import Differs
from storage import tables
from storage.payments.cards import customers
from tests.services.bare_practice import made
from tests.services.books.test_left import compared
from tests.services.cards.kept import WORDS, cards_of, keeps
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest

DETACHED, ADDED, DELETED, RENEWED, STAYED = map(guest, range(1, 6))


async def test_kept_cards_are_as_stripe_has_them(practice: PaidPractice) -> None:
    kept = [await keeps(practice, who=who) for who in (DETACHED, ADDED, DELETED, RENEWED, STAYED)]
    keeper, account = practice.provider.cards, practice.sandbox.account
    assert (await compared(practice)).mended == ()
    await practice.silence()
    detached, added, deleted, renewed, stayed = kept
    await keeper.remove_card(detached.ref)
    await practice.control("pay", session=await page_of(practice, added), card="mastercard")
    await keeper.forget_customer(deleted.customer_ref)
    await practice.control("renew", payment_method=renewed.ref, exp_month=3, exp_year=2037, last4="0007")
    removed = sa.update(tables.cards).where(tables.cards.c.id == stayed.id).values(state="removed")
    await practice.storage.write(lambda tx: tx.execute(removed))

    found = await compared(practice)
    assert (found.left, found.explained) == ((), ())
    assert [each.what for each in found.mended] == [
        Differs.CARD_GONE, Differs.CARD_KEPT, Differs.CUSTOMER_GONE, Differs.CARD_SHOWN, Differs.CARD_STAYED,
    ]  # fmt: skip
    assert [len(await cards_of(practice, who)) for who in (DETACHED, ADDED, DELETED, RENEWED, STAYED)] == [
        0, 2, 0, 1, 0,
    ]  # fmt: skip
    assert (await cards_of(practice, RENEWED))[0].last4 == "0007"
    await practice.sweep(seconds=1)
    assert account.methods[stayed.ref].customer is None

    [first, other] = await cards_of(practice, ADDED)
    assert first.ref == added.ref
    await keeper.make_default(other.customer_ref, other.ref)
    again = await compared(practice)
    assert (again.mended, again.left, [each.what for each in again.explained]) == ((), (), [Differs.DEFAULT_CARD])
    said = books.lines(again)
    assert [line.state for line in said] == ["on", "on"]
    assert "invoices of the dashboard alone" in said[0].words


async def page_of(practice: PaidPractice, card: Card) -> str:
    """On which its client keeps one more."""
    made(await practice.cards.agree(await practice.act(ADDED, practice.now()), WORDS))
    await practice.cards.make_page(card.person_id, practice.now())
    customer = await practice.storage.read(lambda tx: customers.find(tx, card.customer_id))
    assert customer is not None
    return str(customer.page_ref)


async def test_of_another_account_no_card_is_taken_out(practice: PaidPractice) -> None:
    await keeps(practice)
    practice.sandbox.account.customers.clear()
    found = await compared(practice)
    assert ([each.what for each in found.left], found.mended) == ([Differs.NO_CUSTOMERS], ())
    assert len(await cards_of(practice)) == 1
