"""The promises are tested on the same running products as the journeys."""

from tests.handlers.conftest import chat as chat
from tests.journeys.conftest import opened as opened
from tests.journeys.conftest import product as product
from tests.journeys.conftest import pytest_runtest_makereport as pytest_runtest_makereport
