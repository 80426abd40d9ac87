"""The label of a shown button, typed: it works as that button."""

from typing import Any

from bot.chat.router import Router
from bot.chat.screen import Button, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import LANGUAGES, current_language, speaking

LONGEST = 60


async def button(turn: Turn, router: Router[Any]) -> Button | None:
    """The one button on the page that the chat shows whose label was typed, in any case and either language.

    A label without a letter is a time or a number, which typed words mean by themselves.
    """
    wanted = _plain(turn.text)
    if len(turn.text) > LONGEST or not any(part.isalpha() for part in wanted) or not router.is_show(turn.stands):
        return None
    own = current_language()
    for language in (own, *(each for each in LANGUAGES if each != own)):
        with speaking(language):
            found = _found(await router.visit(turn, turn.stands), wanted)
        if found is not None:
            return found
    return None


def loses(found: Button, router: Router[Any]) -> bool:
    """Whether it loses something: its page is shown once more first, since words may come long after it was read."""
    return found.style is Style.DANGER and not router.is_show(found.to)


def _found(screen: Screen, wanted: list[str]) -> Button | None:
    buttons = (each for row in screen.buttons for each in row if isinstance(each, Button))
    found = {each.to: each for each in buttons if _plain(each.text) == wanted}
    return next(iter(found.values())) if len(found) == 1 else None


def _plain(text: str) -> list[str]:
    """The words without case, signs and emoji."""
    return "".join(each if each.isalnum() else " " for each in text.casefold()).split()
