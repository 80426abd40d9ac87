"""A test is not blamed for what the one before it left open."""

import pytest

from tests.support import left_behind

pytest_plugins = ["pytester"]

TWO = """
import gc
import socket

def test_that_fails_and_closes_nothing():
    circle = [socket.socket()]
    circle.append(circle)
    raise AssertionError

def test_that_comes_next():
    gc.collect()
"""


def test_the_next_one_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TWO)
    played = pytester.runpytest_inprocess("-W", "error", "-p", "no:asyncio", plugins=[left_behind])
    played.assert_outcomes(failed=1, passed=1)
