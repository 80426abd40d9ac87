"""What a paid page brings about is written together: each statement of Postgres is a round trip."""

import pytest

from bot.domain.bookings.bookings import Booking, BookingState
from storage.journal import inbox
from tests.services.cards.kept import keeps_while_paying
from tests.services.paid_practice import FEE, PaidPractice
from tests.support.servers.statements import asked

WRITES = 6
"""The lease and the mark of the event; the money with its fee; all that follows from it; the number of the receipt, and
the receipt.
"""

READS = 9
"""Whether the page is ours, before it is asked and under the lock; whose lock that is; what is paid for, and whether it
was paid; what is in the way; what the client entered for receipts.
"""


@pytest.mark.postgres
async def test_what_a_paid_page_brings_about_is_written_together(paid_practice: PaidPractice) -> None:
    if not await paid_practice.storage.read(lambda tx: tx.postgres):
        pytest.skip("on SQLite a statement is no trip")
    first, second = (await paid_practice.starts(paid_practice.paid))[::4][:2]
    booking = await paid_practice.hold(first)
    await paid_practice.silence()
    page = await paid_practice.page(booking)
    assert await told(paid_practice, booking, str(page.checkout_ref)) == (WRITES, READS)
    assert await paid_practice.ledger(booking.id) == [("charge", "ch", 4500), ("fee", "txn", FEE)]

    kept = await paid_practice.hold(second)
    page = await keeps_while_paying(paid_practice, kept)
    assert await told(paid_practice, kept, str(page.checkout_ref)) == (WRITES, READS), "a card that is kept goes along"


async def told(practice: PaidPractice, booking: Booking, page: str) -> tuple[int, int]:
    """How many statements write, and how many read, when Stripe says that this page was paid."""
    await practice.control("pay", session=page, card="success")
    event = next(
        each
        for each in practice.sandbox.account.events.all.values()
        if each["type"] == "checkout.session.completed" and each["data"]["object"]["id"] == page
    )
    body, now = event["data"]["object"], practice.now()
    await practice.storage.write(lambda tx: inbox.put(tx, "stripe", event["id"], event["type"], body, now))
    [events] = practice.payments.work.inboxes
    with asked() as statements:
        assert await events.apply_due(now) == 1
    assert (await practice.found(booking.id)).state is BookingState.CONFIRMED
    asking = [each for each in statements if "pg_advisory" not in each]
    writes = [each for each in asking if any(word in each for word in ("INSERT", "UPDATE", "DELETE", "SAVEPOINT"))]
    return len(writes), len(asking) - len(writes)
