"""Every word a person reads goes through `_` or `ngettext`, in the language of the turn.

The language travels in a context variable, set once for each visit, so that a handler need not carry it.
Catalogues are `bot/locale/<language>/LC_MESSAGES/rapport.po`, compiled beside them.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent.parent / "locale"
LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT_LANGUAGE = "en"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == DEFAULT_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("rapport", LOCALE_DIR, [language], fallback=True)


def _(message: str, **values: object) -> str:
    """The message in the current language, with `{name}` places filled."""
    translated = _catalogue(_language.get()).gettext(message)
    return translated.format(**values) if values else translated


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """As `_`, by number; `{n}` is filled with the number."""
    return _catalogue(_language.get()).ngettext(singular, plural, n).format(n=n, **values)


def known_language(tag: str | None) -> str:
    """The language we speak that is nearest to `de-AT`, `en_US` or nothing."""
    short = (tag or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT_LANGUAGE


def current_language() -> str:
    return _language.get()


def speak(language: str) -> None:
    """From here to the end of `speaking`: the person has just chosen another language."""
    _language.set(known_language(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _language.set(known_language(language))
    try:
        yield
    finally:
        _language.reset(token)
