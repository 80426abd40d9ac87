"""Methods by which the bot gets its updates."""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.delivery import Webhook
from bot.sandbox.telegram.errors import bad_request, conflict
from bot.sandbox.telegram.state import Wire
from bot.sandbox.telegram.world import World

# Bot API, setWebhook and getUpdates; the cap on the wait is the server's own.
HTTPS_PORTS = (443, 80, 88, 8443)
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
MAX_UPDATES = 100
MAX_POLL_SECONDS = 50


@dataclass(frozen=True)
class Told:
    """A result with the sentence that Telegram adds to it."""

    result: Any
    description: str


async def get_updates(world: World, args: Args) -> list[Wire]:
    """Waits up to `timeout` seconds for the first update; a newer call ends this one with 409."""
    delivery = world.delivery
    if delivery.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    if "allowed_updates" in args:
        delivery.allowed = args["allowed_updates"]
    delivery.polls += 1
    poll = delivery.polls
    delivery.wake()
    limit = args.get("limit", MAX_UPDATES)
    if not 1 <= limit <= MAX_UPDATES:
        limit = MAX_UPDATES
    until = time.monotonic() + min(max(args.get("timeout", 0), 0), MAX_POLL_SECONDS)
    updates = delivery.ready(args.get("offset", 0), limit)
    while not updates and time.monotonic() < until:
        await delivery.changed(until - time.monotonic())
        if poll != delivery.polls:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        if delivery.webhook is not None:
            raise conflict("terminated by setWebhook request")
        updates = delivery.ready(0, limit)
    return updates


def set_webhook(world: World, args: Args) -> Told:
    if not args["url"]:
        return delete_webhook(world, args)
    _check_url(args["url"])
    secret = args.get("secret_token") or None
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = args.get("max_connections", DEFAULT_CONNECTIONS)
    if not 1 <= connections <= MAX_CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")
    if "allowed_updates" in args:
        world.delivery.allowed = args["allowed_updates"]
    webhook = Webhook(args["url"], secret, connections)
    same = webhook == world.delivery.webhook
    world.delivery.set_webhook(webhook, args.get("drop_pending_updates", False))
    return Told(True, "Webhook is already set" if same else "Webhook was set")


def delete_webhook(world: World, args: Args) -> Told:
    was_set = world.delivery.webhook is not None
    world.delivery.set_webhook(None, args.get("drop_pending_updates", False))
    return Told(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(world: World, _args: Args) -> Wire:
    delivery = world.delivery
    info: Wire = {
        "url": delivery.webhook.url if delivery.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(delivery.pending),
    }
    if delivery.webhook is not None:
        info["max_connections"] = delivery.webhook.max_connections
        if delivery.last_error is not None:
            at, message = delivery.last_error
            info |= {"last_error_date": int(at), "last_error_message": message}
    if delivery.allowed:
        info["allowed_updates"] = delivery.allowed
    return info


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    # As the Bot API server in local mode: plain HTTP and any port, but on this machine alone.
    if loopback and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in HTTPS_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
