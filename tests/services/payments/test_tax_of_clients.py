"""A client's tax number is checked, and an owner takes no tax of a client: both decide the tax of the next order, and
are kept with it."""

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.payments import Movement
from bot.domain.payments.tax_numbers import NumberState
from bot.domain.refusals import Code
from bot.services.payments.receipts.receipts import Receipts
from bot.services.receipts.buyers import Buyers
from storage.tables import audit, customers, persons
from tests.services.bare_practice import CLIENT, OWNER, done, refused
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_tax import INSIDE, moved, pays, taxes

AUSTRIAN, UNKNOWN, CHECKED_FOR_LONG = "ATU 1234 5678", "ATU111111111", "ATU222222222"
WHY = "A school, by § 4 of the law"


def buyers(practice: PaidPractice) -> Buyers:
    return Buyers(practice.storage, practice.provider)


async def enters(practice: PaidPractice, number: str) -> None:
    act = await practice.act(CLIENT, practice.now())
    done(await buyers(practice).enter(act, "", "", number))
    for _round in range(3):  # the customer is made, the number is told, and what the state says is asked for
        await practice.sweep(hours=7)
        await practice.sandbox.tick()


async def state(practice: PaidPractice) -> NumberState | None:
    return await buyers(practice).number_state((await practice.meet(CLIENT, practice.now())).id)


async def at_stripe(practice: PaidPractice) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in practice.sandbox.account.tax_ids.values()]


async def bought(practice: PaidPractice, region: str) -> Booking:
    held = await practice.hold((await practice.starts(practice.paid, practice.now()))[-1])
    await pays(practice, await practice.page(held), region)
    return await practice.found(held.id)


async def sold(practice: PaidPractice, region: str) -> Movement:
    [charge] = await moved(practice, await bought(practice, region))
    return charge


async def test_a_number_is_checked_and_decides_the_tax_of_the_next_order(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, INSIDE)
    before = await sold(taxed_practice, "AT")
    assert (before.tax_amount, before.tax_id) == (750, None)
    await enters(taxed_practice, AUSTRIAN)
    assert await state(taxed_practice) is NumberState.VERIFIED
    assert await at_stripe(taxed_practice) == [("eu_vat", "ATU12345678")]
    charge = await sold(taxed_practice, "AT")
    [number] = taxed_practice.sandbox.account.tax_ids
    assert (charge.tax_amount, charge.tax_rates[0].reason, charge.tax_id) == (0, "reverse_charge", number)
    await enters(taxed_practice, "")
    assert (await state(taxed_practice), await at_stripe(taxed_practice)) == (None, [])
    assert (await sold(taxed_practice, "AT")).tax_amount == 750


async def test_a_number_that_the_state_does_not_know_is_told_once_and_saves_no_tax(
    taxed_practice: PaidPractice,
) -> None:
    await taxes(taxed_practice, INSIDE)
    await enters(taxed_practice, UNKNOWN)
    assert await state(taxed_practice) is NumberState.UNVERIFIED
    await taxed_practice.sweep(hours=7)
    person = await taxed_practice.meet(CLIENT, taxed_practice.now())
    assert [(who, told) for who, told, _state in await taxed_practice.notices("tax-number")] == [
        (person.id, "tax-number")
    ]
    assert await at_stripe(taxed_practice) == []
    assert (await sold(taxed_practice, "AT")).tax_amount == 750
    await enters(taxed_practice, AUSTRIAN)
    assert await state(taxed_practice) is NumberState.VERIFIED


async def test_the_states_word_comes_by_itself(taxed_practice: PaidPractice) -> None:
    await taxed_practice.control("options", webhook_url=f"{taxed_practice.url}/webhooks/stripe")
    await taxes(taxed_practice, INSIDE)
    await enters(taxed_practice, CHECKED_FOR_LONG)
    assert await state(taxed_practice) is NumberState.PENDING
    [number] = taxed_practice.sandbox.account.tax_ids
    await taxed_practice.control("tax_id", tax_id=number, status="verified")
    await taxed_practice.heard()
    await taxed_practice.sweep(seconds=1)
    assert await state(taxed_practice) is NumberState.VERIFIED


async def test_a_number_of_another_kind_only_stands_on_receipts(taxed_practice: PaidPractice) -> None:
    await enters(taxed_practice, AUSTRIAN)
    assert (await state(taxed_practice), await at_stripe(taxed_practice)) == (None, []), "no tax is reckoned"
    await taxes(taxed_practice, INSIDE)
    await enters(taxed_practice, "12/345/67890")
    assert (await state(taxed_practice), await at_stripe(taxed_practice)) == (NumberState.UNAVAILABLE, [])


async def test_an_owner_takes_no_tax_of_a_client_with_a_reason(taxed_practice: PaidPractice) -> None:
    await taxes(taxed_practice, INSIDE)
    client, owner = await taxed_practice.meet(CLIENT), await taxed_practice.meet(OWNER)
    service = buyers(taxed_practice)
    for why in ("", " ", "x" * 201):
        act = await taxed_practice.act(OWNER, taxed_practice.now())
        refused(await service.exempt(act, client.id, why, on=True), Code.CONTRADICTION)
    act = await taxed_practice.act(CLIENT, taxed_practice.now())
    refused(await service.exempt(act, client.id, WHY, on=True), Code.NOT_FOUND)
    done(await service.exempt(await taxed_practice.act(OWNER, taxed_practice.now()), client.id, WHY, on=True))
    act = await taxed_practice.act(OWNER, taxed_practice.now())
    refused(await service.exempt(act, client.id, WHY, on=True), Code.CHANGED)
    kept = await service.of(client.id)
    assert (kept.why, kept.by, kept.since is not None) == (WHY, owner.id, True)
    booking = await bought(taxed_practice, "DE")
    [charge] = await moved(taxed_practice, booking)
    assert (charge.tax_amount, charge.tax_exempt, charge.tax_rates[0].reason) == (0, "exempt", "customer_exempt")
    [receipt] = await Receipts(taxed_practice.storage, "").of(booking.subject)
    assert receipt.receipt.exemption == WHY
    for table in (persons, customers, audit):
        query = sa.select(table)
        rows = await taxed_practice.storage.read(lambda tx, query=query: tx.execute(query).all())  # type: ignore[misc]
        assert WHY not in str(rows), "it is sealed"
    done(await service.exempt(await taxed_practice.act(OWNER, taxed_practice.now()), client.id, "Sold", on=False))
    assert (await sold(taxed_practice, "DE")).tax_amount == 718
    assert [each for each in await taxed_practice.trail() if each.startswith("person.tax")] == [
        "person.tax_exempt", "person.tax_due",
    ]  # fmt: skip
