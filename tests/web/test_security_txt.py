"""`/.well-known/security.txt`, as RFC 9116 has it."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.config import BadSettings, load
from bot.web import security_txt

KEYS = {"SECRET_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(), "PUBLIC_URL": "https://desk.example.org"}


async def text(**settings: str) -> str | None:
    routes = security_txt.routes(load(KEYS | settings))
    if not routes:
        return None
    [route] = routes
    answer = await route.handle(make_mocked_request("GET", route.path))
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert isinstance(answer.text, str)  # type: ignore[attr-defined]
    return str(answer.text)  # type: ignore[attr-defined]


async def test_without_a_contact_there_is_none() -> None:
    assert await text() is None


@pytest.mark.parametrize(
    ("given", "contact"),
    [
        ("ana@example.org", "mailto:ana@example.org"),
        ("mailto:ana@example.org", "mailto:ana@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
async def test_it_names_the_contact_until_a_day_ahead(given: str, contact: str) -> None:
    said = await text(SECURITY_CONTACT=given)
    assert said is not None
    fields = dict(line.split(": ", 1) for line in said.splitlines())
    expires = datetime.strptime(fields.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields == {
        "Contact": contact,
        "Preferred-Languages": "en, de",
        "Canonical": "https://desk.example.org/.well-known/security.txt",
    }
    assert re.fullmatch(r"(?:[A-Z][A-Za-z-]+: \S.*\n)+", said)


async def test_an_address_that_is_not_https_is_not_canonical() -> None:
    said = await text(SECURITY_CONTACT="ana@example.org", PUBLIC_URL="http://127.0.0.1:8080")
    assert said is not None
    assert "Canonical" not in said


@pytest.mark.parametrize("given", ["ana", "http://example.org", "a@b@c", "https://", "a@b\nX: c@d", "https://x/ y"])
async def test_what_is_no_contact_is_refused(given: str) -> None:
    with pytest.raises(BadSettings, match="SECURITY_CONTACT"):
        await text(SECURITY_CONTACT=given)
