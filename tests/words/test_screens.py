"""Every screen that a reader of German can reach is German, and fits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.chat.forms import OpenForm, ask
from bot.chat.screen import Button, Screen
from bot.chat.words import speaking
from bot.domain.people.people import Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.conversation.crowded import IVA, crowded
from tests.handlers.conversation.test_addresses import reached
from tests.services.bare_practice import ANA, CLIENT, FREE, OWNER
from tests.words.spoken import leaks

GIVEN = {FREE.name}
"""A name that the practice gave, and that the product would say otherwise in German."""


@pytest.mark.parametrize("who", [IVA, OWNER, ANA], ids=lambda who: who.name)
async def test_no_english_is_left(chat: BareChat, who: Profile) -> None:
    seeds = await crowded(chat)
    screens = await reached(chat, replace(who, language="de"), seeds)
    assert len(screens) > 10
    found = {
        (address, text, pattern)
        for address, several in screens.items()
        for screen in several
        for text in texts(screen)
        for pattern in leaks(text)
        if pattern not in GIVEN
    }
    assert not found, "\n".join(map(str, sorted(found)))


def texts(screen: Screen) -> Iterator[str]:
    """All that is shown or read aloud, the questions of a form among it."""
    yield from (screen.title, screen.note or "", *(line.text for line in screen.body))
    for row in screen.buttons:
        for button in row:
            yield button.text
            yield (button.label if isinstance(button, Button) else None) or ""
    if screen.form is None:
        return
    yield screen.form.submit
    with speaking("de"):
        for index in range(len(screen.form.fields)):
            yield from texts(ask(screen, screen.form, OpenForm("at", "to", index)))


async def test_from_the_first_word_to_a_held_time(chat: BareChat) -> None:
    clara = Somebody(chat, CLIENT)
    await says(clara, "start", "50 Minuten · kostenlos", "Meine Sitzungen")
    await says(clara, "book", "Was möchten Sie", "50 Minuten · kostenlos", "50 Minuten · 45,00\N{NO-BREAK SPACE}€")
    await clara.taps("Single")
    german(clara, "Ist es bei Ihnen 10:00? Ich zeige Ortszeit Berlin")
    await clara.taps("Zeitzone ändern")
    german(clara, "Ist es bei Ihnen 10:00?", "Wählen Sie Ihre:")
    await clara.taps("10:00 · Berlin")
    german(clara, "Single: Mi., 2. Dez.", "Alle Zeiten in Ortszeit Berlin.")
    await clara.taps(next(button.text for button in clara.buttons if ":" in button.text))
    german(clara, "45,00\N{NO-BREAK SPACE}€", "50 Minuten", "Kostenlos verschieben bis")
    german(clara, "Reserviert: Single bei Olga Owner", "Dieser Termin ist bis")
    await says(clara, "help", "Meine Befehle: /book, /sessions, /packages, /gifts, /calendar, /settings, /help")


async def says(somebody: Somebody, address: str, *words: str) -> None:
    await somebody.goes(address)
    german(somebody, *words)


def german(somebody: Somebody, *words: str) -> None:
    somebody.sees(*words)
    assert set().union(*(leaks(text) for text in texts(somebody.screen))) <= GIVEN, as_text(somebody.screen)


def test_the_rule_sees_what_it_forbids() -> None:
    assert leaks("My sessions")
    assert leaks("Di., 1. Dez. · cannot be reached")
    assert not leaks("Meine Sitzungen")
    assert not leaks("Start")
