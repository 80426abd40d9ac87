"""A warning of fraud informs; an owner may give the money back at once, and all that was bought with it goes too."""

from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.money import Money
from bot.domain.refusals import Code, Done, Refusal
from bot.services.disputes.disputes import Disputes
from storage.bookings import on_order
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.disputes.selling_packages import bought, dispute, left, movements
from tests.services.paid_practice import PaidPractice
from tests.services.plans.planning_practice import Planning


async def test_a_warning_of_fraud_informs_once_and_rests_when_the_money_went_back(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    warned = await paid_practice.control("fraud_warning", charge=package.charge)
    await paid_practice.heard()
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.WARNED
    assert await left(paid_practice, package.grant_id) == (5, 0)
    assert len(await paid_practice.notices("dispute")) == 1
    await paid_practice.control("refund", charge=package.charge)
    await paid_practice.heard()
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.SPARED
    assert len(await paid_practice.notices("dispute")) == 1


async def test_money_given_back_for_a_warning_takes_what_is_unspent(paid_practice: PaidPractice) -> None:
    """Once, and by an owner alone."""
    package = await bought(paid_practice)
    warned = await paid_practice.control("fraud_warning", charge=package.charge)
    await paid_practice.heard()
    known, service = await dispute(paid_practice, warned["id"]), Disputes(paid_practice.storage)
    all_of_it = Money(22500, "EUR")
    nobody = await service.give_back(await paid_practice.act(CLIENT, paid_practice.now()), known.id, all_of_it)
    assert nobody == Refusal(Code.NOT_FOUND)
    assert isinstance(await service.give_back(await paid_practice.act(OWNER), known.id, all_of_it), Done)
    again = await service.give_back(await paid_practice.act(OWNER), known.id, all_of_it)
    assert again == Refusal(Code.CHANGED)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (0, 0)
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.SPARED
    assert await movements(paid_practice) == [("charge", 22500), ("refund", -22500)]


async def test_money_given_back_for_a_warning_is_the_price_of_each_session_that_it_paid(
    paid_practice: PaidPractice,
) -> None:
    """Nothing of it is left with any of them, for a cancel to promise once more."""
    planning = Planning(paid_practice)
    order_id = made(await planning.books(planning.plan()))
    page = await paid_practice.payments.ready_order(order_id, paid_practice.now())
    assert page is not None
    await paid_practice.pays(page)
    await paid_practice.heard()
    paid = await paid_practice.payment(page.id)
    warned = await paid_practice.control("fraud_warning", charge=paid.charge_ref)
    await paid_practice.heard()
    known, act = await dispute(paid_practice, warned["id"]), await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await Disputes(paid_practice.storage).give_back(act, known.id, paid.amount), Done)
    booked = await paid_practice.storage.read(lambda tx: on_order.of_order(tx, order_id))
    assert [each.paid.amount for each in booked] == [0] * 5
    await paid_practice.sweep(seconds=1)
    assert sum(each.amount for each in paid_practice.sandbox.account.refunds.values()) == paid.amount.amount
