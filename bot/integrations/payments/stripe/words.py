"""What Stripe shows to people: how long it may be, and in which language."""

NAME_LENGTH, DESCRIPTION_LENGTH = 250, 1000
_LOCALES = {"en", "de"}


def locale(language: str) -> str:
    """Stripe's word for a language that we speak; else it goes by the browser."""
    return language if language in _LOCALES else "auto"
