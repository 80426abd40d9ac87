"""The table and the picture of the bench: what was missed stays in, marked."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import report
from bench.figures import Figure, joined, spread
from bench.picture import drawn

MET = Figure("14", "Memory <once> ready", [99.0, 98.0, 97.0], [85.0, 84.0, 86.0], "MB", 1.25)
MISSED = Figure("9", "A booking confirmed", [2000.0, 2100.0, 1900.0], [900.0, 950.0, 910.0], "µs CPU", 2.1, mark=1.35)
BESIDE = Figure("10", "A turn on another loop", [500.0], [600.0], "µs CPU", None)
NONE_AT_ALL = Figure("3", "Messages refused", [0.0], [1.0], "", 0.0)


def test_a_ratio_is_of_the_medians() -> None:
    assert MISSED.ratio == 2000 / 910
    assert not MISSED.met
    assert MET.met
    assert NONE_AT_ALL.met
    assert BESIDE.met, "it is no goal"


def test_a_repeated_measurement_counts_with_the_first() -> None:
    again = Figure("9", "A booking confirmed", [1000.0], [910.0], "µs CPU", 1.35)
    [both] = joined([MISSED], [again])
    assert both.product == [2000.0, 2100.0, 1900.0, 1000.0]
    assert both.limit == MISSED.limit


@pytest.mark.parametrize(
    ("values", "shown"),
    [([150.0], "150"), ([1234.5, 1000.0, 2000.0], "1,234 [1,000-2,000]"), ([0.1, 0.2, 0.3], "0.200 [0.100-0.300]")],
)
def test_the_spread_stands_beside_the_median(values: list[float], shown: str) -> None:
    assert spread(values) == shown


def test_the_picture_has_a_bar_for_each_goal() -> None:
    figures = [NONE_AT_ALL, MISSED, BESIDE, MET]
    svg = ElementTree.fromstring(drawn(figures))
    texts = [text.text or "" for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert any("Memory <once> ready" in text for text in texts)
    assert [text for text in texts if text.endswith("missed")] == ["2.20 of 2.1, missed"]
    assert len([text for text in texts if " of " in text]) == 3


def test_the_page_names_where_and_what_was_missed(tmp_path: Path) -> None:
    run = report.Run(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), 5, 1.5, ["turns"], ["memory"])
    report.write(sorted([MET, MISSED, BESIDE], key=report.in_order), run, tmp_path)
    page = (tmp_path / "performance.md").read_text()
    assert "2 figures, 1 within their limit, 1 missed" in page
    rows = [line for line in page.splitlines() if line.startswith(("| 9 |", "| 10 |", "| 14 |"))]
    judged = [[cell.strip() for cell in row.split("|")[-4:-1]] for row in rows]
    assert judged == [["2.1", "1.35", "**missed**"], ["", "", "beside"], ["1.25", "", "met"]]
    for words in ("at commit", "5 rounds", "Repeated: turns", "in this run: memory", "cores of"):
        assert words in page
    assert (tmp_path / "performance.svg").exists()
