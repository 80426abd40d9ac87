"""The language of a page for somebody of whom nothing is known but their browser."""

from collections.abc import Mapping

from bot.chat.words import known_language


def of_browser(headers: Mapping[str, str]) -> str:
    """What the browser asks for first, where we speak it."""
    return known_language(headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip())
