"""Warns when nothing came through the proxy that is to stand in front."""

from urllib.parse import urlsplit

from bot.checks.addresses import is_loopback
from bot.config import Settings
from storage.engine import Storage
from storage.journal import marks

DAY_S = 86_400


async def missing(settings: Settings, storage: Storage) -> list[str]:
    public = urlsplit(settings.public_url)
    if public.scheme != "https" or is_loopback(settings.public_url):
        return []
    ago = await storage.read(lambda tx: marks.age(tx, marks.PROXIED))
    if ago is not None and ago <= DAY_S:
        return []
    return [
        f"no request of the last day came for {public.netloc} with X-Forwarded-Proto: let the proxy in front "
        "pass on Host and set that header, and lead PUBLIC_URL to it"
    ]
