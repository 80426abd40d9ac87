"""Answers to the product's questions: nonsense, and some that make sense so that a form goes on."""

import random

from bot.chat.screen import Field
from tests.fuzz import values
from tests.fuzz.offered import Offered

SENSIBLE = (
    "Harbour", "EUR", "Vienna", "mon-fri 9-17", "Coaching 50 min 80", "https://meet.example/x", "10", "50", "0", "45.5",
    "2026-12-08", "2026-12-08 10:00", "tue 3pm", "24", "yes", "no", "+43 660 1234567", "1 week", "2 h", "none",
)  # fmt: skip
LONGEST = 600


def answer(rng: random.Random, asked: Field) -> str:
    draw = rng.random()
    if draw < 0.6:
        return values.text(rng)
    if draw < 0.75 and asked.choices:
        return rng.choice(asked.choices).value
    if draw < 0.85:
        return (asked.default or rng.choice(SENSIBLE)) + rng.choice(("", " ", "\x00", "\u202e", "x" * LONGEST))
    return rng.choice(SENSIBLE)


def said_by(rng: random.Random, own: Offered) -> str:
    """Words that answer a question which this person can be asked."""
    asked = rng.choice(own.forms)[1].fields if own.forms else ()
    return answer(rng, rng.choice(asked)) if asked else values.text(rng)
