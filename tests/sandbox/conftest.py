"""A Slack workspace and a bolt app beside it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.slack_driver import Workspace, bolt_app, product, workspace


@pytest.fixture
async def there() -> AsyncIterator[Workspace]:
    async with workspace() as made:
        yield made


@pytest.fixture
async def bolt(there: Workspace) -> AsyncIterator[AsyncApp]:
    app = bolt_app(there)
    async with product(there, app):
        yield app
