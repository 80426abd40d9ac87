"""Prints what became of every attack, for `make attack`: a test that carries the mark `attack` is one.

A test says what it saw with `record_property("outcome", …)` and what others paid with `record_property("cost", …)`.
"""

from collections.abc import Generator, Iterator, Mapping
from itertools import zip_longest
from textwrap import wrap
from typing import Any

import pytest

ATTACK = "attack"
HELD, BROKE, NOT_PLAYED = "held", "BROKE IN", "not played"
HEAD, WIDTHS = ("Attack", "Outcome", "Cost to others"), (52, 40, 36)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    mark = item.get_closest_marker(ATTACK)
    if mark is not None:
        report.user_properties.append((ATTACK, mark.args[0]))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("-m") != ATTACK:
        return
    rows = sorted({row for kind in ("passed", "failed", "error", "skipped") for row in _rows(terminalreporter, kind)})
    terminalreporter.section("attacks")
    for row in (HEAD, *rows):
        cells = [wrap(words, width) for words, width in zip(row, WIDTHS, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            text = "  ".join(words.ljust(width) for words, width in zip(line, WIDTHS, strict=True))
            terminalreporter.write_line(text.rstrip(), bold=row is HEAD, red=row[1].startswith(BROKE))
    held = sum(row[1].startswith(HELD) for row in rows)
    terminalreporter.write_line(f"{held} of {len(rows)} attacks held.", bold=True)


def _rows(reporter: Any, kind: str) -> Iterator[tuple[str, str, str]]:
    for report in reporter.getreports(kind):
        said: Mapping[str, object] = dict(getattr(report, "user_properties", ()))
        if ATTACK in said and (report.when == "call" or kind != "passed"):
            word = {"passed": HELD, "skipped": NOT_PLAYED}.get(kind, BROKE)
            outcome = f"{word}: {said['outcome']}" if "outcome" in said else word
            yield f"{said[ATTACK]}{_case(report.nodeid)}", outcome, str(said.get("cost", "not measured"))


def _case(nodeid: str) -> str:
    """The case of a test that plays several, such as the database."""
    _test, bracket, case = nodeid.partition("[")
    return f" [{case}" if bracket else ""
