"""Encryption of names, tokens, links and message text at rest: AES-256-GCM, bound to the place where it is kept.

A sealed text reads `2.<key id>.<nonce and ciphertext>`. The key's id, the column and the row are its associated data,
so a text that is copied to another row, column or table does not open. Texts of the version before are Fernet tokens,
which are bound to nothing: see `Stage`.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
REMEMBERED = 2000  # opened texts, a few hundred kilobytes
BOUND = "2."
_NONCE_BYTES = 12
_KEY_ID_BYTES = 6

_SHAPE = re.compile(r"2\.([A-Za-z0-9_-]{8})\.[A-Za-z0-9_-]+")
_FERNET = "gAAAA"  # how its tokens begin, until the year 2106

RowRef = int | str
"""What names a row for good: its primary key, or another key of it that is unique and never changes."""


class Stage(StrEnum):
    """How far a database has come on the way from Fernet tokens to texts that are bound to their place."""

    EXPAND = "expand"
    """Processes of the version before may be running: Fernet is written, both are opened."""
    CARRY_OVER = "carry over"
    """What is written is bound, both are opened."""
    CONTRACT = "contract"
    """Only what is bound is opened."""


def digest(token: str) -> str:
    """What is kept of a token that only ever has to be recognised. It is random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Unreadable(Exception):
    """A sealed text that none of the current keys opens, or that was sealed for another place.

    `column` and `row` say where it stands; both may be logged. `lacks_key`: as far as can be told it is whole, and was
    sealed with a key that is not here. Otherwise it was damaged, or copied from another place.
    """

    def __init__(self, column: str, row: RowRef, *, lacks_key: bool) -> None:
        super().__init__(f"no key of SECRET_KEYS opens {column} of {row} as what was sealed there")
        self.column = column
        self.row = row
        self.lacks_key = lacks_key


class Sealer:
    """Seals with the first key and opens with any of them.

    `keys` are 32 random bytes each, in URL-safe base64, with or without padding. ValueError says which
    key is wrong by its place, never by its value. `column` is always `table.column`.
    """

    __slots__ = ("_fernet", "_keys", "_opened", "_stage", "key_ids")

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("SECRET_KEYS is empty: it needs at least one 32-byte URL-safe base64 key")
        raw = [_raw(key, place) for place, key in enumerate(keys, start=1)]
        self._keys = {_key_id(each): AESGCM(_derived(each, b"rapport:seal")) for each in raw}
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in raw])
        # Every turn opens the same names and places; a sealed text never changes what it says.
        self._opened = lru_cache(REMEMBERED)(self._open)
        self._stage = Stage.CONTRACT
        self.key_ids = tuple(self._keys)
        """Of the keys in their order. An id tells nothing about its key."""

    @property
    def stage(self) -> Stage:
        """As the database says it, once `storage.upkeep.canary` has asked."""
        return self._stage

    @stage.setter
    def stage(self, stage: Stage) -> None:
        if stage is not self._stage:
            self._stage = stage
            self._opened.cache_clear()

    def seal(self, text: str, column: str, row: RowRef) -> str:
        """Encrypt `text` for its place; equal texts give different results."""
        if self._stage is Stage.EXPAND:
            return self._fernet.encrypt(text.encode()).decode("ascii")
        return self.seal_bound(text, column, row)

    def seal_bound(self, text: str, column: str, row: RowRef, key_id: str | None = None) -> str:
        """As `seal`, whatever the stage, and with the key of this id instead of the first."""
        key_id = key_id or self.key_ids[0]
        nonce = os.urandom(_NONCE_BYTES)
        closed = self._keys[key_id].encrypt(nonce, text.encode(), _place(key_id, column, row))
        return f"{BOUND}{key_id}.{base64.urlsafe_b64encode(nonce + closed).rstrip(b'=').decode()}"

    def open(self, sealed: str, column: str, row: RowRef) -> str:
        """Decrypt what was sealed for this place; `Unreadable` when it was not, by no current key, or was changed."""
        return self._opened(sealed, column, row)

    def reseal(self, sealed: str, column: str, row: RowRef) -> str:
        """Seal for this place with the first key what may be a Fernet token; what is so already comes back as it is."""
        if sealed.startswith(f"{BOUND}{self.key_ids[0]}."):
            self._open(sealed, column, row)
            return sealed
        return self.seal_bound(self._open(sealed, column, row, Stage.CARRY_OVER), column, row)

    def opens(self, sealed: str, column: str, row: RowRef) -> bool:
        """Whether it is ours, whatever the stage."""
        try:
            self._open(sealed, column, row, Stage.CARRY_OVER)
        except Unreadable:
            return False
        return True

    def _open(self, sealed: str, column: str, row: RowRef, stage: Stage | None = None) -> str:
        try:
            if sealed.startswith(BOUND):
                return self._open_bound(sealed, column, row)
            if (stage or self._stage) is not Stage.CONTRACT:
                return self._fernet.decrypt(sealed + "=" * (-len(sealed) % 4)).decode()
        except (InvalidTag, InvalidToken, KeyError, ValueError) as error:
            raise Unreadable(column, row, lacks_key=self._lacks_key(sealed)) from error
        raise Unreadable(column, row, lacks_key=self._lacks_key(sealed))

    def _lacks_key(self, sealed: str) -> bool:
        bound = _SHAPE.fullmatch(sealed)
        return sealed.startswith(_FERNET) if bound is None else bound[1] not in self._keys

    def _open_bound(self, sealed: str, column: str, row: RowRef) -> str:
        key_id = key_of(sealed)
        body = sealed[len(BOUND) + len(key_id) + 1 :]
        closed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        nonce, closed = closed[:_NONCE_BYTES], closed[_NONCE_BYTES:]
        return self._keys[key_id].decrypt(nonce, closed, _place(key_id, column, row)).decode()


def key_of(sealed: str) -> str:
    """The id of the key that a bound text was sealed with."""
    return sealed[len(BOUND) :].partition(".")[0]


def _place(key_id: str, column: str, row: RowRef) -> bytes:
    return f"{key_id}\x1f{column}\x1f{row}".encode()


def _derived(raw: bytes, purpose: bytes) -> bytes:
    """A key for one purpose alone: Fernet uses the halves of the raw one."""
    return hmac.digest(raw, purpose, "sha256")


def _key_id(raw: bytes) -> str:
    return base64.urlsafe_b64encode(_derived(raw, b"rapport:key-id")[:_KEY_ID_BYTES]).decode()


def _raw(key: str, place: int) -> bytes:
    text = key.strip().rstrip("=")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"key {place} of SECRET_KEYS is not URL-safe base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"key {place} of SECRET_KEYS has {len(raw)} bytes, not {KEY_BYTES}")
    return raw
