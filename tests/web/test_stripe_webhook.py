"""POST /webhooks/stripe: only what is signed, fresh and whole is accepted, and it acts once."""

import json
import time
from io import BytesIO
from typing import Any

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.http_body import MAX_BODY_BYTES
from bot.sandbox.stripe.webhooks import signature_header
from storage import tables
from tests.services.paid_practice import SECRET, PaidPractice


async def post(
    paid_practice: PaidPractice, body: bytes, *, secret: str = SECRET, age: int = 0, header: str | None = None
) -> int:
    signature = signature_header(body, [secret], int(time.time()) - age) if header is None else header
    headers = {"Stripe-Signature": signature} if signature else {}
    async with paid_practice.browser.post(
        f"{paid_practice.url}/webhooks/stripe", data=BytesIO(body), headers=headers
    ) as answer:
        return answer.status


def event(kind: str = "checkout.session.completed", **changes: Any) -> bytes:
    body: dict[str, Any] = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": {"id": "cs_1"}}}
    return json.dumps(body | changes).encode()


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (event(), {"header": ""}),
        (event(), {"header": "t=1,v1=00"}),
        (event(), {"header": "nonsense"}),
        (event(), {"secret": "whsec_other"}),
        (event(), {"age": 301}),
        (b"", {}),
        (b"not json", {}),
        (b"\xff\xfe", {}),
        (b"[1, 2]", {}),
        (b"null", {}),
        (event(id=None), {}),
        (event(id=""), {}),
        (event(type=7), {}),
        (event(data=None), {}),
        (event(data={"object": "cs_1"}), {}),
        (b"{" + b" " * MAX_BODY_BYTES + b"}", {}),
    ],
)
async def test_what_is_not_authentic_fresh_and_whole_is_refused(
    paid_practice: PaidPractice, body: bytes, how: dict[str, Any]
) -> None:
    if body == b"\xff\xfe":
        how = {"header": signature_header(b"", [SECRET], int(time.time()))}
    assert 400 <= await post(paid_practice, body, **how) < 500
    assert await paid_practice.count(tables.inbox) == 0


async def test_a_byte_was_changed(paid_practice: PaidPractice) -> None:
    body = event()
    header = signature_header(body, [SECRET], int(time.time()))
    assert await post(paid_practice, body.replace(b"cs_1", b"cs_2"), header=header) == 400


async def test_while_the_secret_is_rolled_both_signatures_are_there(paid_practice: PaidPractice) -> None:
    header = signature_header(event(), ["whsec_old", SECRET], int(time.time()))
    assert await post(paid_practice, event(), header=header) == 200


@pytest.mark.parametrize(
    "body",
    [event("customer.created"), event("payment_intent.succeeded"), event("checkout.session.completed"), event("x")],
)
async def test_what_is_no_concern_of_ours_is_answered_and_left(paid_practice: PaidPractice, body: bytes) -> None:
    assert await post(paid_practice, body) == 200
    await paid_practice.webhook.drain()
    [(_kind, state)] = await paid_practice.inbox()
    assert state in {"ignored", "received"}


async def test_a_message_delivered_many_times_acts_once(paid_practice: PaidPractice) -> None:
    await paid_practice.control("options", hold=True)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    told = [
        each
        for each in paid_practice.sandbox.account.events.all.values()
        if each["type"] == "checkout.session.completed"
    ]
    body = json.dumps(told[0]).encode()
    header = signature_header(body, [SECRET], int(time.time()))
    assert [await post(paid_practice, body, header=header) for _again in range(4)] == [200] * 4
    await paid_practice.webhook.drain()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    assert await paid_practice.count(tables.inbox) == 1
    assert (await paid_practice.trail()).count("payment.accepted") == 1


async def test_a_payment_is_believed_although_stripe_cannot_be_asked(paid_practice: PaidPractice) -> None:
    """The message is signed and says so; the charge's own id is then missing until its fee is asked for."""
    await paid_practice.control("options", hold=True)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    paid_practice.sandbox.faults.add("/v1/*", "status", status=500, times=100)
    await paid_practice.control("options", hold=False)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    paid_practice.sandbox.faults.clear()
    await paid_practice.sweep(minutes=1)
    assert [(kind, ref) for kind, ref, _amount in await paid_practice.ledger(booking.id)] == [
        ("charge", "pi"),
        ("fee", "txn"),
    ]
    assert ((await paid_practice.payment(1)).charge_ref or "").startswith("ch_")


async def test_what_was_heard_is_kept_sealed(paid_practice: PaidPractice) -> None:
    await post(
        paid_practice, event(data={"object": {"id": "cs_secret", "customer_details": {"email": "clara@example.com"}}})
    )
    await paid_practice.webhook.drain()
    kept = await paid_practice.storage.read(lambda tx: tx.execute(tables.inbox.select()).one().payload_sealed)
    assert "clara" not in kept
    assert "cs_secret" not in kept
