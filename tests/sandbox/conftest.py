from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.slack.slack_driver import Workspace, bolt_app, product, workspace
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room


@pytest.fixture
async def there() -> AsyncIterator[Workspace]:
    """A Slack workspace."""
    async with workspace() as made:
        yield made


@pytest.fixture
async def bolt(there: Workspace) -> AsyncIterator[AsyncApp]:
    """A bolt app beside it."""
    app = bolt_app(there)
    async with product(there, app):
        yield app


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram's client warns about waits in plain seconds unless told to give them as timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def running() -> AsyncIterator[RunningTelegram]:
    """A Telegram with the real client."""
    async with open_room() as opened:
        yield opened
