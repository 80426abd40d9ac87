"""Words typed instead of tapped lead to where a tap would."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.people.people import Platform, Profile
from bot.handlers.conversation.typed import typed_words
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.test_chat import Chat
from tests.services.bare_practice import OWNER

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
        ("plan 5 sessions tuesdays at 10", "plan/n5.2.600.1"),
        ("plan", "plan"),
        ("a gift", None),
        ("gifts", "gifts"),
        ("Gutschein", "gifts"),
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


async def test_where_a_session_is_to_go_is_kept_apart_from_the_day_it_is_on(chat: BareChat) -> None:
    iva = Chat(chat, IVA)
    one, other = await chat.booked(IVA, timedelta(days=1)), await chat.booked(IVA, timedelta(days=3))
    assert (f"{one.starts:%a} {other.starts:%a}") == "Thu Mon"
    await iva.says("move my session to thursday")
    iva.sees("Which session do you want to move to Thu 3 Dec?")
    await iva.presses("Mon 7 Dec")
    assert iva.screen.address == f"move/{other.id}/2026-12-03"
    await iva.says("hi")
    await iva.says("Kann ich Donnerstag auf Montag verschieben?")
    assert iva.screen.address == f"move/{one.id}/2026-12-07"
    await iva.says("move friday to monday")
    iva.sees("You have no session on Fri 4 Dec.")


async def test_what_is_free_of_charge_is_no_day(chat: BareChat) -> None:
    olga = Chat(chat, OWNER)
    await olga.opens("offers/new")
    await olga.says("Intro 20 min free")
    olga.sees("I read “Intro 20 min free”")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("friday", "today/2026-12-04"),
        ("tue 3pm", "today/2026-12-01"),
        ("14:30", "today/2026-12-01"),
        ("free on friday?", "today/2026-12-04"),
        ("who's next", "today"),
        ("Ich bin krank", "today"),
        ("sperr morgen Nachmittag", "hours/draft/1"),
        ("off friday", "hours/draft/1"),
    ],
)
async def test_words_of_a_coach_lead_to_their_own_pages(chat: BareChat, words: str, address: str) -> None:
    olga = Chat(chat, OWNER)
    await olga.says(words)
    assert (olga.screen.address, olga.screen.note) == (address, None)
    await olga.opens("book")
    await olga.says("friday")
    assert olga.screen.address == "when/2026-12-04"
