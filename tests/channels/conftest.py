from collections.abc import AsyncIterator

import pytest

from tests.channels.slack.slack_desk import Desk, desk
from tests.channels.telegram.telegram_office import Office, open_office


@pytest.fixture
async def slack() -> AsyncIterator[Desk]:
    """The Slack channel with a token of its own."""
    async with desk() as made:
        yield made


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """The Telegram channel behind a webhook."""
    async with open_office() as opened:
        yield opened
