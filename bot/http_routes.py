"""Every HTTP route of a process, each with the check that guards it."""

import contextlib
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from bot.app import App
from bot.http_route import HttpRoute
from bot.services.kit.references import References
from bot.services.reports.figures import count
from bot.services.reports.figures import figures as named
from bot.web import health, security_txt
from bot.web.calendar_feed import CalendarFeed
from bot.web.receipt_page import ReceiptPage
from bot.web.vendor_webhook import VendorWebhook
from bot.web.visitors import Visitors
from storage.engine import StorageAway


def http_routes(app: App) -> list[HttpRoute]:
    found = health.routes(lambda: app.probe.found, _figures(app), lambda: app.keys.fits)
    found += security_txt.routes(app.settings)
    found += ReceiptPage(app.desk.receipts).routes()
    found += CalendarFeed(app.desk.feeds, lambda: app.desk.sharing.telegram_username, app.clock.now).routes()
    for channel in app.channels.values():
        found += channel.routes()
    inboxes = (inbox for vendor in app.vendors for inbox in vendor.inboxes)
    found += (VendorWebhook(inbox, app.clock.now, app.deliveries.wake).route() for inbox in inboxes)
    if app.desk.payments.on:
        from bot.web.pay_return import PayReturn

        desk = app.desk
        references = References(desk.faults, desk.set_aside)
        wake = app.deliveries.wake
        found += PayReturn(desk.payments, desk.cards, desk.sharing, references, app.clock.now, wake).routes()
    visitors = Visitors(app.settings.trusted_proxies, app.clock.monotonic)
    return [visitors.limited(route) for route in found]


def _figures(app: App) -> health.Figures:
    """What the probe counted. In a sandbox, whose clock somebody moves to what is due next, as it is just now."""

    async def figures() -> Mapping[str, float]:
        counted = app.probe.counted
        if app.settings.clock_file is not None:
            with contextlib.suppress(StorageAway):
                counted = await app.storage.read(count)
        return {} if counted is None else named(counted, app.clock.now())

    return figures


def came_through(app: App) -> Callable[[str, bool], None]:
    """Hears of every request for which host it came, and whether something in front said how it had come."""
    own_host = urlsplit(app.settings.public_url).netloc

    def heard(host: str, forwarded: bool) -> None:
        if forwarded and host == own_host:
            app.probe.proxied = True

    return heard
