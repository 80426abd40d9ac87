"""Money that arrives: in its transaction the payment and its booking are read once, however much follows."""

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import PaymentState
from bot.domain.records import Cause
from bot.integrations.payments.port import Checkout
from bot.services.payments.payment_intents import AskPage
from bot.services.payments.settle_payment import apply_checkout
from bot.services.reactions import react
from storage import tables
from tests.services.bare_practice import CLIENT, made
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest
from tests.support.servers.statements import asked, asked_twice


async def test_each_row_is_read_once(paid_practice: PaidPractice) -> None:
    await paid_practice.silence()
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    assert page.checkout_ref is not None
    checkout = await paid_practice.provider.find(page.checkout_ref)
    assert checkout is not None
    cause = Cause(None, "stripe", paid_practice.now())
    with asked_twice() as twice, asked() as statements:
        settled = await paid_practice.storage.write(lambda tx: apply_checkout(tx, react, checkout, cause))
    assert settled is not None
    assert (settled.state, twice) == (PaymentState.ACCEPTED, [])
    read = [statement for statement in statements if statement.startswith("SELECT")]
    assert sum("payments.parameters_sealed" in each and "WHERE payments.id = " in each for each in read) == 1
    assert sum("bookings.place_sealed" in each and "WHERE bookings.id = " in each for each in read) == 1
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_what_is_passed_on_is_what_was_written(paid_practice: PaidPractice) -> None:
    """The payment as it stands after its page was applied, open, closed or paid, is the payment as it is kept."""
    await paid_practice.silence()
    first, *_others, last = await paid_practice.starts()
    page = await paid_practice.page(await paid_practice.hold(first))
    assert page.checkout_ref is not None
    await _applied(paid_practice, await paid_practice.provider.find(page.checkout_ref))
    await _applied(paid_practice, await paid_practice.provider.close(page.checkout_ref))
    page = await paid_practice.page(await paid_practice.hold(last, guest(1)))
    assert page.checkout_ref is not None
    await paid_practice.pays(page)
    await _applied(paid_practice, await paid_practice.provider.find(page.checkout_ref))
    assert await paid_practice.states(tables.payments) == ["closed", "intended", "accepted"]


async def test_a_page_that_nobody_knows_is_replaced_only_while_its_hold_stands(paid_practice: PaidPractice) -> None:
    """It stood when the provider was asked, and its client let it go before the answer was written down."""
    await paid_practice.silence()
    held = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(held)
    assert page.checkout_ref is not None
    paid_practice.sandbox.account.sessions.clear()
    asking = AskPage(page, paid_practice.provider, react, page.checkout_ref, stands=True)
    record = await asking.carry_out(paid_practice.now())
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.bookings.release(act, held.id, held.version))
    await paid_practice.storage.write(record)
    assert await paid_practice.states(tables.payments) == ["closed"]


async def _applied(paid_practice: PaidPractice, checkout: Checkout | None) -> None:
    assert checkout is not None
    cause = Cause(None, "stripe", paid_practice.now())
    settled = await paid_practice.storage.write(lambda tx: apply_checkout(tx, react, checkout, cause))
    assert settled is not None
    assert settled == await paid_practice.payment(settled.id)
