"""Encryption of names, tokens, links and message text at rest (Fernet: AES-128-CBC with HMAC-SHA256)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEY_BYTES = 32
REMEMBERED = 2000  # opened texts, a few hundred kilobytes


def digest(token: str) -> str:
    """What is kept of a token that only ever has to be recognised. It is random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Unreadable(Exception):
    """A sealed text that none of the current keys opens."""


class Sealer:
    """Seals with the first key and opens with any of them.

    `keys` are 32 random bytes each, in URL-safe base64, with or without padding. ValueError says which
    key is wrong by its place, never by its value.
    """

    __slots__ = ("_fernet", "_opened")

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("SECRET_KEYS is empty: it needs at least one 32-byte URL-safe base64 key")
        # Every turn opens the same names and places; a sealed text never changes what it says.
        self._opened = lru_cache(REMEMBERED)(self._open)
        self._fernet = MultiFernet([Fernet(_padded(key, place)) for place, key in enumerate(keys, start=1)])

    def seal(self, text: str) -> str:
        """Encrypt `text`; equal texts give different results."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made; `Unreadable` when it was sealed by no current key or was changed."""
        return self._opened(sealed)

    def _open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unreadable("sealed by none of the keys in SECRET_KEYS") from error

    def reseal(self, sealed: str) -> str:
        """Encrypt again with the first key; `Unreadable` as in `open`."""
        try:
            return self._fernet.rotate(sealed).decode("ascii")
        except InvalidToken as error:
            raise Unreadable("sealed by none of the keys in SECRET_KEYS") from error


def _padded(key: str, place: int) -> bytes:
    text = key.strip().rstrip("=")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"key {place} of SECRET_KEYS is not URL-safe base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"key {place} of SECRET_KEYS has {len(raw)} bytes, not {KEY_BYTES}")
    return base64.urlsafe_b64encode(raw)
