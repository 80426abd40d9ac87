"""Defines what all vendors have in common: how they fail us, and how they post events to us."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class VendorAway(Exception):
    """The vendor could not be asked, or asks us to wait; whether the work was done is not known.

    `seconds`: how long it wants to be left alone, None when it did not say.
    """

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class KeyRefused(VendorAway):
    """The vendor does not accept our key, or lets it do less than we ask: an owner can mend it while we wait."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__("key", seconds)
        self.vendor = vendor


class VendorRefused(Exception):
    """The vendor understood and will not; asking the same again is no use.

    `code` is its own short word, `request` its own number of the question, where it has one.
    """

    def __init__(self, code: str, request: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.request = request


class NotAuthentic(ValueError):
    """A message that claims to come from the vendor is not signed by it, is too old or cannot be read."""


@dataclass(frozen=True)
class Event:
    """An event that a vendor posted: `body` is the object that it is about, as it was sent."""

    id: str
    kind: str
    body: Mapping[str, Any]


class EventSource(Protocol):
    """A vendor that posts signed messages to `/webhooks/{name}`. `guard` says how they are verified."""

    name: str
    guard: str

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        """Refuse what the headers alone show to be forged or old, so that its body is not even read.

        `real_now` is no clock that a sandbox moves. Raises `NotAuthentic`.
        """

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """What a signed message says; `headers` are looked up in any case of letters. Raises `NotAuthentic`."""
