"""The record that every measuring module of the bench returns."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Figure:
    """One goal, measured in rounds: `product` beside `anchor`, both in `unit`, round by round.

    `goal` is its number, `name` says in words what was measured and against what.
    `limit` is the largest allowed ratio of the medians product / anchor. Where the limit is a plain number and no
    ratio (a rate, a stall, a growth), `anchor` holds that number once, or 1.0, so that the ratio still reads;
    a goal with a lowest allowed value turns both round (value of the anchor / value of the product). Without a limit it
    is no goal: it is measured beside, and nobody judges it. `mark` is a lower ratio to come nearer to.
    """

    goal: str
    name: str
    product: list[float]
    anchor: list[float]
    unit: str
    limit: float | None
    mark: float | None = None

    @property
    def ratio(self) -> float:
        """Median of the product over median of the anchor."""
        return statistics.median(self.product) / statistics.median(self.anchor)

    @property
    def met(self) -> bool:
        return self.limit is None or self.ratio <= self.limit


def joined(first: Sequence[Figure], second: Sequence[Figure]) -> list[Figure]:
    """Two measurements of the same goals as one, over the rounds of both."""
    again = {(figure.goal, figure.name): figure for figure in second}
    both = [(figure, again[figure.goal, figure.name]) for figure in first]
    return [replace(one, product=one.product + two.product, anchor=one.anchor + two.anchor) for one, two in both]


def spread(values: Sequence[float]) -> str:
    """Median [lowest-highest], or the one value there is, with as many digits as tell something."""
    middle = statistics.median(values)
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2 if middle >= 1 or middle == 0 else 3
    if min(values) == max(values):
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} [{min(values):,.{digits}f}-{max(values):,.{digits}f}]"
