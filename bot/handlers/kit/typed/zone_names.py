"""Codes for time zones in addresses: IANA names have characters that addresses lack, so each has a short code."""

import base64
import hashlib
from functools import cache

from bot.domain.people.places import zone_ids

LENGTH = 7


def code(zone: str) -> str:
    """`zqk3f7a` for Europe/Kyiv: the letter z and seven of base32."""
    digest = hashlib.sha256(zone.encode()).digest()
    return "z" + base64.b32encode(digest).decode().lower()[:LENGTH]


@cache
def _zones() -> dict[str, str]:
    return {code(zone): zone for zone in zone_ids()}


def zone_of(word: str) -> str | None:
    return _zones().get(word)
