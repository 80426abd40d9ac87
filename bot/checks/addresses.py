"""Warns about addresses over which secrets travel in the open, and about live money beside what is not."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.config import REAL_HOSTS, Settings

LIVE, TEST = ("sk_live", "rk_live"), ("sk_test", "rk_test")


def in_the_open(settings: Settings) -> Iterator[str]:
    for name, url in _vendors(settings).items():
        if urlsplit(url).scheme == "http" and not is_loopback(url):
            yield f"{name} is http://, so tokens travel in the open: set it to https://"
    if urlsplit(settings.public_url).scheme == "http" and not is_loopback(settings.public_url):
        yield "PUBLIC_URL is http://, which Slack, Telegram and Stripe refuse: put a proxy with TLS in front, name https://"


def mixed_modes(settings: Settings) -> Iterator[str]:
    """Live keys where nothing else is, and test keys or a moved clock where people come."""
    key, public = settings.stripe.secret_key or "", not is_loopback(settings.public_url)
    real = is_real(settings.stripe.api_url)
    if key.startswith(LIVE) and not real:
        yield "STRIPE_SECRET_KEY is live and STRIPE_API_URL is not Stripe's: use a test key, or remove STRIPE_API_URL"
    if key.startswith(LIVE) and not public:
        yield "STRIPE_SECRET_KEY is live and PUBLIC_URL is this machine: use a test key, or set the public address"
    if key.startswith(TEST) and public:
        yield "STRIPE_SECRET_KEY is a test key, so nobody really pays: set the live one before people book"
    if settings.clock_file is not None and public:
        yield "CLOCK_FILE may move the clock of a service that people reach: remove it"


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_real(url: str) -> bool:
    """Whether a vendor itself answers there."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return any(host == real or host.endswith(f".{real}") for real in REAL_HOSTS)


def _vendors(settings: Settings) -> dict[str, str]:
    return {
        "SLACK_API_URL": settings.slack.api_url,
        "TELEGRAM_API_URL": settings.telegram.api_url,
        "STRIPE_API_URL": settings.stripe.api_url,
        "RESEND_API_URL": settings.mail.resend.api_url,
        "TWILIO_API_URL": settings.twilio.api_url,
    }
