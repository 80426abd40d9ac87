"""Reads lengths of time, counts and prices typed into a form, and writes them as a form shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.screen import Wrong
from bot.chat.words import _
from bot.domain.payments.money import Ambiguous, Money, decimals, parse_money
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.practice.offers import Offer
from bot.domain.practice.parse_length import DAY, HOUR, parse_length
from bot.handlers.kit.reasons import contradictions

_NONE = {"none", "no", "-", "kein", "keine", "ohne"}


def length(minutes: int) -> str:
    """Minutes as they are typed: `50 min`, `12 h`, `2 d`."""
    for unit, name in ((DAY, "d"), (HOUR, "h")):
        if minutes and minutes % unit == 0:
            return f"{minutes // unit} {name}"
    return f"{minutes} min"


def read_length(bare: int) -> Callable[[str], object]:
    """Reads minutes; a number without a unit counts in `bare` minutes."""

    def read(raw: str) -> object:
        minutes = parse_length(raw, bare)
        if minutes is None:
            return Wrong(_("Write a number with min, h or d, such as 50 min, 12 h or 2 d."))
        return minutes

    return read


@dataclass(frozen=True)
class Range:
    """The numbers that an answer can be, and what to say about any other."""

    allowed: range
    otherwise: Contradiction


def within(limits: Range, read: Callable[[str], object]) -> Callable[[str], object]:
    """Reads a number as `read` does and refuses one outside of the limits."""

    def checked(raw: str) -> object:
        found = read(raw)
        if isinstance(found, int) and found not in limits.allowed:
            return Wrong(contradictions.words(limits.otherwise))
        return found

    return checked


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
    """A count of at least one, or None for no limit."""
    if is_none(raw):
        return None
    count = read_count(raw)
    if count == 0:
        return Wrong(_("At least 1. For no limit, leave it empty or write: {none}", none=_("none")))
    return count


def is_none(raw: str) -> bool:
    """Whether somebody wrote that there is to be nothing."""
    return raw.strip().casefold() in _NONE | {_("none")}


def cap(count: int | None) -> str:
    return _("none") if count is None else str(count)


def price(money: Money) -> str:
    """The number alone, with as many decimals as the currency has."""
    places = decimals(money.currency)
    whole, rest = divmod(money.amount, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def line(offer: Offer) -> str:
    """As `parse_offer_line` reads it."""
    return f"{offer.name} {length(offer.length_min)} {price(offer.price)}"


def read_price(currency: str) -> Callable[[str], object]:
    def read(raw: str) -> object:
        found = parse_money(raw, currency)
        if found is None and decimals(currency) == 0:
            words = _("Write a whole amount in {currency}, without decimals, such as 4500; 0 is free.")
            return Wrong(words.format(currency=currency))
        if found is None:
            return Wrong(_("Write an amount in {currency}, such as 45; 0 is free.", currency=currency))
        return which(found) if isinstance(found, Ambiguous) else found

    return read


def which(found: Ambiguous) -> Wrong:
    words = _(
        "{typed} could be {small} or {large}. Write the one that you mean.",
        typed=found.typed,
        small=found.small,
        large=found.large,
    )
    return Wrong(words)
