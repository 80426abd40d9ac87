"""Warns about secrets that can be guessed, and about one that stands in two places."""

import itertools
from collections.abc import Iterator

from bot.config import Settings

SHORTEST = 16
"""Characters. Sixteen of letters and digits hold more than ninety bits."""

FEWEST = 6
"""Different characters of a secret that nobody typed by repeating a key."""


def weak(settings: Settings) -> Iterator[str]:
    found = list(_of(settings))
    for name, secret in found:
        if len(secret) < SHORTEST:
            yield f"{name} has {len(secret)} characters and can be guessed: set one of at least {SHORTEST}"
        elif len(set(secret)) < FEWEST:
            yield f"{name} repeats a few characters and can be guessed: set a random one"
    for (name, secret), (other, same) in itertools.combinations(found, 2):
        if secret == same:
            yield f"{name} and {other} are the same: whoever learns one has both, so give each its own"
    if len(set(settings.secret_keys)) < len(settings.secret_keys):
        yield "SECRET_KEYS names one key twice: remove the copy"


def _of(settings: Settings) -> Iterator[tuple[str, str]]:
    known = {
        "SLACK_SIGNING_SECRET": settings.slack.signing_secret,
        "SLACK_CLIENT_SECRET": settings.slack.client_secret,
        "TELEGRAM_WEBHOOK_SECRET": settings.telegram.webhook_secret,
        "STRIPE_WEBHOOK_SECRET": settings.stripe.webhook_secret,
        "RESEND_WEBHOOK_SECRET": settings.mail.resend.webhook_secret,
        "TWILIO_AUTH_TOKEN": settings.twilio.auth_token,
        "TWILIO_SHARED_KEY": settings.twilio.shared_key,
    }
    yield from ((name, secret) for name, secret in known.items() if secret)
    yield from ((f"key {number} of SECRET_KEYS", key) for number, key in enumerate(_different(settings), 1))


def _different(settings: Settings) -> list[str]:
    return list(dict.fromkeys(settings.secret_keys))
