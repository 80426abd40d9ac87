"""The promises are held against the same houses as the journeys."""

from tests.handlers.conftest import room as room
from tests.journeys.conftest import house as house
from tests.journeys.conftest import opened as opened
from tests.journeys.conftest import pytest_runtest_makereport as pytest_runtest_makereport
