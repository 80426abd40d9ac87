"""The stand-in for Resend is as strict as Resend, or stricter."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.resend.params import Refused, check
from bot.sandbox.resend.server import ResendStandIn
from bot.sandbox.standin import serve

GOOD: dict[str, Any] = {
    "from": "Harbour Coaching <desk@harbour.example>", "to": ["ana@example.org"], "subject": "Hello", "text": "Hello",
    "headers": {"References": "<booking-7@harbour.example>"}, "tags": [{"name": "account", "value": "7"}],
}  # fmt: skip
KEY = {"Authorization": "Bearer re_sandbox"}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    served = await serve(ResendStandIn(quota=3).app)
    yield served.url
    await served.close()


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"from": ""}, "missing_required_field"),
        ({"to": []}, "missing_required_field"),
        ({"subject": None}, "missing_required_field"),
        ({"text": ""}, "missing_required_field"),
        ({"to": ["ana"]}, "validation_error"),
        ({"to": ["ana@example.org"] * 51}, "validation_error"),
        ({"from": "A <a@b.example>, B <b@c.example>"}, "validation_error"),
        ({"reply_to": "x"}, "validation_error"),
        ({"subject": "a\nb"}, "validation_error"),
        ({"headers": {"X-A": "b\r\nBcc: x@y.example"}}, "validation_error"),
        ({"headers": {"Message-ID": "<a@b>"}}, "validation_error"),
        ({"tags": [{"name": "account", "value": "ä"}]}, "validation_error"),
        ({"attachments": [{"filename": "a", "content": "?"}]}, "invalid_attachment"),
        ({"amp": "x"}, "validation_error"),
    ],
)
def test_what_is_refused(more: dict[str, Any], name: str) -> None:
    assert check(GOOD) == GOOD
    with pytest.raises(Refused) as refused:
        check(GOOD | more)
    assert (refused.value.status, refused.value.name) == (422, name)


async def test_a_key_answers_once_and_a_quota_ends(url: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def send(key: str, body: dict[str, Any], headers: dict[str, str] = KEY) -> tuple[int, Any]:
            named = {**headers, "Idempotency-Key": key}
            async with session.post(f"{url}/emails", json=body, headers=named) as answer:
                return answer.status, await answer.json()

        first = await send("a", GOOD)
        assert (first, first[0]) == (await send("a", GOOD), 200)
        assert (await send("a", GOOD | {"text": "other"}))[1]["name"] == "invalid_idempotent_request"
        assert (await send("k" * 257, GOOD))[1]["name"] == "invalid_idempotency_key"
        assert (await send("b", GOOD, {}))[1]["name"] == "missing_api_key"
        assert (await send("b", GOOD, {"Authorization": "Bearer re_x"}))[1]["name"] == "invalid_api_key"
        assert [(await send(key, GOOD))[0] for key in "bcd"] == [200, 200, 429]
        async with session.get(f"{url}/_sandbox/mails", params={"to": "ANA@example.org"}) as answer:
            assert len((await answer.json())["mails"]) == 3
        async with session.get(f"{url}/emails/{first[1]['id']}", headers=KEY) as answer:
            assert (await answer.json())["subject"] == "Hello"
