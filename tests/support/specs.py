"""The vendors' own descriptions: beside this repository in `../shared/specs`, or where RAPPORT_SPECS points."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

SPECS = Path(os.environ.get("RAPPORT_SPECS", Path(__file__).parents[3] / "shared" / "specs"))
LEFT_OUT = "held against a vendor's own description"


def described(name: str, checks: int = 1) -> Path:
    """Where this description lies; without it the test is left out, and its checks are counted."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"{checks} {LEFT_OUT}, which is not in {SPECS}")
    return path


def told(reasons: Iterable[str]) -> str | None:
    """How many checks did not run, from the reasons of all tests that were left out; None when every one ran."""
    found = (re.search(rf"(\d+) {LEFT_OUT}", reason) for reason in reasons)
    count = sum(int(one[1]) for one in found if one is not None)
    return f"{count} checks did not run: {SPECS} (RAPPORT_SPECS) has no descriptions of the vendors" if count else None
