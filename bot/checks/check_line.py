"""One line of `rapport doctor`."""

from collections.abc import Iterable
from dataclasses import dataclass

ON, OFF, BROKEN, WARN = "on", "off", "broken", "warn"


@dataclass(frozen=True)
class CheckLine:
    """`state`: on, off, broken, or a warning: it works, and should be mended."""

    name: str
    state: str
    words: str


def warnings(name: str, sentences: Iterable[str]) -> list[CheckLine]:
    """Each says what is wrong, and what to do."""
    return [CheckLine(name, WARN, each) for each in sentences]
