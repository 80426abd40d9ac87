"""The real SDK against the stand-in: sessions, refusals, idempotency, refunds, lists."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import stripe

from tests.sandbox.stripe.stripe_support import KEY, Bench, asked, priced, running


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        yield made


async def test_a_session_is_created_and_read_back(bench: Bench) -> None:
    made = await bench.session()
    assert (made.status, made.payment_status, made.amount_total, made.currency) == ("open", "unpaid", 6000, "usd")
    assert made.url == f"{bench.url}/pay/{made.id}"
    read = await bench.client.v1.checkout.sessions.retrieve_async(made.id, {"expand": ["line_items"]})
    assert read.metadata is not None
    assert read.metadata["booking"] == "42"
    assert read.line_items is not None
    assert [item.description for item in read.line_items.data] == ["Career session"]
    assert read.payment_method_types == ["card"]
    assert read.payment_intent is None


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"payment_intent_data": {"colour": "red"}}, "parameter_unknown", "payment_intent_data[colour]"),
        ({"line_items": priced(49)}, "amount_too_small", None),
        ({"line_items": priced(100_000_000)}, "amount_too_large", None),
        ({"line_items": priced(6000, "zzz")}, None, "line_items[0][price_data][currency]"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "resource_missing", "line_items[0][price]"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "practice.example"}, "url_invalid", "success_url"),
        ({"cancel_url": ""}, "parameter_invalid_empty", "cancel_url"),
        ({"mode": "gift"}, None, "mode"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {f"k{n}": "v" for n in range(51)}}, None, "metadata"),
        ({"customer": "cus_1"}, "resource_missing", "customer"),
        ({"discounts": [{"coupon": "SPRING"}]}, "resource_missing", "discounts[0][coupon]"),
        ({"allow_promotion_codes": True}, None, "allow_promotion_codes"),
        ({"expand": ["colour"]}, None, "expand"),
    ],
)
async def test_what_stripe_would_refuse_is_refused(
    bench: Bench, changes: dict[str, Any], code: str | None, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.session(**changes)
    assert (refused.value.code, refused.value.param, refused.value.http_status) == (code, param, 400)
    assert refused.value.request_id is not None
    assert bench.sandbox.account.sessions == {}


@pytest.mark.parametrize(("seconds", "fits"), [(1799, False), (1801, True), (86399, True), (86402, False)])
async def test_a_session_lasts_from_half_an_hour_to_a_day(bench: Bench, seconds: int, fits: bool) -> None:
    at = int(bench.sandbox.clock.now().timestamp()) + seconds
    if fits:
        assert (await bench.session(expires_at=at)).expires_at == at
        return
    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        await bench.session(expires_at=at)


async def test_a_wrong_key_and_an_unknown_id_are_told_apart(bench: Bench) -> None:
    async with bench.browser.get(f"{bench.url}/v1/account", headers={"Authorization": "Bearer sk_test_no"}) as no:
        assert no.status == 401
    async with bench.browser.get(f"{bench.url}/v1/account") as none:
        assert none.status == 401
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        await bench.client.v1.checkout.sessions.retrieve_async("cs_test_none")
    assert (unknown.value.http_status, unknown.value.code) == (404, "resource_missing")
    account = await bench.client.v1.accounts.retrieve_current_async()
    assert account.charges_enabled


async def test_a_json_body_and_an_unknown_route_are_refused(bench: Bench) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with bench.browser.post(f"{bench.url}/v1/refunds", json={"charge": "ch_1"}, headers=headers) as answer:
        assert answer.status == 400
    async with bench.browser.get(f"{bench.url}/v1/coupons", headers=headers) as answer:
        assert answer.status == 404
        assert "Unrecognized request URL" in (await answer.json())["error"]["message"]


async def test_the_same_key_replays_the_first_answer(bench: Bench) -> None:
    params = asked(bench)
    create = bench.client.v1.checkout.sessions.create_async
    first = await create(params, {"idempotency_key": "bk_42:1"})
    await bench.control("pay", session=first.id)
    again = await create(params, {"idempotency_key": "bk_42:1"})
    assert again.id == first.id
    assert again.status == "open", "a replay is the first answer, not today's state"
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(bench.sandbox.account.sessions) == 1


async def test_a_key_belongs_to_its_parameters_and_endpoint(bench: Bench) -> None:
    made = await bench.session(key="bk_42:1")
    with pytest.raises(stripe.IdempotencyError):
        await bench.session(key="bk_42:1", client_reference_id="other")
    with pytest.raises(stripe.IdempotencyError):
        await bench.client.v1.checkout.sessions.expire_async(made.id, None, {"idempotency_key": "bk_42:1"})


async def test_a_refused_parameter_leaves_the_key_free_and_a_refused_act_does_not(bench: Bench) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await bench.session(key="one", colour="red")
    made = await bench.session(key="one")
    await bench.control("pay", session=made.id)
    expire = bench.client.v1.checkout.sessions.expire_async
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
            await expire(made.id, None, {"idempotency_key": "two"})
    with pytest.raises(stripe.IdempotencyError):
        await bench.session(key="two")


async def test_a_key_in_use_conflicts(bench: Bench) -> None:
    await bench.control("options", latency=0.2)
    params = asked(bench)
    create = bench.client.v1.checkout.sessions.create_async
    both = await asyncio.gather(*(create(params, {"idempotency_key": "one"}) for _ in range(2)), return_exceptions=True)
    lost = [one for one in both if isinstance(one, stripe.StripeError)]
    assert [(one.http_status, one.error and one.error.code) for one in lost] == [(409, "idempotency_key_in_use")]
    assert len(bench.sandbox.account.sessions) == 1


async def test_a_key_is_free_again_after_a_day(bench: Bench) -> None:
    await bench.session(key="one")
    bench.sandbox.clock.advance(24 * 3600)
    await bench.session(key="one")
    assert len(bench.sandbox.account.sessions) == 2


async def test_work_whose_answer_was_lost_is_found_by_its_key(bench: Bench) -> None:
    bench.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after")
    params = asked(bench)
    create = bench.client.v1.checkout.sessions.create_async
    with pytest.raises(stripe.APIConnectionError):
        await create(params, {"idempotency_key": "one"})
    made = await create(params, {"idempotency_key": "one"})
    assert list(bench.sandbox.account.sessions) == [made.id]


async def test_failures_on_request_look_like_stripes(bench: Bench) -> None:
    bench.sandbox.faults.add("POST /v1/*", "rate_limit")
    with pytest.raises(stripe.RateLimitError):
        await bench.session()
    bench.sandbox.faults.add("POST /v1/*", "status", status=500)
    with pytest.raises(stripe.APIError):
        await bench.session()
    await bench.session()
    assert [call.answer_status for call in bench.sandbox.journal.calls("POST /v1/checkout/sessions")] == [429, 500, 200]


async def test_only_an_open_session_is_expired(bench: Bench) -> None:
    made = await bench.session()
    ended = await bench.client.v1.checkout.sessions.expire_async(made.id)
    assert (ended.status, ended.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        await bench.client.v1.checkout.sessions.expire_async(made.id)


async def test_the_fee_of_a_charge_is_readable(bench: Bench) -> None:
    made = await bench.session()
    await bench.control("pay", session=made.id)
    path = ["payment_intent.latest_charge.balance_transaction"]
    read = await bench.client.v1.checkout.sessions.retrieve_async(made.id, {"expand": path})
    assert isinstance(read.payment_intent, stripe.PaymentIntent)
    assert isinstance(read.payment_intent.latest_charge, stripe.Charge)
    entry = read.payment_intent.latest_charge.balance_transaction
    assert isinstance(entry, stripe.BalanceTransaction)
    assert (entry.amount, entry.fee, entry.net) == (6000, 204, 5796)
    alone = await bench.client.v1.balance_transactions.retrieve_async(entry.id)
    assert alone.fee == 204


async def test_a_fee_may_become_known_later(bench: Bench) -> None:
    await bench.control("options", fee_delay=600)
    made = await bench.session()
    await bench.control("pay", session=made.id)
    [charge] = (await bench.client.v1.charges.list_async()).data
    assert charge.balance_transaction is None
    bench.sandbox.clock.advance(601)
    again = await bench.client.v1.charges.retrieve_async(charge.id)
    assert again.balance_transaction is not None
    await bench.hears.until("charge.updated")


async def test_refunds_stop_at_the_charged_amount(bench: Bench) -> None:
    made = await bench.session()
    await bench.control("pay", session=made.id)
    read = await bench.client.v1.checkout.sessions.retrieve_async(made.id)
    assert isinstance(read.payment_intent, str)
    refund = bench.client.v1.refunds.create_async
    part = await refund({"payment_intent": read.payment_intent, "amount": 2000, "metadata": {"refund": "7"}})
    assert (part.status, part.amount, part.metadata and part.metadata["refund"]) == ("succeeded", 2000, "7")
    with pytest.raises(stripe.InvalidRequestError, match=r"Refund amount \(\$40.01\)"):
        await refund({"payment_intent": read.payment_intent, "amount": 4001})
    rest = await refund({"charge": str(part.charge)})
    assert rest.amount == 4000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await refund({"payment_intent": read.payment_intent})
    assert refused.value.code == "charge_already_refunded"
    listed = await bench.client.v1.refunds.list_async({"payment_intent": read.payment_intent})
    assert [one.id for one in listed.data] == [rest.id, part.id]
    charge = await bench.client.v1.charges.retrieve_async(str(part.charge), {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 6000)
    assert charge.refunds is not None
    assert len(charge.refunds.data) == 2


async def test_only_a_charged_payment_is_refunded(bench: Bench) -> None:
    refund = bench.client.v1.refunds.create_async
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        await refund({"payment_intent": "pi_none"})
    assert (unknown.value.http_status, unknown.value.code) == (400, "resource_missing")
    made = await bench.session()
    await bench.control("pay", session=made.id, card="declined")
    [tried] = (await bench.state())["payment_intents"]
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        await refund({"payment_intent": tried["id"]})
    with pytest.raises(stripe.InvalidRequestError):
        await refund({"reason": "duplicate"})


async def test_lists_are_paged_newest_first(bench: Bench) -> None:
    made = [await bench.session() for _ in range(5)]
    await bench.control("pay", session=made[1].id)
    listing = bench.client.v1.checkout.sessions.list_async
    seen = [one.id async for one in (await listing({"limit": 2})).auto_paging_iter()]
    assert seen == [one.id for one in reversed(made)]
    paid = await bench.client.v1.checkout.sessions.retrieve_async(made[1].id)
    assert isinstance(paid.payment_intent, str)
    assert [one.id for one in (await listing({"payment_intent": paid.payment_intent})).data] == [made[1].id]
    before = await listing({"limit": 2, "ending_before": made[0].id})
    assert [one.id for one in before.data] == [made[2].id, made[1].id]
    with pytest.raises(stripe.InvalidRequestError):
        await listing({"limit": 101})


async def test_control_in_another_process_is_plain_http(bench: Bench) -> None:
    await bench.control("faults", match="GET /v1/account", kind="status", status=503)
    with pytest.raises(stripe.APIError):
        await bench.client.v1.accounts.retrieve_current_async()
    async with bench.browser.get(f"{bench.url}/_sandbox/journal", params={"name": "GET /v1/account"}) as answer:
        [call] = (await answer.json())["calls"]
    assert call["answer_status"] == 503
    assert "error" in await bench.control("options", colour="red")
    async with aiohttp.ClientSession() as other, other.get(f"{bench.url}/_sandbox/state") as answer:
        assert (await answer.json())["sessions"] == []
