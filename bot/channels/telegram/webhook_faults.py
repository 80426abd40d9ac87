"""Judges how Telegram tells this service of updates."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from telegram import WebhookInfo

LATELY = timedelta(days=1)


def faults(info: WebhookInfo, url: str, needed: Sequence[str], real_now: datetime) -> list[str]:
    """What is wrong, each with what to do."""
    if info.url != url:
        return [
            f"Telegram sends updates to {info.url or 'no webhook'} instead of {url}: start `rapport web`, which sets it"
        ]
    found = []
    failed = info.last_error_date
    if failed is not None and real_now - failed < LATELY:
        found.append(
            f"Telegram could not deliver an update at {failed:%Y-%m-%d %H:%M} UTC ({info.last_error_message}): "
            "mend the way from outside to PUBLIC_URL"
        )
    missing = [each for each in needed if info.allowed_updates and each not in info.allowed_updates]
    if missing:
        found.append(f"Telegram does not send {', '.join(missing)}: restart `rapport web`, which asks for them")
    return found
