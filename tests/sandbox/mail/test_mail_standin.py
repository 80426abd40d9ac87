"""The stand-in for a mail server refuses what some server somewhere would, and shows what it took."""

import email
import email.policy

import aiohttp
import pytest

from bot.channels.email.message import as_bytes
from bot.sandbox.mail.wire import faults
from tests.channels.email.email_setup import ANA, CANCELLED, post_office
from tests.channels.email.test_email_headers import LETTER

GOOD = as_bytes(LETTER)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (GOOD, []),
        (GOOD.replace(b"\r\n", b"\n", 1), ["a line that does not end with CR LF"]),
        (GOOD.replace(b"Hello", b"H\xe9llo", 1), ["eight bits, and nobody said 8BITMIME"]),
        (GOOD.replace(b"Hello", b"H" * 999, 1), ["a line of more than 998 characters"]),
        (GOOD.replace(b"Date: ", b"X-Date: "), ["Date does not stand there once"]),
        (GOOD.replace(b"Auto-Submitted", b"Subject"), ["Subject does not stand there once"]),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_what_is_wrong_with_a_mail(raw: bytes, said: list[str]) -> None:
    assert list(faults(raw, email.message_from_bytes(raw, policy=email.policy.default))) == said


async def test_mails_are_listed_by_their_reader() -> None:
    async with post_office() as office:
        await office.channel.send(ANA, CANCELLED, key="a")
        async with aiohttp.ClientSession() as session:
            for to, count in (("ANA@example.org", 1), ("bob@example.org", 0)):
                async with session.get(f"{office.url}/_sandbox/mails", params={"to": to}) as answer:
                    assert len((await answer.json())["mails"]) == count
