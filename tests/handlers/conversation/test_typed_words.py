"""Words typed instead of tapped lead to where a tap would."""

from dataclasses import replace

import pytest

from bot.domain.people.people import Platform, Profile
from bot.handlers.conversation import typed_words
from tests.handlers.bare_chat import BareChat, Somebody

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("Hi!", "start"),
        ("help", "help"),
        ("cancel my session", "typed/cancel"),
        ("Can I book friday at 3pm?", "typed/book/20261204T1300Z"),
        ("timezone", "zone"),
        ("2026-12-04", "when/2026-12-04"),
        ("fri", "when/2026-12-04"),
        ("next week", "when/from/2026-12-07"),
        ("fri 3pm", "when/20261204T1300Z"),
        ("14:30", "when/20261201T1230Z"),
        ("9:00", "when/20261202T0700Z"),
        ("today", "when/2026-12-01"),  # a coach's own page, but a client wants a time
        ("clients", "start"),
        ("7", None),
        ("what a lovely day it is", None),
    ],
)
async def test_words_lead_to_addresses(chat: BareChat, words: str, address: str | None) -> None:
    turn = replace(await Somebody(chat, IVA).turn(), text=words)
    assert typed_words.read(turn, chat.router) == address


async def test_a_time_without_a_known_clock_is_one_on_that_of_the_practice(chat: BareChat) -> None:
    turn = replace(await Somebody(chat, THEO).turn(), text="fri 3pm")
    assert typed_words.read(turn, chat.router) == "when/20261204T1400Z"
    assert typed_words.read(replace(turn, text="14:30"), chat.router) == "when/20261201T1330Z"


async def test_a_typed_time_is_reviewed_or_the_nearest_ones_are_shown(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("when/20261204T1300Z")
    await iva.taps("Intro")
    iva.sees("is outside the hours.", "Nearest free times:")
    start = await chat.next_start()
    await iva.goes(f"when/{start:%Y%m%dT%H%MZ}")
    await iva.taps("Intro")
    iva.sees("[Book it]")
