"""Tells Telegram about the bot at start-up, with retries: its webhook, menus and descriptions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import telegram
from telegram import BotCommandScopeAllPrivateChats, BotCommandScopeDefault
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.menus import EVERYONE, menu
from bot.channels.telegram.request import Flooded
from bot.chat.channel import Front
from bot.chat.shorten import shorten
from bot.chat.words import DEFAULT_LANGUAGE, LANGUAGES, _, speaking

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "pre_checkout_query", "my_chat_member")
MAX_CONNECTIONS = 40
PATH = "/telegram/webhook"
# Bot API, setMyDescription and setMyShortDescription.
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
MAX_SAID = 200

Step = Callable[[], Awaitable[object]]


class Introduction:
    """`public_url` and `secret` name the webhook; without a secret none is set. `named` hears the bot's username."""

    def __init__(
        self,
        bot: telegram.Bot,
        front: Front,
        named: Callable[[str], None],
        *,
        public_url: str,
        secret: str | None,
    ) -> None:
        self._bot = bot
        self._front = front
        self._named = named
        self._public_url = public_url
        self._secret = secret

    async def make(self, *, only_name: bool = False) -> None:
        """Every step until it succeeded, however long Telegram is away; one that is refused holds up no other."""
        left = [("name", self._learn_name)] if only_name else list(self._steps())
        wait = FIRST_WAIT_S
        while True:
            asked: list[float] = []
            left = [(name, step) for name, step in left if not await self._try(name, step, asked)]
            if not left:
                return
            await asyncio.sleep(max([wait, *asked]))
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _try(self, name: str, step: Step, asked: list[float]) -> bool:
        """Whether the step succeeded; the wait that Telegram asked for goes to `asked`."""
        try:
            await step()
        except Flooded as flooded:
            asked.append(flooded.seconds)
        except InvalidToken:
            log.exception("telegram.token_refused")
            asked.append(LONGEST_WAIT_S)
        except TelegramError as error:
            # Telegram's own words name the setting to mend, such as an address that is not https.
            log.warning("telegram.introduction", extra={"ids": {"step": name, "said": error.message[:MAX_SAID]}})
        except Exception:  # an answer that the library cannot read must not end the other steps
            log.exception("telegram.introduction", extra={"ids": {"step": name}})
        else:
            return True
        return False

    def _steps(self) -> Iterator[tuple[str, Step]]:
        if self._secret is not None:
            yield "webhook", self._set_webhook
        yield "name", self._learn_name
        for language in LANGUAGES:
            yield f"menu {language}", partial(self._set_menus, language)
            yield f"description {language}", partial(self._describe, language)

    async def _learn_name(self) -> None:
        me = await self._bot.get_me()
        if me.username:
            self._named(me.username)

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            self._public_url + PATH,
            secret_token=self._secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MAX_CONNECTIONS,
        )

    async def _set_menus(self, language: str) -> None:
        commands = menu(self._front, language, EVERYONE)
        for scope in (BotCommandScopeDefault(), BotCommandScopeAllPrivateChats()):
            await self._bot.set_my_commands(commands, scope, _code(language))

    async def _describe(self, language: str) -> None:
        with speaking(language):
            long = _(
                "I am a bot, the front desk of a coaching practice. Book a session, pay for it, move it or cancel it, "
                "and be reminded of it, all in this chat. Press START to begin."
            )
            short = _("Book, pay, move and cancel your coaching sessions in this chat.")
        await self._bot.set_my_description(shorten(long, MAX_DESCRIPTION), _code(language))
        await self._bot.set_my_short_description(shorten(short, MAX_SHORT_DESCRIPTION), _code(language))


def _code(language: str) -> str | None:
    """The default language goes to everyone who has none of ours."""
    return None if language == DEFAULT_LANGUAGE else language
