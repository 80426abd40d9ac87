"""`/.well-known/security.txt`: whom to write to who found a weakness (RFC 9116). Without a contact there is none."""

from datetime import timedelta

from aiohttp import web

from bot.chat.words import LANGUAGES
from bot.clock import Clock
from bot.config import Settings
from bot.http_route import HttpRoute

PATH = "/.well-known/security.txt"
PUBLIC = "public: names the contact that the operator gave for reports"
GOOD_FOR = timedelta(days=90)
"""The RFC asks for less than a year. A practice that stopped answers no more, and its contact with it."""


def routes(settings: Settings) -> list[HttpRoute]:
    contact = settings.security_contact
    if contact is None:
        return []

    async def security_txt(_request: web.Request) -> web.Response:
        expires = Clock.real().replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
        lines = [
            f"Contact: {contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {', '.join(LANGUAGES)}",
        ]
        if settings.public_url.startswith("https://"):  # the RFC allows no other
            lines.append(f"Canonical: {settings.public_url}{PATH}")
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8")

    return [HttpRoute("GET", PATH, security_txt, PUBLIC)]
