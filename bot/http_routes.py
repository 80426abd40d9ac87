"""Every HTTP route of a process, each with the check that guards it."""

import math
from collections.abc import Mapping

from bot.app import App
from bot.http_route import HttpRoute
from bot.services.bookings.hold_expiry import WARN_AHEAD
from bot.web import health
from bot.web.vendor_webhook import VendorWebhook
from storage.bookings import due
from storage.engine import Tx
from storage.journal import set_aside
from storage.notices import outbox


def http_routes(app: App) -> list[HttpRoute]:
    found = health.routes(_figures(app))
    for channel in app.channels.values():
        found += channel.routes()
    inboxes = (inbox for vendor in app.vendors for inbox in vendor.inboxes)
    found += (VendorWebhook(inbox, app.clock.now, app.deliveries.wake).route() for inbox in inboxes)
    if app.desk.payments.on:
        from bot.web.pay_return import PayReturn

        found += PayReturn(app.desk.payments, app.desk.sharing, app.clock.now, app.deliveries.wake).routes()
    return found


def _figures(app: App) -> health.Figures:
    async def figures() -> Mapping[str, float]:
        def work(tx: Tx) -> Mapping[str, float]:
            now = app.clock.now()
            waiting, coming = outbox.next_due(tx), due.next_due(tx, WARN_AHEAD)
            return {
                "rapport_rows_set_aside": set_aside.count(tx),
                "rapport_database_up": 1,
                "rapport_outbox_late_seconds": 0.0 if waiting is None else max(0.0, (now - waiting).total_seconds()),
                "rapport_next_due_in_seconds": math.inf if coming is None else (coming - now).total_seconds(),
            }

        return await app.storage.read(work)

    return figures
