"""Command menus: everyone's in the language of their Telegram, and a chat's own for other commands or words."""

import re
from collections.abc import Collection

import telegram
from telegram import BotCommand, BotCommandScopeChat

from bot.chat.channel import Front, Reply
from bot.chat.shorten import shorten
from bot.chat.words import known_language

# Bot API, BotCommand.
NAME = re.compile(r"[a-z0-9_]{1,32}")
MAX_DESCRIPTION = 256
EVERYONE = frozenset({"client"})


def menu(front: Front, language: str, roles: Collection[str]) -> list[BotCommand]:
    entries = ((name.removeprefix("/"), words) for name, words in front.menu(language, sorted(roles)))
    return [BotCommand(name, shorten(words, MAX_DESCRIPTION)) for name, words in entries if NAME.fullmatch(name)]


class PersonalMenus:
    """Remembers what each chat was given by this process. A menu is a courtesy: rights are checked at every act."""

    def __init__(self, bot: telegram.Bot, front: Front) -> None:
        self._bot = bot
        self._front = front
        self._given: dict[str, tuple[frozenset[str], str]] = {}

    def is_due(self, chat_ref: str, reply: Reply, app_language: str) -> bool:
        """`app_language`: the one in which Telegram shows everyone's menu to this person."""
        return self._given.get(chat_ref, (EVERYONE, app_language)) != self._wanted(reply)

    async def give(self, chat_ref: str, reply: Reply, app_language: str) -> None:
        """Raises the library's errors; the menu is then due again at the next word."""
        roles, language = wanted = self._wanted(reply)
        scope = BotCommandScopeChat(int(chat_ref))
        if wanted == (EVERYONE, app_language):
            await self._bot.delete_my_commands(scope)
            self._given.pop(chat_ref, None)
            return
        await self._bot.set_my_commands(menu(self._front, language, roles), scope)
        self._given[chat_ref] = wanted

    @staticmethod
    def _wanted(reply: Reply) -> tuple[frozenset[str], str]:
        return EVERYONE | {role.value for role in reply.roles}, known_language(reply.language)
