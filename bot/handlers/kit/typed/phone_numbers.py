"""Telephone numbers as people type them: whole, checked against the numbering plan of their country, or refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from bot.domain.people.places import current_name

_TYPED = re.compile(
    r"(?P<number>\+?[\d\s()./\u2010-\u2015-]{4,30})(?:(?:ext\.?|x|durchwahl|dw\.?)\s*(?P<extension>\d{1,6}))?",
    re.IGNORECASE,
)
_COSTLY = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER,
           PhoneNumberType.PAGER}  # fmt: skip
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
ELSEWHERE = "GB"
"""Whose number stands for an example where no country is known."""


class NumberProblem(StrEnum):
    NO_NUMBER = "no_number"  # of no country, or of none that is known here
    COSTLY = "costly"  # whoever calls it pays for more than the call


@dataclass(frozen=True)
class SeveralNumbers:
    """A number without its country that exists in several: each as it would be written with it."""

    numbers: tuple[str, ...]


def parse_number(text: str, zones: Iterable[str | None]) -> str | SeveralNumbers | NumberProblem:
    """The number as it is dialled from anywhere: `+43 660 1234567`.

    `zones`: clocks of whom it may belong to, likeliest first. A number without its country is one of theirs; where it
    is one in several of them it is not guessed.
    """
    typed = _TYPED.fullmatch(" ".join(text.split()))
    if typed is None:
        return NumberProblem.NO_NUMBER
    words = typed["number"] + (f" ext. {typed['extension']}" if typed["extension"] else "")
    if words.startswith("00"):
        words = f"+{words[2:].lstrip()}"
    countries = [None] if words.startswith("+") else _countries(zones)
    found = [number for country in countries if (number := _read(words, country)) is not None]
    cheap = dict.fromkeys(_written(each) for each in found if phonenumbers.number_type(each) not in _COSTLY)
    if not cheap:
        return NumberProblem.COSTLY if found else NumberProblem.NO_NUMBER
    return SeveralNumbers(tuple(cheap)) if len(cheap) > 1 else next(iter(cheap))


def takes_messages(number: str) -> bool:
    """Whether a number that `parse_number` gave may be one of a mobile phone; in some countries nobody can tell."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in _MOBILE and phonenumbers.parse(number).extension is None


def e164(number: str) -> str:
    """A number that `parse_number` gave, as it is kept: `+436601234567`."""
    return str(phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.E164))


def spaced(number: str) -> str:
    """A number in E.164 as people read it: `+43 660 1234567`."""
    return _written(phonenumbers.parse(number))


def example_number(zones: Iterable[str | None]) -> str:
    """A mobile number of the first of these zones' countries, to show how one is written."""
    for country in [*_countries(zones), ELSEWHERE]:
        example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
        if example is not None:
            return _written(example)
    raise AssertionError(ELSEWHERE)


def _read(words: str, country: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(words, country)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _written(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))


def _countries(zones: Iterable[str | None]) -> list[str | None]:
    """Of each zone the country that it lies in, once."""
    known = get_global("zone_territories")
    those = [known.get(zone) or known.get(current_name(zone)) for zone in zones if zone is not None]
    return [each for each in dict.fromkeys(those) if each in phonenumbers.SUPPORTED_REGIONS]
