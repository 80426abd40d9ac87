"""What is typed of a plan, in English and German."""

import pytest

from bot.domain.plans.parse_plan import parse_plan
from bot.domain.plans.rhythm import Rhythm

NOW, ZONE = 1_796_115_600, "Europe/Berlin"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("plan 5 sessions tuesdays at 10", Rhythm(5, 2, 600, 1)),
        ("Plan five sessions, every two weeks on Tuesday at 10:30!", Rhythm(5, 2, 630, 2)),
        ("please plan 3 coaching sessions every other friday 3pm", Rhythm(3, 5, 900, 2)),
        ("plan 5 tuesdays at 10", Rhythm(5, 2, 600, 1)),
        ("plan tuesdays 10am", Rhythm(None, 2, 600, 1)),
        ("plan 4 sessions on mondays", Rhythm(4, 1)),
        ("plan 4 sessions", Rhythm(4)),
        ("plan 4 sessions mondays or tuesdays at 9", Rhythm(4)),
        ("plan 200 sessions", Rhythm(20)),
        ("plan 1 session on monday", Rhythm(2, 1)),
        ("plane 5 Sitzungen dienstags um 10 Uhr", Rhythm(5, 2, 600, 1)),
        ("5 Termine alle zwei Wochen dienstags um 10 planen", Rhythm(5, 2, 600, 2)),
        ("bitte fünf Termine jeden Donnerstag 17:00 einplanen", Rhythm(5, 4, 1020, 1)),
        ("plan", None),
        ("what is the plan", None),
        ("I plan to move on tuesday", None),
        ("book tuesday at 10", None),
        ("5 sessions", None),
    ],
)
def test_what_is_meant(said: str, meant: Rhythm | None) -> None:
    assert parse_plan(said, NOW, ZONE) == meant
