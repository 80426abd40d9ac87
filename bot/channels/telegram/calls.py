"""The calls that a turn makes, with arguments that are plain already.

The library's own methods make an object of every button, look through all arguments for values that are none here, and
read each answer into a message with its chat, its sender and its keyboard. A turn needs the number of a new message and
nothing else, and it makes two such calls. So what posts, edits, takes buttons away and releases a tapped one goes
straight to the library's request, which tells errors apart, waits and uploads as for every other call. What a turn
seldom needs (the introduction, menus, "is typing") stays with `telegram.Bot`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from telegram import InputFile
from telegram.error import NetworkError
from telegram.request import RequestData

from bot.channels.telegram.request import AiohttpRequest
from bot.chat.screen import File


@dataclass(frozen=True)
class Form:
    """What `AiohttpRequest` reads of a `RequestData`, which can be made of the library's private parameters only."""

    json_parameters: dict[str, str]
    multipart_data: dict[str, tuple[str, Any, str]] = field(default_factory=dict)

    @property
    def contains_files(self) -> bool:
        return bool(self.multipart_data)


class Calls:
    """`base_url` is that of the bot, with its token. Raises the library's errors."""

    def __init__(self, base_url: str, request: AiohttpRequest) -> None:
        self._base_url = base_url
        self._request = request

    async def post(
        self, arguments: Mapping[str, object], *, photo: bytes | None = None, document: File | None = None
    ) -> int:
        """sendMessage, sendPhoto for a `photo` or sendDocument for a `document`; the number of the new message."""
        if document is not None:
            named = InputFile(document.data, document.name)
            answer = await self.call("sendDocument", arguments, {"document": named})
        elif photo is not None:
            answer = await self.call("sendPhoto", arguments, {"photo": InputFile(photo)})
        else:
            answer = await self.call("sendMessage", arguments)
        number = answer.get("message_id") if isinstance(answer, dict) else None
        if type(number) is not int:
            raise NetworkError("a message has a number")
        return number

    async def call(
        self, method: str, arguments: Mapping[str, object], files: Mapping[str, InputFile] | None = None
    ) -> Any:
        """Any method; what is None is not said. Words go as they are, all else as JSON."""
        said = {name: value for name, value in arguments.items() if value is not None}
        plain = {name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()}
        form = Form(plain, {name: each.field_tuple for name, each in (files or {}).items()})
        return await self._request.post(f"{self._base_url}/{method}", cast(RequestData, form))
