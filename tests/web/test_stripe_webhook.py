"""The door for Stripe's messages: only what is signed, fresh and whole gets in, and acts once."""

import json
import time
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.sandbox.stripe.webhooks import signature_header
from bot.web.server import MAX_BODY_BYTES
from storage import tables
from storage.engine import Storage
from tests.services.till import SECRET, Till, running
from tests.storage.support import new_sealer


@pytest.fixture
async def till(database_url: str) -> AsyncIterator[Till]:
    storage = await Storage.open(database_url, new_sealer())
    async with running(storage) as open_till:
        yield open_till
    await storage.close()


async def post(till: Till, body: bytes, *, secret: str = SECRET, age: int = 0, header: str | None = None) -> int:
    signature = signature_header(body, [secret], int(time.time()) - age) if header is None else header
    headers = {"Stripe-Signature": signature} if signature else {}
    async with till.browser.post(f"{till.url}/webhooks/stripe", data=BytesIO(body), headers=headers) as answer:
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
async def test_what_is_not_authentic_fresh_and_whole_is_refused(till: Till, body: bytes, how: dict[str, Any]) -> None:
    if body == b"\xff\xfe":
        how = {"header": signature_header(b"", [SECRET], int(time.time()))}
    assert 400 <= await post(till, body, **how) < 500
    assert await till.count(tables.inbox) == 0


async def test_a_byte_was_changed(till: Till) -> None:
    body = event()
    header = signature_header(body, [SECRET], int(time.time()))
    assert await post(till, body.replace(b"cs_1", b"cs_2"), header=header) == 400


async def test_while_the_secret_is_rolled_both_signatures_are_there(till: Till) -> None:
    header = signature_header(event(), ["whsec_old", SECRET], int(time.time()))
    assert await post(till, event(), header=header) == 200


@pytest.mark.parametrize(
    "body",
    [event("customer.created"), event("payment_intent.succeeded"), event("checkout.session.completed"), event("x")],
)
async def test_what_is_no_concern_of_ours_is_answered_and_left(till: Till, body: bytes) -> None:
    assert await post(till, body) == 200
    await till.webhook.drain()
    [(_kind, state)] = await till.inbox()
    assert state in {"ignored", "received"}


async def test_a_message_delivered_many_times_acts_once(till: Till) -> None:
    await till.control("options", hold=True)
    booking = await till.hold((await till.starts())[0])
    await till.pays(await till.page(booking))
    told = [each for each in till.sandbox.account.events.all.values() if each["type"] == "checkout.session.completed"]
    body = json.dumps(told[0]).encode()
    header = signature_header(body, [SECRET], int(time.time()))
    assert [await post(till, body, header=header) for _again in range(4)] == [200] * 4
    await till.webhook.drain()
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED
    assert await till.count(tables.inbox) == 1
    assert (await till.trail()).count("payment.accepted") == 1


async def test_a_payment_is_believed_although_stripe_cannot_be_asked(till: Till) -> None:
    """The message is signed and says so; the charge's own id is then missing until its fee is asked for."""
    await till.control("options", hold=True)
    booking = await till.hold((await till.starts())[0])
    await till.pays(await till.page(booking))
    till.sandbox.faults.add("/v1/*", "status", status=500, times=100)
    await till.control("options", hold=False)
    await till.heard()
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED
    till.sandbox.faults.clear()
    await till.sweep(minutes=1)
    assert [(kind, ref) for kind, ref, _amount in await till.ledger(booking.id)] == [("charge", "pi"), ("fee", "txn")]
    assert ((await till.payment(1)).charge_ref or "").startswith("ch_")


async def test_what_was_heard_is_kept_sealed(till: Till) -> None:
    await post(till, event(data={"object": {"id": "cs_secret", "customer_details": {"email": "clara@example.com"}}}))
    await till.webhook.drain()
    kept = await till.storage.read(lambda tx: tx.execute(tables.inbox.select()).one().payload_sealed)
    assert "clara" not in kept
    assert "cs_secret" not in kept
