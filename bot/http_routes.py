"""Every HTTP route of a process, each with the check that guards it."""

import math
from collections.abc import Mapping

from bot.app import App
from bot.services.bookings.hold_expiry import WARN_AHEAD
from bot.web import health
from bot.web.pay_return import PayReturn
from bot.web.payment_webhook import PaymentWebhook
from bot.web.server import HttpRoute
from storage.bookings import due
from storage.engine import Tx
from storage.notices import outbox

SLACK_GUARD = "Slack's signature (HMAC-SHA256 over time and body), at most five minutes old"
OAUTH_GUARD = "public: begins an installation; its end needs a single-use state, and no browser that began another"
TELEGRAM_GUARD = "the webhook's secret, compared in constant time"


def http_routes(app: App) -> list[HttpRoute]:
    found = health.routes(_figures(app))
    if app.slack is not None:
        found.append(HttpRoute("POST", "/slack/events", app.slack.handle, SLACK_GUARD))
        if app.settings.slack.client_id:
            found.append(HttpRoute("GET", "/slack/install", app.slack.install, OAUTH_GUARD))
            found.append(HttpRoute("GET", "/slack/oauth_redirect", app.slack.oauth_redirect, OAUTH_GUARD))
    if app.telegram is not None:
        found.append(HttpRoute("POST", "/telegram/webhook", app.telegram.handle, TELEGRAM_GUARD))
    if app.payment_provider is not None:
        payments = app.desk.payments
        found += PaymentWebhook(app.payment_provider, payments, app.clock.now, app.deliveries.wake).routes()
        found += PayReturn(payments, app.desk.sharing, app.clock.now, app.deliveries.wake).routes()
    return found


def _figures(app: App) -> health.Figures:
    async def figures() -> Mapping[str, float]:
        def work(tx: Tx) -> Mapping[str, float]:
            now = app.clock.now()
            waiting, coming = outbox.next_due(tx), due.next_due(tx, WARN_AHEAD)
            return {
                "rapport_database_up": 1,
                "rapport_outbox_late_seconds": 0.0 if waiting is None else max(0.0, (now - waiting).total_seconds()),
                "rapport_next_due_in_seconds": math.inf if coming is None else (coming - now).total_seconds(),
            }

        return await app.storage.read(work)

    return figures
