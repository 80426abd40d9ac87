"""The result as one picture: how far each goal is from its limit, as bars in an SVG."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure

WIDTH, LEFT, ROW, BAR = 1040, 570, 26, 16
FARTHEST = 3.0
"""Bars end at three times the limit; the figure beside them says the rest."""

MET, MISSED, INK, QUIET = "#2f7d5b", "#c2543d", "#1f2933", "#8b95a1"


def drawn(figures: Sequence[Figure]) -> str:
    """An SVG that reads on light and on dark pages; what has no limit is not in it."""
    judged = [figure for figure in figures if figure.limit is not None]
    height = ROW * (len(judged) + 2) + 16
    limit_at = LEFT + _length(1.0)
    rows = [_row(number, figure) for number, figure in enumerate(judged)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">',
            "<title>Each goal of speed as a share of its limit; up to the line it is met</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="{limit_at}" y="18" text-anchor="middle" fill="{QUIET}">the limit</text>',
            *rows,
            f'<line x1="{limit_at}" y1="24" x2="{limit_at}" y2="{height - 14}" stroke="{INK}" stroke-dasharray="4 3"/>',
            "</svg>",
            "",
        ]
    )


def _row(number: int, figure: Figure) -> str:
    limit = figure.limit or 0.0
    top = ROW * (number + 1) + 6
    share = figure.ratio / limit if limit else FARTHEST * (not figure.met)
    length = _length(min(share, FARTHEST))
    words = f"{figure.ratio:.2f} of {limit:g}" + ("" if figure.met else ", missed")
    beside = max(length, _length(1.0)) + 6
    return (
        f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(figure.goal)} · {escape(figure.name)}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{length:.0f}" height="{BAR}" fill="{MET if figure.met else MISSED}"/>'
        f'<text x="{LEFT + beside:.0f}" y="{top + 12}">{words}</text>'
    )


def _length(share: float) -> float:
    return share / FARTHEST * (WIDTH - LEFT - 110)
