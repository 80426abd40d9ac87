"""The stand-ins of one sandbox, on loopback ports of this process, with one clock for all."""

import asyncio
import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.simulator.cast import OWNERS, WORKSPACE, WORKSPACE_NAME
from bot.sandbox.slack.delivery import DeliverySettings
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.standin import SandboxClock, Served, StandIn, serve
from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.telegram.standin import TelegramStandIn

HOST = "127.0.0.1"
COMMANDS = (
    "/book", "/sessions", "/settings", "/help", "/today", "/availability", "/clients", "/coach", "/setup", "/audit",
    "/rapport",
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
        port = await _free_port()
        product = f"http://{HOST}:{port}"
        clock = SandboxClock(folder / "clock")
        events = f"{product}/slack/events"
        telegram = TelegramStandIn(clock=clock)
        slack = SlackStandIn(clock=clock, settings=DeliverySettings(request_url=events, commands=frozenset(COMMANDS)))
        stripe = StripeSandbox(clock=clock, webhook_url=f"{product}/webhooks/stripe", poll=0.25)
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
            "TELEGRAM_API_URL": self.served["telegram"].url,
            "STRIPE_SECRET_KEY": self.stripe.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.stripe.webhook_secret,
            "STRIPE_API_URL": self.served["stripe"].url,
        }


async def _free_port() -> int:
    server = await asyncio.start_server(lambda _reader, _writer: None, HOST, 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port
