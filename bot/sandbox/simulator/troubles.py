"""Failures that a user of the page switches on and off."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.sandbox.simulator.standins import StandIns

ALWAYS = 10**9
SLOW_SECONDS = 2.0


def stripe_away(standins: StandIns, on: bool) -> None:
    standins.stripe.faults.clear()
    if on:
        standins.stripe.faults.add("/v1/*", "cut", times=ALWAYS)


def stripe_silent(standins: StandIns, on: bool) -> None:
    """Payments are taken, and no webhook tells of them."""
    hooks = standins.stripe.webhooks
    hooks.options = replace(hooks.options, hold=on)
    hooks.release()


def slack_slow(standins: StandIns, on: bool) -> None:
    standins.slack.faults.clear()
    if on:
        standins.slack.faults.add("/api/*", "slow", seconds=SLOW_SECONDS, times=ALWAYS)


def twice(standins: StandIns, on: bool) -> None:
    """Every message, tap and webhook is delivered two times."""
    standins.telegram.world.delivery.options.duplicate = on
    standins.slack.delivery.settings.duplicate = on
    hooks = standins.stripe.webhooks
    hooks.options = replace(hooks.options, duplicates=1 if on else 0)


TROUBLES: Mapping[str, Callable[[StandIns, bool], None]] = {
    "stripe-away": stripe_away,
    "stripe-silent": stripe_silent,
    "slack-slow": slack_slow,
    "twice": twice,
}
