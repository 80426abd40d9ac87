"""The stand-in for Twilio is held against the facts: what it takes, refuses and tells, and what a phone gets."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.standin import Served, serve
from bot.sandbox.twilio.standin import NUMBER, TwilioStandIn

PHONE = "+436601234567"


@dataclass
class Running:
    """`heard` is what was told to the product's address, with the signature."""

    twilio: TwilioStandIn
    served: Served
    session: aiohttp.ClientSession
    callback: str = ""
    heard: list[tuple[dict[str, str], str]] = field(default_factory=list)

    async def ask(self, method: str, path: str, token: str | None = None, **asked: Any) -> tuple[int, dict[str, Any]]:
        known = base64.b64encode(f"{self.twilio.account_sid}:{token or self.twilio.auth_token}".encode()).decode()
        auth = {"Authorization": f"Basic {known}"}
        url = f"{self.served.url}/2010-04-01/Accounts/{self.twilio.account_sid}{path}"
        async with self.session.request(method, url, headers=auth, **asked) as answer:
            return answer.status, await answer.json()

    async def create(self, **asked: str) -> tuple[int, dict[str, Any]]:
        form = {"To": PHONE, "From": NUMBER, "Body": "Hello", **asked}
        return await self.ask("POST", "/Messages.json", data={name: value for name, value in form.items() if value})

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form, _signature in self.heard]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    twilio, app = TwilioStandIn(), web.Application()
    async with aiohttp.ClientSession() as session:
        made = Running(twilio, await serve(twilio.app), session)

        async def receive(request: web.Request) -> web.Response:
            form = {name: str(value) for name, value in (await request.post()).items()}
            made.heard.append((form, request.headers["X-Twilio-Signature"]))
            return web.Response(status=204)

        app.router.add_post("/told", receive)
        product = await serve(app)
        made.callback = f"{product.url}/told"
        yield made
        await twilio.callbacks.told()
        await product.close()
    await made.served.close()


async def test_a_message_is_created_found_and_listed(running: Running) -> None:
    status, made = await running.create(Body="é" * 161)
    assert (status, made["status"], made["num_segments"], made["direction"]) == (201, "queued", "2", "outbound-api")
    assert made["sid"].startswith("SM")
    _status, found = await running.ask("GET", f"/Messages/{made['sid']}.json")
    assert found["status"] == "delivered"
    assert found["date_sent"] is not None
    _status, listed = await running.ask("GET", "/Messages.json", params={"To": PHONE, "PageSize": "1"})
    assert [each["sid"] for each in listed["messages"]] == [made["sid"]]
    _status, listed = await running.ask("GET", "/Messages.json", params={"To": PHONE, "DateSent>": "2000-01-01"})
    assert len(listed["messages"]) == 1
    _status, listed = await running.ask("GET", "/Messages.json", params={"To": PHONE, "DateSent": "2000-01-01"})
    assert listed["messages"] == []
    _status, changed = await running.ask("POST", f"/Messages/{made['sid']}.json", data={"Body": ""})
    assert changed["body"] == ""
    status, _refused = await running.ask("POST", f"/Messages/{made['sid']}.json", data={"Status": "canceled"})
    assert status == 409
    assert running.twilio.phone(PHONE) == ["é" * 161]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"To": "06601234567"}, 21211),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550009"}, 21614),
        ({"Body": ""}, 21602),
        ({"Body": "a" * 1601}, 21617),
        ({"From": ""}, 21603),
        ({"From": "+15005550007"}, 21606),
        ({"MessagingServiceSid": "MG1"}, 21603),
        ({"From": "", "MessagingServiceSid": "MG1"}, 21705),
        ({"StatusCallback": "https://a_b.example/x"}, 21609),
        ({"StatusCallback": "/x"}, 21609),
        ({"ValidityPeriod": "36001"}, 20001),
        ({"Colour": "red"}, 20001),
    ],
)
async def test_what_is_refused(running: Running, asked: dict[str, str], code: int) -> None:
    status, refused = await running.create(**asked)
    assert (status, refused["code"], refused["status"]) == (400, code, 400)
    assert refused["more_info"].endswith(f"/{code}")
    assert running.twilio.account.messages == {}


async def test_who_is_refused(running: Running) -> None:
    assert (await running.ask("GET", ".json"))[1]["status"] == "active"
    status, refused = await running.ask("GET", ".json", token="another")
    assert (status, refused["code"]) == (401, 20003)
    status, refused = await running.ask("GET", "/Messages/SM0.json")
    assert (status, refused["code"]) == (404, 20404)


async def test_what_becomes_of_it_is_told_signed(running: Running) -> None:
    """And not how it began: that is the answer itself."""
    await running.create(StatusCallback=running.callback)
    await running.twilio.callbacks.told()
    assert running.statuses() == ["sending", "sent", "delivered"]
    form, given = running.heard[-1]
    text = running.callback + "".join(name + form[name] for name in sorted(form))
    made = hmac.new(running.twilio.auth_token.encode(), text.encode(), hashlib.sha1).digest()
    assert given == base64.b64encode(made).decode()


async def test_it_can_be_told_doubled_backwards_late_and_never(running: Running) -> None:
    options = running.twilio.callbacks.options
    options.duplicates, options.reverse, options.drop, options.hold = 1, True, ["sending"], True
    await running.create(StatusCallback=running.callback)
    await running.twilio.callbacks.told()
    assert running.heard == []
    options.hold = False
    running.twilio.callbacks.release()
    await running.twilio.callbacks.told()
    assert running.statuses() == ["delivered", "delivered", "sent", "sent"]


async def test_a_number_can_end_it(running: Running) -> None:
    running.twilio.account.ends[PHONE] = ("undelivered", 30005)
    await running.create(StatusCallback=running.callback)
    await running.twilio.callbacks.told()
    assert running.statuses() == ["sending", "sent", "undelivered"]
    assert running.heard[-1][0]["ErrorCode"] == "30005"
    assert running.twilio.phone(PHONE) == []


async def test_whoever_sends_stop_gets_nothing_until_start(running: Running) -> None:
    await running.twilio.says(PHONE, "Stop")
    status, refused = await running.create()
    assert (status, refused["code"]) == (400, 21610)
    await running.twilio.says(PHONE, "UNSTOP")
    assert (await running.create())[0] == 201
    answers = running.twilio.phone(PHONE)
    assert len(answers) == 3
    assert "unsubscribed" in answers[0]


async def test_words_of_other_languages_are_not_known_there(running: Running) -> None:
    await running.twilio.says(PHONE, "STOPP")
    assert (await running.create())[0] == 201
    await running.twilio.says(PHONE, "STOPP", flag="STOP")
    assert (await running.create())[0] == 400
