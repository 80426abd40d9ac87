"""What a failed test leaves behind goes before the next one begins, which would otherwise be blamed for it.

A test that ran into its time limit closes nothing. What it held dies whenever garbage is collected, and what that warns
of fails the test that runs at that moment.
"""

import gc
import sys
import warnings
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = item.session.testsfailed
    done = yield
    if item.session.testsfailed > before:
        let_go()
    return done


def let_go() -> None:
    for name in ("last_type", "last_value", "last_traceback"):  # pytest keeps the failure here for a debugger
        vars(sys).pop(name, None)
    told, sys.unraisablehook = sys.unraisablehook, lambda _told: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()
    finally:
        sys.unraisablehook = told
