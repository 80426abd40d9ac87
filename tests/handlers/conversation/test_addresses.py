"""Every button of every screen that can be reached leads somewhere, fits a button, and is meant for its reader."""

from collections import Counter as Tally

import pytest

from bot.chat.address import MAX_BYTES
from bot.chat.router import Route, RouteKind
from bot.chat.screen import Button, Form, Screen, Style
from bot.domain.people.people import Profile
from bot.domain.people.permissions import Permission, may
from bot.handlers.notice_kinds import ROUTES as NOTICES
from bot.handlers.routes import CLIENT as CLIENT_ROUTES
from bot.handlers.routes import ROUTES
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.conversation.crowded import IVA, THEO, crowded
from tests.services.bare_practice import ANA, OWNER

OF_A_KIND = 3
"""Addresses of one route that are visited; the others differ by a number only."""

TEXT_LENGTH = 30
"""What a button shows on a phone."""

MOST_TO_DECIDE = 5
"""Buttons of a page that decides one thing."""

NAMES_LENGTH = len("Single with Olga Owner")
"""Names of offers and people come on top."""


async def reached(
    chat: BareChat, who: Profile, seeds: list[str], somebody: Somebody | None = None
) -> dict[str, list[Screen]]:
    """Screens by the pattern of the route that they were found at. `somebody`: how this person looks at them."""
    somebody = somebody or Somebody(chat, who)
    waiting = [
        *seeds,
        *(route.pattern.text for route in ROUTES if route.kind is RouteKind.SHOW and "{" not in route.pattern.text),
    ]
    visited: set[str] = set()
    tally: Tally[str] = Tally()
    screens: dict[str, list[Screen]] = {}
    while waiting:
        to = waiting.pop(0)
        found = chat.router.find(to)
        assert found is not None, to
        own_seed = to in seeds
        if to in visited or (tally[found.route.pattern.text] >= OF_A_KIND and not own_seed):
            continue
        visited.add(to)
        tally[found.route.pattern.text] += 1
        screen = await somebody.goes(to)
        screens.setdefault(found.route.pattern.text, []).append(screen)
        person = (await somebody.turn()).person
        for button in somebody.buttons:
            after = chat.router.find(button.to)
            assert after is not None, f"{button} of {to}"
            assert may(person, after.route.permission), f"{button} of {to} is not for {who.name}"
            if after.route.kind is RouteKind.SHOW:
                waiting.append(button.to)
        check(chat, to, screen)
    return screens


def check(chat: BareChat, to: str, screen: Screen) -> None:
    text = f"{to}:\n{as_text(screen)}"
    assert screen.title.strip(), text
    assert screen.buttons or screen.form, f"no way on from {text}"
    assert all(line.text.strip() for line in screen.body), text
    assert all(1 <= len(row) <= 5 for row in screen.buttons), text
    every = [each for row in screen.buttons for each in row]
    buttons = [each for each in every if isinstance(each, Button)]
    spoken = Tally(each.label or each.text for each in buttons)
    assert all(number == 1 for number in spoken.values()), f"{spoken.most_common(1)} in {text}"
    assert sum(each.style in (Style.PRIMARY, Style.SUCCESS) for each in every) <= 1, f"two buttons stand out in {text}"
    for button in buttons:
        leads_on = chat.router.is_show(button.to)
        assert not (leads_on and button.style is Style.SUCCESS), f"{button.text} does nothing in {text}"
        assert not (leads_on and button.style is Style.DANGER), f"{button.text} loses nothing in {text}"
        assert button.text != "Cancel" or "cancel" in button.to or not _of_a_session(chat, to), f"which Cancel? {text}"
        assert len(button.to.encode()) <= MAX_BYTES, button
    acts = [each for each in buttons if each.style in (Style.SUCCESS, Style.DANGER)]
    assert len(acts) != 1 or len(every) <= MOST_TO_DECIDE + 1, f"too much beside one act in {text}"  # Help is the last
    assert all(len(each.text) <= TEXT_LENGTH + NAMES_LENGTH for each in every), text
    if screen.form is not None:
        check_form(chat, screen, screen.form)


def _of_a_session(chat: BareChat, to: str) -> bool:
    found = chat.router.find(to)
    return found is not None and "{booking" in found.route.pattern.text


def check_form(chat: BareChat, screen: Screen, form: Form) -> None:
    to = chat.router.find(form.to)
    assert to is not None
    assert form.leave_words or "{booking" not in to.route.pattern.text, f"Cancel would leave the form: {screen.title}"
    assert to.route.kind is RouteKind.DO
    assert len(screen.title) <= 24, screen.title  # Slack's limit for a modal's title
    assert len(form.submit) <= 24, form.submit
    assert form.cancel_to is not None
    assert chat.router.is_show(form.cancel_to)


@pytest.mark.parametrize("who", [IVA, THEO, OWNER, ANA], ids=lambda who: who.name)
async def test_every_button_leads_somewhere(chat: BareChat, who: Profile) -> None:
    seeds = await crowded(chat)
    screens = await reached(chat, who, seeds)
    if who is IVA:
        notices = [route for route in NOTICES if route.permission is Permission.BOOK]
        everybody = [route for route in CLIENT_ROUTES if route.permission is Permission.BOOK]
        mine = {route.pattern.text for route in (*everybody, *notices) if route.kind is RouteKind.SHOW}
        assert mine - set(screens) == set()


def test_dos_lead_back_to_a_screen_of_the_same_role() -> None:
    shows = {route.pattern.text: route for route in ROUTES if route.kind is RouteKind.SHOW}
    for route in ROUTES:
        if route.kind is RouteKind.DO:
            assert route.back is not None
            assert route.back.text in shows, route.pattern.text
            assert names(route.back.text) <= names(route.pattern.text)


def test_no_route_hides_another() -> None:
    """The first route that fits is taken, so a literal must stand before a placeholder that would take it."""
    seen: list[Route] = []
    for route in ROUTES:
        for earlier in seen:
            assert not hides(earlier, route), f"{earlier.pattern.text} hides {route.pattern.text}"
        seen.append(route)


def hides(earlier: Route, later: Route) -> bool:
    """Whether every address of `later` fits `earlier`."""
    tag = ["aaaaaaaa"]
    sample = [example(part) for part in later.pattern.text.split("/")] + (tag if later.kind is RouteKind.DO else [])
    own = sample[:-1] if earlier.kind is RouteKind.DO else sample
    return earlier.pattern.match(own) is not None


def example(part: str) -> str:
    kinds = {"id}": "7", "day}": "2026-12-01", "instant}": "20261201T0900Z", "word}": "word"}
    return kinds[part.split(":")[1]] if part.startswith("{") else part


def names(pattern: str) -> set[str]:
    return {part for part in pattern.split("/") if part.startswith("{")}
