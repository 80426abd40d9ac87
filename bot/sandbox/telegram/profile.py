"""The bot's own profile: name, descriptions, command menus, the menu button."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.errors import bad_request

Wire = dict[str, Any]

# Bot API: setMyName, setMyDescription, setMyShortDescription, setMyCommands.
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_COMMANDS = 100
MAX_COMMAND_TEXT = 256


@dataclass
class Localised:
    """A text per two-letter language; the empty language is for everyone without one."""

    limit: int
    texts: dict[str, str] = field(default_factory=dict)

    def set(self, text: str, language: str) -> None:
        if len(text) > self.limit:
            raise bad_request(f"text must not be longer than {self.limit} characters")
        self.texts[checked_language(language)] = text
        if not text:
            del self.texts[language]

    def get(self, language: str | None) -> str:
        return self.texts.get((language or "").partition("-")[0], self.texts.get("", ""))


@dataclass
class Profile:
    name: Localised = field(default_factory=lambda: Localised(MAX_NAME))
    description: Localised = field(default_factory=lambda: Localised(MAX_DESCRIPTION))
    short_description: Localised = field(default_factory=lambda: Localised(MAX_SHORT_DESCRIPTION))
    menu_button: Wire = field(default_factory=lambda: {"type": "default"})
    commands: dict[tuple[str, str], list[Wire]] = field(default_factory=dict)

    def set_commands(self, commands: list[Wire], scope: Wire | None, language: str) -> None:
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= MAX_COMMAND_TEXT:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[scope_key(scope), checked_language(language)] = commands

    def drop_commands(self, scope: Wire | None, language: str) -> None:
        self.commands.pop((scope_key(scope), language), None)

    def commands_shown(self, chat_id: int, private: bool, language: str | None) -> list[Wire]:
        """The first menu that is set, from the narrowest scope, in the reader's language before any."""
        two_letters = (language or "").partition("-")[0]
        general = "all_private_chats" if private else "all_group_chats"
        for scope in ({"type": "chat", "chat_id": chat_id}, {"type": general}, {"type": "default"}):
            for chosen in (two_letters, ""):
                menu = self.commands.get((scope_key(scope), chosen))
                if menu:
                    return menu
        return []


def scope_key(scope: Mapping[str, Any] | None) -> str:
    return json.dumps(scope or {"type": "default"}, sort_keys=True)


def checked_language(language: str) -> str:
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return language
