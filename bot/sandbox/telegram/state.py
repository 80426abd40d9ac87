"""The records of the stand-in: people, chats, messages, files."""

import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.telegram.arguments import Upload
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.texts import Words

Wire = dict[str, Any]

ChatType = Literal["private", "supergroup"]
FileKind = Literal["photo", "document"]

# Bot API: sendPhoto and sendDocument.
MAX_PHOTO = 10 * 2**20
MAX_DOCUMENT = 50 * 2**20


@dataclass
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def wire(self) -> Wire:
        names = ("last_name", "username", "language_code")
        known = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **known}


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    unique_id: str
    kind: FileKind
    path: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0

    def photo_sizes(self) -> list[Wire]:
        return [
            {
                "file_id": self.file_id,
                "file_unique_id": self.unique_id,
                "width": self.width,
                "height": self.height,
                "file_size": len(self.data),
            }
        ]

    def document(self) -> Wire:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": len(self.data),
        }


@dataclass(frozen=True)
class Content:
    """What an edit replaces: the words (text, or caption when there is a file), the file, the keyboard."""

    words: Words = field(default_factory=Words)
    file: StoredFile | None = None
    markup: Wire | None = None
    link_preview: Wire | None = None


@dataclass
class Message:
    chat_id: int
    message_id: int
    sender: User
    date: int
    content: Content
    reply_to: int | None = None
    silent: bool = False
    protected: bool = False
    edit_date: int | None = None
    joined: Sequence[User] = ()
    paid: Any = None  # see `invoices.Paid`
    history: list[Content] = field(default_factory=list)

    @property
    def inline_keyboard(self) -> list[list[Wire]]:
        return list((self.content.markup or {}).get("inline_keyboard", []))


@dataclass
class Chat:
    """A private chat has its person's id. `started` and `blocked` are meant for private chats only."""

    id: int
    type: ChatType
    title: str | None = None
    members: set[int] = field(default_factory=set)
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    # The one keyboard or reply prompt below the input field, as the message that brought it left it.
    reply_markup: Wire | None = None
    reply_markup_from: int | None = None
    menu_button: Wire | None = None
    last_message_id: int = 0


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)

    def photo(self, given: Upload | str) -> StoredFile:
        if isinstance(given, str):
            return self._known(given, "photo")
        if len(given.data) > MAX_PHOTO:
            raise bad_request("file is too big")
        size = image_size(given.data)
        if size is None or sum(size) > 10_000:
            raise bad_request("IMAGE_PROCESS_FAILED" if size is None else "PHOTO_INVALID_DIMENSIONS")
        return self._keep("photo", given, *size)

    def document(self, given: Upload | str) -> StoredFile:
        if isinstance(given, str):
            return self._known(given, "document")
        if len(given.data) > MAX_DOCUMENT:
            raise bad_request("file is too big")
        return self._keep("document", given)

    def _known(self, file_id: str, kind: str) -> StoredFile:
        file = self.find(file_id)
        if file is not None and file.kind == kind:
            return file
        if file is not None:
            raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
        # The stand-in reaches no network, so every address is one that cannot be loaded.
        if file_id.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")

    def _keep(self, kind: FileKind, given: Upload, width: int = 0, height: int = 0) -> StoredFile:
        if not given.data:
            raise bad_request("file must be non-empty")
        number = len(self._by_id)
        suffix = given.name.rpartition(".")[2] if "." in given.name else "bin"
        file = StoredFile(
            file_id=f"AgACAg{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{secrets.token_urlsafe(9)}",
            kind=kind,
            path=f"{kind}s/file_{number}.{suffix}",
            name=given.name,
            mime_type=given.content_type,
            data=given.data,
            width=width,
            height=height,
        )
        self._by_id[file.file_id] = file
        return file


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG; None for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"GIF8" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    return _jpeg_size(data) if data[:2] == b"\xff\xd8" else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        # Start-of-frame segments carry the size; C4, C8 and CC are tables of other kinds.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
