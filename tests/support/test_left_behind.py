"""A test is not blamed for what the one before it left open."""

import gc
import socket
import sys
from collections.abc import Callable

import pytest

from tests.support import left_behind


def leaves_a_socket_open() -> None:
    circle: list[object] = [socket.socket()]
    circle.append(circle)


@pytest.mark.parametrize(("go", "warnings"), [(left_behind.let_go, 0), (gc.collect, 1)], ids=["let go", "collected"])
def test_what_is_let_go_says_nothing(go: Callable[[], object], warnings: int) -> None:
    told: list[object] = []
    before, sys.unraisablehook = sys.unraisablehook, told.append
    try:
        leaves_a_socket_open()
        go()
    finally:
        sys.unraisablehook = before
    assert len(told) == warnings
