"""The rules of good bots are tested on the same running products as the journeys."""

from tests.journeys.conftest import opened, platform, product, pytest_runtest_makereport

__all__ = ["opened", "platform", "product", "pytest_runtest_makereport"]
