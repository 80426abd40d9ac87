"""Every word a person reads goes through `_` or `ngettext`, in the language of the turn.

The language travels in a context variable, set once for each visit, so that a handler need not carry it.
Catalogues are `bot/locale/<language>/LC_MESSAGES/rapport.po`, compiled beside them.
"""

import gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from bot.chat.moments import filled, joined

LOCALE_DIR = Path(__file__).parent.parent / "locale"
LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT_LANGUAGE = "en"

_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""The blocks of letters that are written from right to left (Unicode, Bidi_Class R and AL)."""

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == DEFAULT_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("rapport", LOCALE_DIR, [language], fallback=True)


def _(message: str, **values: object) -> str:
    """The message in the current language, with `{name}` places filled."""
    translated = _catalogue(_language.get()).gettext(message)
    return _filled(translated, values) if values else translated


def N_(message: str) -> str:  # noqa: N802
    """Marks a message of a table for the catalogue; `_` speaks it where it is said."""
    return message


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """As `_`, by number; `{n}` is filled with the number."""
    return _filled(_catalogue(_language.get()).ngettext(singular, plural, n), {"n": n, **values})


def _filled(message: str, values: Mapping[str, object]) -> str:
    """A name that is written from right to left must not turn the time or the price beside it: it stands between
    U+2068 and U+2069. Addresses stay whole, since a platform would take the mark for a part of them."""
    text = filled(message, values)
    if _FROM_THE_RIGHT.search(text) is None:
        return text
    return filled(message, {name: _apart(each) for name, each in values.items()})


def _apart(value: object) -> object:
    if not isinstance(value, str) or "://" in value or _FROM_THE_RIGHT.search(value) is None:
        return value
    return joined("", ("\u2068", value, "\u2069"))


def known_language(tag: str | None) -> str:
    """The language we speak that is nearest to `de-AT`, `en_US` or nothing."""
    short = (tag or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT_LANGUAGE


def current_language() -> str:
    return _language.get()


def speak(language: str) -> None:
    """Switch the language until the end of `speaking`: the person has just chosen another one."""
    _language.set(known_language(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _language.set(known_language(language))
    try:
        yield
    finally:
        _language.reset(token)
