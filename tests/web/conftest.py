"""Servers whose connections are watched, one that has no patience and one that has; and a practice beside a Stripe."""

from collections.abc import AsyncIterator

import pytest

from tests.services.conftest import paid_practice as paid_practice
from tests.web.doors import PATIENT, QUICK, Doors
from tests.web.raw import Opened, opened


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
async def quick(doors: Doors) -> AsyncIterator[Opened]:
    async with opened(doors.routes(), QUICK) as served:
        yield served


@pytest.fixture
async def patient(doors: Doors) -> AsyncIterator[Opened]:
    async with opened(doors.routes(), PATIENT) as served:
        yield served
