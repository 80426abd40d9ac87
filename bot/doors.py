"""Every HTTP door of this process."""

import math
from collections.abc import Mapping

from bot.house import House
from bot.services.bookings.holds import WARN_AHEAD
from bot.web import health
from bot.web.pay_return import PayReturn
from bot.web.server import Door
from bot.web.stripe_webhook import StripeWebhook
from storage.bookings import due
from storage.engine import Tx
from storage.notices import outbox

SLACK_GUARD = "Slack's signature (HMAC-SHA256 over time and body), at most five minutes old"
OAUTH_GUARD = "public: begins an installation; its end needs a single-use state, and no browser that began another"
TELEGRAM_GUARD = "the webhook's secret, compared in constant time"


def doors(house: House) -> list[Door]:
    found = health.doors(_figures(house))
    if house.slack is not None:
        found.append(Door("POST", "/slack/events", house.slack.handle, SLACK_GUARD))
        if house.settings.slack.client_id:
            found.append(Door("GET", "/slack/install", house.slack.install, OAUTH_GUARD))
            found.append(Door("GET", "/slack/oauth_redirect", house.slack.oauth_redirect, OAUTH_GUARD))
    if house.telegram is not None:
        found.append(Door("POST", "/telegram/webhook", house.telegram.handle, TELEGRAM_GUARD))
    if house.stripe is not None:
        payments = house.desk.payments
        found += StripeWebhook(payments, house.clock.now, house.deliveries.wake).doors()
        found += PayReturn(payments, house.desk.deployment, house.clock.now, house.deliveries.wake).doors()
    return found


def _figures(house: House) -> health.Figures:
    async def figures() -> Mapping[str, float]:
        def work(tx: Tx) -> Mapping[str, float]:
            now = house.clock.now()
            waiting, coming = outbox.next_due(tx), due.next_due(tx, WARN_AHEAD)
            return {
                "rapport_database_up": 1,
                "rapport_outbox_late_seconds": 0.0 if waiting is None else max(0.0, (now - waiting).total_seconds()),
                "rapport_next_due_in_seconds": math.inf if coming is None else (coming - now).total_seconds(),
            }

        return await house.storage.read(work)

    return figures
