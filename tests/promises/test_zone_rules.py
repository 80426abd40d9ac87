"""Rules of time zones come from the package that the lock pins, whatever the machine believes."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT

IN_JANUARY = """
import sys
from bot import __main__
try:
    __main__.main(["keys", "new"])
finally:
    from datetime import UTC, datetime
    from bot.chat import tell
    from bot.domain.calendar.offsets import offset_at
    at = datetime(2027, 1, 15, 12, tzinfo=UTC)
    print(offset_at("America/Vancouver", int(at.timestamp())) // 3600, tell.clock(at, "America/Vancouver"))
"""


def test_wrong_rules_of_the_machine_change_nothing(tmp_path: Path) -> None:
    """British Columbia keeps UTC-7 from 2026 on; this machine says that Vancouver is in Kolkata."""
    wrong = tmp_path / "America"
    wrong.mkdir()
    package = Path(str(importlib.util.find_spec("tzdata").origin)).parent  # type: ignore[union-attr]
    (wrong / "Vancouver").write_bytes((package / "zoneinfo" / "Asia" / "Kolkata").read_bytes())
    told = subprocess.run(
        [sys.executable, "-c", IN_JANUARY], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONTZPATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert told.stdout.splitlines()[-1] == "-7 05:00"
