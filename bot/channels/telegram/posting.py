"""Posts and edits messages, and removes their buttons. Raises the channel's own errors."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import telegram
from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram.errors import is_bad_date, is_bad_link, is_not_modified, knows_dates, meaning
from bot.channels.telegram.render import Drawn, draw
from bot.chat.screen import Screen

T = TypeVar("T")

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Poster:
    """`chat_ref` and message references are Telegram's numbers as text. Raises `NotDelivered`."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot
        self._dates = True

    async def post(self, chat_ref: str, screen: Screen, *, notice: bool = False, under: int | None = None) -> str:
        """A new message; its reference. `under`: the message of a group that it answers."""

        async def send(drawn: Drawn) -> Message:
            try:
                return await self._send(int(chat_ref), drawn, under)
            except ChatMigrated as moved:
                return await self._send(moved.new_chat_id, drawn, under)

        message = await self._drawn(screen, notice, send)
        return str(message.message_id)

    async def revise(self, chat_ref: str, message_ref: str, screen: Screen, *, notice: bool = False) -> bool:
        """Change a message of words; False when that one cannot be changed (gone, a picture, not ours)."""

        async def edit(drawn: Drawn) -> object:
            return await self._bot.edit_message_text(
                drawn.html,
                chat_id=int(chat_ref),
                message_id=int(message_ref),
                parse_mode=ParseMode.HTML,
                reply_markup=drawn.keyboard,
                link_preview_options=NO_PREVIEW,
            )

        return await self._changed(screen, notice, edit)

    async def recaption(self, chat_ref: str, message_ref: str, screen: Screen, *, notice: bool = False) -> bool:
        """As `revise`, for a message with a picture."""

        async def edit(drawn: Drawn) -> object:
            return await self._bot.edit_message_caption(
                chat_id=int(chat_ref),
                message_id=int(message_ref),
                caption=drawn.html,
                parse_mode=ParseMode.HTML,
                reply_markup=drawn.keyboard,
            )

        return await self._changed(screen, notice, edit)

    async def strip(self, chat_ref: str, message_ref: str) -> None:
        """Take a message's buttons away; one that is gone has none."""
        try:
            await self._bot.edit_message_reply_markup(chat_id=int(chat_ref), message_id=int(message_ref))
        except BadRequest:
            return
        except TelegramError as error:
            known = meaning(error)
            if known is None:
                raise
            raise known from error

    async def _send(self, chat_id: int, drawn: Drawn, under: int | None) -> Message:
        reply = None if under is None else ReplyParameters(under, allow_sending_without_reply=True)
        if drawn.picture is not None:
            return await self._bot.send_photo(
                chat_id,
                drawn.picture.png,
                caption=drawn.html,
                parse_mode=ParseMode.HTML,
                reply_markup=drawn.keyboard,
                reply_parameters=reply,
            )
        return await self._bot.send_message(
            chat_id,
            drawn.html,
            parse_mode=ParseMode.HTML,
            reply_markup=drawn.keyboard,
            link_preview_options=NO_PREVIEW,
            reply_parameters=reply,
        )

    async def _changed(self, screen: Screen, notice: bool, edit: Callable[[Drawn], Awaitable[object]]) -> bool:
        try:
            await self._drawn(screen, notice, edit)
        except BadRequest as refused:
            return is_not_modified(refused)
        return True

    async def _drawn(self, screen: Screen, notice: bool, call: Callable[[Drawn], Awaitable[T]]) -> T:
        """Call with the screen drawn; again with links and moments as words where Telegram takes them in no other way.

        A server that knows no moments at all is not given any from then on.
        """
        links, dates = True, self._dates
        while True:
            try:
                return await call(draw(screen, notice=notice, link_buttons=links, dates=dates))
            except TelegramError as error:
                if links and is_bad_link(error):
                    links = False
                elif dates and is_bad_date(error):
                    dates = False
                    self._dates = knows_dates(error)
                else:
                    known = meaning(error)
                    if known is None:
                        raise
                    raise known from error
