"""A refund that an owner makes in Stripe's dashboard: its credits are frozen, and it has its receipt."""

from bot.domain.payments.money import Money
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits.frozen import FrozenCredits
from storage.payments.receipts import receipts
from tests.services.bare_practice import CLIENT, OWNER
from tests.services.disputes.selling_packages import bought, entered, left, movements
from tests.services.paid_practice import PaidPractice


async def test_dashboard_refund_for_a_bundle(paid_practice: PaidPractice) -> None:
    """It enters the ledger; credits are frozen up to its value, and the owner decides which of them are lost."""
    package = await bought(paid_practice)
    for amount in (9500, 4500):
        await paid_practice.control("refund", charge=package.charge, amount=amount)
        await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (2, 0), "two, and one: their price was 45.00 each"
    assert await movements(paid_practice) == [("charge", 22500), ("refund", -9500), ("refund", -4500)]
    told = [address for _owner, address, _state in await paid_practice.notices("credits-frozen")]
    assert told == ["notice/credits-frozen/1", "notice/credits-frozen/2"]
    frozen = FrozenCredits(paid_practice.storage)
    act = await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await frozen.take(act, 1), Done)
    assert await frozen.free(await paid_practice.act(OWNER, paid_practice.now()), 1) == Refusal(Code.CHANGED)
    assert await frozen.free(await paid_practice.act(CLIENT, paid_practice.now()), 2) == Refusal(Code.NOT_FOUND)
    assert isinstance(await frozen.free(await paid_practice.act(OWNER, paid_practice.now()), 2), Done)
    assert await left(paid_practice, package.grant_id) == (3, 0)
    assert (await entered(paid_practice, package.grant_id))[1:] == [
        ("frozen", -2), ("frozen", -1), ("thawed", 2), ("lost", -2), ("thawed", 1),
    ]  # fmt: skip


async def test_a_dashboard_refund_that_fails_later_frees_its_credits_and_takes_its_receipt_back(
    paid_practice: PaidPractice,
) -> None:
    package = await bought(paid_practice)
    back = await paid_practice.control("refund", charge=package.charge, amount=4500)
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (4, 0)
    await paid_practice.control("refund_outcome", refund=back["id"], status="failed")
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (5, 0)
    papers = await paid_practice.storage.read(lambda tx: receipts.of_subject(tx, Subject("order", package.order_id)))
    assert [(each.receipt.number, each.receipt.kind.value, each.receipt.total.amount) for each in papers] == [
        ("R-00001", "purchase", 22500), ("C-00001", "refund", -4500), ("C-00002", "cancellation", 4500),
    ]  # fmt: skip
    assert papers[-1].receipt.corrects == "C-00001"
    returned = await paid_practice.storage.read(lambda tx: receipts.returned(tx, package.payment_id, "EUR"))
    assert returned == Money(0, "EUR")
