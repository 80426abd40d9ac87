"""The rules of good bots are played in the same houses as the journeys."""

from tests.journeys.conftest import house, opened, platform, pytest_runtest_makereport

__all__ = ["house", "opened", "platform", "pytest_runtest_makereport"]
