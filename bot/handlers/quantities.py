"""Lengths of time, counts and prices as a person types them into a form, and as a form shows them back."""

import re
from collections.abc import Callable

from bot.chat.screen import Wrong
from bot.chat.words import _
from bot.domain.money import Money, decimals, parse_money

HOUR, DAY = 60, 1440
_LENGTH = re.compile(r"(?P<number>\d{1,5})\s*(?P<unit>[a-z]*)\.?")
_UNITS = {
    "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "minuten": 1,
    "h": HOUR, "hr": HOUR, "hrs": HOUR, "hour": HOUR, "hours": HOUR, "std": HOUR, "stunde": HOUR, "stunden": HOUR,
    "d": DAY, "day": DAY, "days": DAY, "t": DAY, "tag": DAY, "tage": DAY, "tagen": DAY,
}  # fmt: skip
_NONE = {"none", "no", "-", "0", "kein", "keine", "ohne"}


def length(minutes: int) -> str:
    """Minutes as they are typed: `50 min`, `12 h`, `2 d`."""
    for unit, name in ((DAY, "d"), (HOUR, "h")):
        if minutes and minutes % unit == 0:
            return f"{minutes // unit} {name}"
    return f"{minutes} min"


def read_length(bare: int) -> Callable[[str], object]:
    """Reads minutes; a number without a unit counts in `bare` minutes."""

    def read(raw: str) -> object:
        match = _LENGTH.fullmatch(raw.strip().casefold())
        unit = bare if match is None or not match["unit"] else _UNITS.get(match["unit"])
        if match is None or unit is None:
            return Wrong(_("Write a number with min, h or d, such as 50 min, 12 h or 2 d."))
        return int(match["number"]) * unit

    return read


def read_days(raw: str) -> object:
    minutes = read_length(DAY)(raw)
    if isinstance(minutes, int) and minutes % DAY == 0:
        return minutes // DAY
    return Wrong(_("Write a number of days, such as 60."))


def read_count(raw: str) -> object:
    text = raw.strip()
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    return Wrong(_("Write a number, such as 2."))


def read_cap(raw: str) -> object:
    """A count, or None for no limit."""
    return None if raw.strip().casefold() in _NONE | {_("none")} else read_count(raw)


def cap(count: int | None) -> str:
    return _("none") if count is None else str(count)


def price(money: Money) -> str:
    """The number alone, with as many decimals as the currency has."""
    places = decimals(money.currency)
    whole, rest = divmod(money.amount, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def read_price(currency: str) -> Callable[[str], object]:
    def read(raw: str) -> object:
        found = parse_money(raw, currency)
        if found is None:
            return Wrong(_("Write an amount in {currency}, such as 45; 0 is free.", currency=currency))
        return found

    return read
