"""A session that is paid inside Telegram: the invoice beside the card page, the money once, and `/paysupport`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import HOME
from tests.journeys.stories import holds, practice
from tests.support.in_process import InProcess
from tests.support.people.telegram_hands import TelegramHands
from tests.support.servers.databases import fresh_sqlite


@pytest.fixture
async def with_token(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[InProcess]:
    token = {"TELEGRAM_PAYMENT_PROVIDER_TOKEN": "284685063:TEST:sandbox"}
    async with InProcess(tmp_path, fresh_sqlite(request.config.stash[HOME], tmp_path), token) as product:
        yield await product.opens()


async def test_a_held_time_is_paid_without_leaving_the_chat(with_token: InProcess) -> None:
    ana, mia = await practice(with_token, "telegram", "telegram")
    assert isinstance(mia.hands, TelegramHands)
    await holds(mia)
    link = await mia.link("Pay €45.00 in Telegram")
    paying = await mia.hands.act("pay", link=link)
    await mia.sees("Booked: Coaching with Ana Fischer", "paid")
    assert (await mia.hands.act("checkout", checkout=paying["checkout"]))["state"] == "paid"
    await ana.sees("New booking: Coaching with Mia Kovalenko")
    again = await mia.hands.act("pay", link=link)
    await with_token.until(lambda: with_token.telegram.world.till.checkouts[again["checkout"]].state == "refused")
    assert "can no longer be paid" in with_token.telegram.world.till.checkouts[again["checkout"]].why
    assert len(with_token.stripe.account.charges) == 1
    await mia.says("/terms")
    await mia.sees("Terms", "sold by Harbour Coaching", "you get everything back")
    await mia.says("/paysupport")
    await mia.sees("Help with a payment", "Please do not pay again", "Telegram and its support cannot help")
