"""Cards are kept by their client's wish, shown without their number, renewed by their bank, and removed for good."""

import asyncio

import sqlalchemy as sa

from bot.domain.payments.cards import CardState
from bot.domain.refusals import Code
from bot.services.cards.customer_intents import ReadCards
from storage import tables
from storage.payments.cards import customers
from tests.services.bare_practice import CLIENT, made, refused
from tests.services.cards.kept import WORDS, agrees, cards_of, keeps, keeps_while_paying
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


async def test_a_card_is_kept_by_a_page_on_which_nothing_is_paid(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 12, 2034)
    assert (card.words, card.agreed_at is not None) == (WORDS, True)
    [(_who, told, _state)] = await paid_practice.notices("card-kept")
    assert told == f"notice/card-kept/{card.id}"
    assert {"card.agreed", "card.kept"} <= set(await paid_practice.trail())
    person = await paid_practice.meet(CLIENT)
    found = await paid_practice.cards.of(person.id, paid_practice.now())
    assert found.page_url is None, "the page was used"


async def test_a_card_is_kept_though_no_word_of_it_arrives(paid_practice: PaidPractice) -> None:
    await paid_practice.silence()
    await paid_practice.control("pay", session=await agrees(paid_practice), card="success")
    await paid_practice.sweep(seconds=31)
    assert [card.last4 for card in await cards_of(paid_practice)] == ["4242"]


async def test_a_card_is_kept_while_paying_where_its_client_chose_it(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    first = await paid_practice.page(booking)
    page = await keeps_while_paying(paid_practice, booking)
    sessions = paid_practice.sandbox.account.sessions
    assert sessions[first.checkout_ref or ""].status == "expired", "a first page is seen closed before a fresh one"
    asked = sessions[page.checkout_ref or ""].asked
    assert asked["payment_intent_data"]["setup_future_usage"] == "off_session"
    await paid_practice.pays(page)
    await paid_practice.heard()
    await paid_practice.sweep(seconds=1)
    [card] = await cards_of(paid_practice)
    assert (card.last4, card.words) == ("4242", WORDS)
    assert (await paid_practice.found(booking.id)).paid.amount == 4500
    assert await paid_practice.notices("card-kept") == [], "the confirmation says enough"


async def test_a_page_that_was_opened_meanwhile_stays(paid_practice: PaidPractice) -> None:
    """The answer about the page before comes only then."""
    person, before = await paid_practice.meet(CLIENT), await agrees(paid_practice)
    paid_practice.advance(minutes=40)
    asked = await paid_practice.storage.read(lambda tx: customers.of_person(tx, person.id, "test"))
    keeper = paid_practice.provider.cards
    assert asked is not None
    assert keeper is not None
    record = await ReadCards(asked, keeper, "stripe").carry_out(paid_practice.now())
    assert await agrees(paid_practice) != before
    await paid_practice.storage.write(record)
    assert (await paid_practice.cards.of(person.id, paid_practice.now())).page_url is not None


async def test_who_did_not_choose_it_keeps_no_card(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.sweep(seconds=1)
    assert (await cards_of(paid_practice), await paid_practice.states(tables.customers)) == ((), [])
    assert paid_practice.sandbox.account.customers == {}


async def test_two_first_payments_at_once_make_one_customer(paid_practice: PaidPractice) -> None:
    person = await paid_practice.meet(CLIENT)
    acts = [await paid_practice.act(CLIENT, paid_practice.now()) for _tap in range(4)]
    await asyncio.gather(*(paid_practice.cards.agree(act, WORDS) for act in acts))
    await asyncio.gather(*(paid_practice.cards.make_page(person.id, paid_practice.now()) for _tap in range(4)))
    assert len(paid_practice.sandbox.account.customers) == 1
    assert await paid_practice.states(tables.customers) == ["made"]


async def test_a_card_that_is_removed_is_gone_at_the_provider(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    refused(await paid_practice.cards.remove(act, card.id, card.version + 1), Code.CHANGED)
    stranger = await paid_practice.act(guest(1), paid_practice.now())
    refused(await paid_practice.cards.remove(stranger, card.id, card.version), Code.NOT_FOUND)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.cards.remove(act, card.id, card.version))
    assert await cards_of(paid_practice) == ()
    await paid_practice.sweep(seconds=1)
    assert await paid_practice.states(tables.cards) == [CardState.REMOVED]
    assert all(each.customer is None for each in paid_practice.sandbox.account.methods.values())


async def test_the_first_card_is_the_first_until_another_is_chosen(paid_practice: PaidPractice) -> None:
    visa = await keeps(paid_practice)
    await keeps(paid_practice, "mastercard")
    assert [card.brand for card in await cards_of(paid_practice)] == ["visa", "mastercard"]
    other = (await cards_of(paid_practice))[1]
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.cards.use_first(act, other.id, other.version))
    assert [card.id for card in await cards_of(paid_practice)] == [other.id, visa.id]


async def test_the_same_card_kept_twice_is_kept_once(paid_practice: PaidPractice) -> None:
    await keeps(paid_practice)
    again = await keeps(paid_practice)
    await paid_practice.sweep(seconds=1)
    assert [card.id for card in await cards_of(paid_practice)] == [again.id]
    assert await paid_practice.states(tables.cards) == [CardState.REMOVED, CardState.KEPT]


async def test_a_renewed_card_is_told_once(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await paid_practice.control("options", duplicates=2)
    await paid_practice.control("renew", payment_method=card.ref, exp_month=3, exp_year=2037, last4="0007")
    await paid_practice.heard()
    for _round in range(2):
        await paid_practice.sweep(seconds=5)
    [renewed] = await cards_of(paid_practice)
    assert (renewed.id, renewed.last4, renewed.exp_month, renewed.exp_year) == (card.id, "0007", 3, 2037)
    assert len(await paid_practice.notices("card-renewed")) == 1


async def test_no_number_is_in_any_row(paid_practice: PaidPractice) -> None:
    await keeps(paid_practice)
    for table in (tables.customers, tables.cards, tables.inbox, tables.payments):
        query = sa.select(table)
        rows = await paid_practice.storage.read(lambda tx, query=query: tx.execute(query).all())  # type: ignore[misc]
        assert "4242424242424242" not in str(rows)
