"""The stand-ins of one sandbox, on loopback ports of this process, with one clock for all."""

import asyncio
import base64
import contextlib
import random
import secrets
import socket
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.sandbox.simulator.cast import OWNERS, WORKSPACE, WORKSPACE_NAME
from bot.sandbox.slack.delivery import DeliverySettings
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.standin import SandboxClock, Served, StandIn, serve
from bot.sandbox.stripe import charging
from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.stripe.tax.objects import Place, TaxSetup
from bot.sandbox.telegram.standin import TelegramStandIn

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Below the numbers that systems give to outgoing connections, of which the stand-ins make many."""

COMMANDS = (
    "/book", "/sessions", "/packages", "/gifts", "/calendar", "/settings", "/help", "/today", "/availability",
    "/clients", "/coach", "/setup", "/report", "/audit", "/rapport",
)  # fmt: skip
"""What a workspace's owner would enter when the app is set up."""


@dataclass
class StandIns:
    """`product_port` is where the product is to listen; nobody listens there yet."""

    folder: Path
    clock: SandboxClock
    telegram: TelegramStandIn
    slack: SlackStandIn
    stripe: StripeSandbox
    served: dict[str, Served]
    product_port: int

    @property
    def product_url(self) -> str:
        return f"http://{HOST}:{self.product_port}"

    @property
    def named(self) -> dict[str, StandIn]:
        return {"telegram": self.telegram, "slack": self.slack, "stripe": self.stripe}

    @staticmethod
    async def open(folder: Path) -> "StandIns":
        port = _free_port()
        product = f"http://{HOST}:{port}"
        clock = SandboxClock(folder / "clock")
        events = f"{product}/slack/events"
        telegram = TelegramStandIn(clock=clock)
        slack = SlackStandIn(clock=clock, settings=DeliverySettings(request_url=events, commands=frozenset(COMMANDS)))
        stripe = StripeSandbox(clock=clock, webhook_url=f"{product}/webhooks/stripe", poll=0.25)
        stripe.account.tax = TaxSetup(Place("AT", postal_code="1010", city="Vienna"), ["AT", "EU-OSS", "US-CA"])
        telegram.world.till.collect = partial(charging.collect, stripe.account)
        slack.slack.add_team(WORKSPACE_NAME, "harbour-coaching", WORKSPACE)
        named: dict[str, StandIn] = {"telegram": telegram, "slack": slack, "stripe": stripe}
        served = {name: await serve(one.app, HOST) for name, one in named.items()}
        return StandIns(folder, clock, telegram, slack, stripe, served, port)

    async def close(self) -> None:
        await asyncio.gather(*(served.close() for served in self.served.values()))

    async def tick(self) -> None:
        """The clock was moved."""
        for standin in self.named.values():
            await standin.tick()

    def settings(self) -> dict[str, str]:
        """The environment in which the product finds this sandbox instead of the real services."""
        return {
            "HOST": HOST,
            "PORT": str(self.product_port),
            "PUBLIC_URL": self.product_url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'rapport.db'}",
            "SECRET_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "OWNERS": ",".join(OWNERS),
            "CLOCK_FILE": str(self.folder / "clock"),
            "SLACK_CLIENT_ID": self.slack.identity.client_id,
            "SLACK_CLIENT_SECRET": self.slack.identity.client_secret,
            "SLACK_SIGNING_SECRET": self.slack.identity.signing_secret,
            "SLACK_API_URL": f"{self.served['slack'].url}/api/",
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_WEBHOOK_SECRET": secrets.token_urlsafe(24),
            "TELEGRAM_PAYMENT_PROVIDER_TOKEN": self.telegram.world.till.provider_token,
            "TELEGRAM_API_URL": self.served["telegram"].url,
            "STRIPE_SECRET_KEY": self.stripe.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.stripe.webhook_secret,
            "STRIPE_API_URL": self.served["stripe"].url,
        }


def _free_port() -> int:
    """One that nobody listens on, and that no connection gets by chance before the product listens there."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port
    raise RuntimeError(f"no port of {HOST} between {PORTS.start} and {PORTS.stop} is free")
