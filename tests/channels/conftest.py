from collections.abc import AsyncIterator

import pytest

from tests.channels.slack.slack_setup import SlackSetup, desk
from tests.channels.telegram.telegram_setup import TelegramSetup, open_office


@pytest.fixture
async def slack() -> AsyncIterator[SlackSetup]:
    """The Slack channel with a token of its own."""
    async with desk() as made:
        yield made


@pytest.fixture
async def telegram_setup() -> AsyncIterator[TelegramSetup]:
    """The Telegram channel behind a webhook."""
    async with open_office() as opened:
        yield opened
