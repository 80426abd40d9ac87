"""Posts and edits messages, and removes their buttons. Raises the channel's own errors."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram.calls import Calls
from bot.channels.telegram.errors import is_bad_date, is_bad_link, is_not_modified, knows_dates, meaning
from bot.channels.telegram.render import Drawn, draw
from bot.chat.screen import Screen

T = TypeVar("T")

NO_PREVIEW = {"is_disabled": True}


class Poster:
    """`chat_ref` and message references are Telegram's numbers as text. Raises `NotDelivered`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._dates = True

    async def post(self, chat_ref: str, screen: Screen, *, notice: bool = False, under: int | None = None) -> str:
        """A new message; its reference. `under`: the message of a group that it answers."""

        async def send(drawn: Drawn) -> int:
            try:
                return await self._send(int(chat_ref), drawn, under)
            except ChatMigrated as moved:
                return await self._send(moved.new_chat_id, drawn, under)

        return str(await self._drawn(screen, notice, send))

    async def revise(self, chat_ref: str, message_ref: str, screen: Screen, *, notice: bool = False) -> bool:
        """Change a message of words; False when that one cannot be changed (gone, a picture, a file, not ours)."""

        async def edit(drawn: Drawn) -> object:
            return await self._calls.call("editMessageText", _at(chat_ref, message_ref) | _text(drawn))

        return await self._changed(screen, notice, edit)

    async def recaption(self, chat_ref: str, message_ref: str, screen: Screen, *, notice: bool = False) -> bool:
        """As `revise`, for a message with a picture or a file."""

        async def edit(drawn: Drawn) -> object:
            return await self._calls.call("editMessageCaption", _at(chat_ref, message_ref) | _caption(drawn))

        return await self._changed(screen, notice, edit)

    async def strip(self, chat_ref: str, message_ref: str) -> None:
        """Take a message's buttons away; one that is gone has none."""
        try:
            await self._calls.call("editMessageReplyMarkup", _at(chat_ref, message_ref))
        except BadRequest:
            return
        except TelegramError as error:
            known = meaning(error)
            if known is None:
                raise
            raise known from error

    async def _send(self, chat_id: int, drawn: Drawn, under: int | None) -> int:
        reply = None if under is None else {"message_id": under, "allow_sending_without_reply": True}
        to = {"chat_id": chat_id, "reply_parameters": reply}
        if drawn.file is not None:
            return await self._calls.post(to | _caption(drawn), document=drawn.file)
        if drawn.picture is not None:
            return await self._calls.post(to | _caption(drawn), photo=drawn.picture.png)
        return await self._calls.post(to | _text(drawn))

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


def _at(chat_ref: str, message_ref: str) -> dict[str, object]:
    return {"chat_id": int(chat_ref), "message_id": int(message_ref)}


def _text(drawn: Drawn) -> dict[str, object]:
    """Words as a message."""
    return {
        "text": drawn.html,
        "parse_mode": "HTML",
        "reply_markup": drawn.keyboard,
        "link_preview_options": NO_PREVIEW,
    }


def _caption(drawn: Drawn) -> dict[str, object]:
    """Words below a picture or a file."""
    return {"caption": drawn.html, "parse_mode": "HTML", "reply_markup": drawn.keyboard}
