"""Writes docs/performance.md and its picture from the figures of one run."""

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.figures import Figure, spread
from bench.picture import drawn

DOCS = Path(__file__).parents[1] / "docs"
MEASURED_WITH = ("aiohttp", "slack-bolt", "python-telegram-bot", "SQLAlchemy", "asyncpg", "stripe", "APScheduler")

SEEN: dict[str, float] = {
    "A booking confirmed, Slack; the composed floor": 913,
    "A booking confirmed, Telegram; the composed floor": 798,
    "A booking confirmed, Telegram; default python-telegram-bot with the same database work": 1706,
    "A no-op action, Slack; bare bolt with two listeners": 212,
    "Ready to serve, everything on; the frameworks alone": 536,
    "Memory once ready; the frameworks alone": 85,
}
"""What the same anchors took on an idle machine of two cores (AMD EPYC), by the name of the figure, in its unit."""


@dataclass(frozen=True)
class Run:
    """One run of the bench: when it began, how many rounds, which modules were repeated after a missed goal, and
    which could not be measured."""

    began: datetime
    rounds: int
    load: float
    repeated: Sequence[str] = ()
    failed: Sequence[str] = ()


def line(figure: Figure) -> str:
    """One figure for the terminal."""
    both = f"{spread(figure.product)} / {spread(figure.anchor)} {figure.unit}"
    limit = "" if figure.limit is None else f" of {figure.limit:g}"
    return f"{figure.goal:>5} {figure.name}\n      {both}: {figure.ratio:.2f}{limit} {_verdict(figure)}"


def in_order(figure: Figure) -> int:
    """Goals by number: "3" before "12"."""
    return int(figure.goal)


def write(figures: Sequence[Figure], run: Run, folder: Path = DOCS) -> None:
    (folder / "performance.svg").write_text(drawn(figures))
    (folder / "performance.md").write_text(_page(figures, run))


def _verdict(figure: Figure) -> str:
    if figure.limit is None:
        return "beside"
    return "met" if figure.met else "**missed**"


def _page(figures: Sequence[Figure], run: Run) -> str:
    judged = [figure.met for figure in figures if figure.limit is not None]
    met, missed = judged.count(True), judged.count(False)
    repeated, failed = ", ".join(run.repeated) or "none", ", ".join(run.failed) or "nothing"
    return f"""# What Rapport costs

Made by `make bench`; do not edit. {len(judged)} figures, {met} within their limit, {missed} missed.

![Each goal as a share of its limit](performance.svg)

| | What was measured; beside what | Rapport | Anchor | Unit | Ratio | Limit | Mark | |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(_row(figure) for figure in figures)}

A figure is the median of the rounds, with the lowest and the highest. The ratio is that of the medians. Where the
anchor is a plain number, the limit is that number. A mark is what was aimed at first and is still to be come nearer to.
What has no limit is measured beside, and judged by nobody.

## How

- Rapport and the anchors ran in turn, round by round, in one run of {run.rounds} rounds after a round to warm up,
  all of them on asyncio's own event loop. uvloop stays off: where it is installed, one more process of Rapport runs on
  it, beside.
- CPU is what the kernel counted for all threads of the serving process. People, platforms and the PostgreSQL
  server are other processes and do not count. In a turn nothing of the outbox counts: the worker sends that.
- In a whole run a module with a missed goal runs once more, and the medians are over both times. Repeated: {repeated}.
- Could not be measured in this run: {failed}.
- Anchors live in `bench/`: bare frameworks; floors composed of a framework, the least database work of the same
  turn in SQLAlchemy Core and one message; floors written by hand.
- On a shared machine differences of 3 % and stalls of 20 ms are near the noise: read them with the spread.

## Where

{_where(run)}

## The anchors elsewhere

What the same anchors took on an idle machine of two cores, so that a slow anchor cannot flatter. One that is more than
15 % slower here than there says that this machine is slower or busier, as long as all of them are by about as much.
Two differ by what they do: the floors of a booking let eight people want one coach, whose lock puts them into a line,
where elsewhere each had another coach (the database part took 640 µs with eight coaches and 850 with one, in one run);
and the tools of development bring rich and Pygments, which httpx then imports (10 MB, for both sides).

| Anchor of | Elsewhere | Here | Times |
|---|---|---|---|
{chr(10).join(_elsewhere(figure) for figure in figures if figure.name in SEEN)}
"""


def _row(figure: Figure) -> str:
    cells = [
        figure.goal, figure.name, spread(figure.product), spread(figure.anchor), figure.unit,
        f"{figure.ratio:.2f}", _number(figure.limit), _number(figure.mark), _verdict(figure),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _elsewhere(figure: Figure) -> str:
    seen = SEEN[figure.name]
    here = statistics.median(figure.anchor)
    return f"| {figure.name} | {seen:,.0f} {figure.unit} | {here:,.0f} | {here / seen:.2f} |"


def _where(run: Run) -> str:
    cpu = _after("/proc/cpuinfo", "model name") or platform.processor()
    memory = int((_after("/proc/meminfo", "MemTotal") or "0").split()[0]) // 1024**2
    packages = ", ".join(f"{name} {version(name)}" for name in MEASURED_WITH)
    return f"""- Begun {run.began:%Y-%m-%d %H:%M} UTC at commit {_commit()}, ended {datetime.now(UTC):%H:%M}.
- {os.cpu_count()} cores of {cpu}, {memory} GB, {platform.system()} {platform.release()}; load {run.load:.1f} at the
  beginning, {os.getloadavg()[0]:.1f} at the end.
- Python {sys.version.split()[0]}, {packages}."""


def _after(file: str, word: str) -> str:
    for each in Path(file).read_text().splitlines():
        if each.startswith(word):
            return each.partition(":")[2].strip()
    return ""


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, cwd=DOCS).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "../bot", "../storage", "../bench")
    return git("rev-parse", "--short=10", "HEAD") + (" with changes that are not committed" if changed else "")
