"""Draws what nobody guesses, for tokens and codes."""

import secrets

from bot.domain.tokens import ALPHABET, LETTERS


def draw(count: int) -> str:
    """So many of the alphabet of tokens; the first is no digit."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(ALPHABET) for _each in range(count - 1))
