"""The simulator's own API: who may use it, and what it does to the stand-ins."""

import re
from typing import Any

import aiohttp
import pytest

from bot.sandbox.simulator.server import STATIC
from bot.sandbox.simulator.troubles import TROUBLES
from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.customers import customers, methods
from bot.sandbox.stripe.intents import intents
from tests.support.quiet_product import quiet_stage


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Host": "rebound.example"}])
async def test_another_sites_page_cannot_act(headers: dict[str, str]) -> None:
    async with quiet_stage() as (_stage, _product, url), aiohttp.ClientSession() as session:
        answer = await session.post(f"{url}/_sandbox/clock", json={"seconds": 60}, headers=headers)
        assert answer.status == 403


async def test_the_page_needs_nothing_from_elsewhere() -> None:
    async with quiet_stage() as (_stage, _product, url), aiohttp.ClientSession() as session:
        page = await session.get(url)
        text = await page.text()
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert not re.findall(r"(?:src|href)=\"https?://", text)
        for address in re.findall(r"(?:src|href)=\"(/[^\"]+)\"", text):
            assert (await session.get(f"{url}{address}")).status == 200, address
    for module in STATIC.glob("js/*.js"):
        for wanted in re.findall(r"from \"\./([^\"]+)\"", module.read_text()):
            assert (module.parent / wanted).exists(), f"{module.name} imports {wanted}"


async def test_a_page_of_the_product_is_shown_as_it_is() -> None:
    async with quiet_stage() as (_stage, _product, url), aiohttp.ClientSession() as session:
        answer = await session.get(f"{url}/receipts/abc")
        assert (answer.status, answer.content_type, await answer.read()) == (200, "application/pdf", b"%PDF-\xff")


async def test_the_page_makes_banks_speak() -> None:
    """A kept card's next answer, a dispute and a fraud warning, by the doors that the page's buttons use."""
    async with quiet_stage() as (stage, _product, url), aiohttp.ClientSession() as session:
        account = stage.standins.stripe.account
        customer = customers.create(account, {})
        method = methods.attach(account, methods.make(account, CARDS["success"], None), customer.id)
        asked = {"amount": 6000, "currency": "eur", "customer": customer.id, "payment_method": method.id}
        paid = intents.create(account, asked | {"confirm": True}, url)
        acts: dict[str, dict[str, Any]] = {
            "card": {"payment_method": method.id, "says": "check"},
            "dispute": {"charge": paid.latest_charge},
            "fraud_warning": {"charge": paid.latest_charge},
        }
        for name, body in acts.items():
            assert (await session.post(f"{url}/_sandbox/stripe/{name}", json=body)).status == 200, name
        state = await (await session.get(f"{url}/_sandbox/stripe/state")).json()
        assert state["says"] == {method.id: "check"}
        assert [one["status"] for one in state["disputes"]] == ["needs_response"]
        assert [one["charge"] for one in state["fraud_warnings"]] == [paid.latest_charge]
        again = await session.post(f"{url}/_sandbox/stripe/dispute", json=acts["dispute"])
        assert (again.status, "cannot be disputed" in (await again.json())["error"]["message"]) == (400, True)


async def test_somebody_new_appears_on_either_platform() -> None:
    async with quiet_stage() as (_stage, _product, url), aiohttp.ClientSession() as session:
        for platform in ("telegram", "slack"):
            asked = {"platform": platform, "name": "Kim Novak", "zone": "Asia/Tokyo", "language": "de"}
            added: dict[str, Any] = await (await session.post(f"{url}/_sandbox/people", json=asked)).json()
            assert added["ok"]
            world = await (await session.get(f"{url}/_sandbox/world")).json()
            assert added["id"] in [person["id"] for person in world["people"]]
        refused = await session.post(f"{url}/_sandbox/people", json={"platform": "telegram", "name": " "})
        assert refused.status == 409


async def test_troubles_come_and_go() -> None:
    async with quiet_stage() as (stage, _product, url), aiohttp.ClientSession() as session:
        stripe = stage.standins.served["stripe"].url
        for name in TROUBLES:
            answer = await session.post(f"{url}/_sandbox/faults", json={"name": name, "on": True})
            assert (await answer.json())["faults"] == sorted(stage.faults)
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"{stripe}/v1/account")
        for name in TROUBLES:
            await session.post(f"{url}/_sandbox/faults", json={"name": name, "on": False})
        assert (await session.get(f"{stripe}/v1/account")).status == 401
        assert not stage.faults


async def test_starting_over_begins_with_nothing_of_before() -> None:
    async with quiet_stage() as (stage, _product, url), aiohttp.ClientSession() as session:
        act = {"user": 1002}
        assert (await session.post(f"{url}/_sandbox/telegram/start", json=act)).status == 200
        await stage.clockwork.advance(60)
        assert (await session.post(f"{url}/_sandbox/restart", json={"empty": True})).status == 200
        chat = await (await session.get(f"{url}/_sandbox/telegram/chats/1002")).json()
        assert not chat["started"]
        assert stage.standins.clock.offset() == 0


async def test_the_page_hears_of_arrivals_and_calls() -> None:
    async with (
        quiet_stage() as (stage, product, url),
        aiohttp.ClientSession() as session,
        session.get(f"{url}/_sandbox/stream") as stream,
    ):
        await stream.content.readline()
        stage.standins.telegram.world.chats[1002].started = True
        await product.telegram("sendMessage", chat_id=1002, text="hello")
        heard = ""
        while '"fresh": true' not in heard or '"name": "sendMessage"' not in heard:
            heard += (await stream.content.readline()).decode()


async def test_what_could_not_be_drawn_is_kept_for_tests() -> None:
    async with quiet_stage() as (_stage, _product, url), aiohttp.ClientSession() as session:
        await session.post(f"{url}/_sandbox/undrawn", json={"where": "a Slack block", "type": "hologram"})
        kept = await (await session.get(f"{url}/_sandbox/undrawn")).json()
        assert kept["undrawn"] == [{"where": "a Slack block", "type": "hologram"}]
