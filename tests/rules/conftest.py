"""The rules of good bots are played in the same houses as the journeys."""

from tests.journeys.conftest import opened, platform, product, pytest_runtest_makereport

__all__ = ["opened", "platform", "product", "pytest_runtest_makereport"]
