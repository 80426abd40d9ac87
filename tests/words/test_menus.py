"""Menus and what a bot says of itself before anybody has written to it."""

import pytest

from bot.chat.words import LANGUAGES, speaking
from bot.domain.people.people import Role
from bot.handlers.conversation.commands import described, menu
from tests.words.spoken import german, leaks

MENU = 256
"""https://core.telegram.org/bots/api#botcommand"""

ON_A_PHONE = 60
"""Longer lines are cut where the menu is shown."""


def lines(language: str) -> dict[str, str]:
    with speaking(language):
        return dict(menu([role.value for role in Role]))


def test_the_menu_is_in_german() -> None:
    english, spoken = lines("en"), lines("de")
    assert english.keys() == spoken.keys(), "commands are the same in every language"
    assert spoken["/book"] == "Sitzung buchen"
    assert spoken["/sessions"] == "Ihre Sitzungen: verschieben, absagen, neu buchen"
    assert [words for words in spoken.values() if leaks(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_fit_a_menu(language: str) -> None:
    with speaking(language):
        for role in Role:
            assert all(0 < len(words) <= min(MENU, ON_A_PHONE) for _command, words in described(role))


def test_what_the_bot_says_of_itself_fits() -> None:
    """https://core.telegram.org/bots/api#setmydescription and #setmyshortdescription"""
    for english, spoken in german().items():
        if english.startswith("I am a bot, the front desk"):
            assert len(spoken) <= 512
        if english.startswith("Book, pay, move and cancel your coaching"):
            assert len(spoken) <= 120
