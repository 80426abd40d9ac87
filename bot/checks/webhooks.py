"""Warns about a vendor that tells us nothing, or not all: its webhook is missing, leads elsewhere, or fails."""

import asyncio
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bot.app import App
from bot.checks.addresses import is_loopback, is_real
from bot.config import Settings
from bot.integrations.vendor import VendorAway, VendorRefused

ANSWER_S = 10.0


@runtime_checkable
class KnowsItsWebhook(Protocol):
    async def webhook_faults(self, public_url: str) -> Sequence[str]:
        """What is wrong with how the vendor tells us things, each with what to do. Raises `VendorAway`,
        `VendorRefused`."""


async def unheard(app: App, vendors: Sequence[str]) -> list[str]:
    """Of these vendors, which answer."""
    if _only_here(app.settings):
        return []
    known: dict[str, object] = {platform.value: channel for platform, channel in app.channels.items()}
    if app.payment_provider is not None:
        known[app.payment_provider.name] = app.payment_provider
    asked = {name: known[name] for name in vendors if name in known}
    url = app.settings.public_url
    found = [_faults(name, each, url) for name, each in asked.items() if isinstance(each, KnowsItsWebhook)]
    return [sentence for sentences in await asyncio.gather(*found) for sentence in sentences]


async def _faults(name: str, vendor: KnowsItsWebhook, public_url: str) -> Sequence[str]:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await vendor.webhook_faults(public_url)
    except (VendorAway, VendorRefused, TimeoutError) as failed:
        why = str(failed) or "no answer"
    except Exception as failed:  # noqa: BLE001 - an answer that makes no sense hides nothing that others say
        why = type(failed).__name__
    return [f"{name} does not say how its webhook stands ({why}): look at its dashboard"]


def _only_here(settings: Settings) -> bool:
    """A vendor itself cannot reach this machine: somebody passes on what it says."""
    urls = (settings.slack.api_url, settings.telegram.api_url, settings.stripe.api_url)
    return is_loopback(settings.public_url) and any(is_real(url) for url in urls)
