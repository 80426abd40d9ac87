"""How times and money read: one renderer for every message on every platform, in the language of the turn."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, format_currency, parse_pattern

from bot.chat.moments import Moment, Shape, told
from bot.chat.words import _, current_language, ngettext
from bot.domain.payments.money import Money, decimals
from bot.domain.people import places
from bot.domain.people.zones import clocks_differ

_SAID_IN_HOURS = 360
"""Minutes: what is nearer is not "tomorrow", even when midnight lies between."""

_REMEMBERED = 1000
"""Days and prices that were said before: many messages have the same ones, and Babel takes longer than a dictionary."""

BABEL = {"en": "en_GB", "de": "de_DE"}


def _locale() -> Locale:
    return _locale_of(current_language())


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(BABEL[language])


def city(zone: str) -> str:
    """`Vienna`, or `Wien`."""
    return places.label(zone, current_language())


def day(value: date) -> str:
    """`Tue 1 Dec`."""
    return _day(value, current_language())


@lru_cache(_REMEMBERED)
def _day(value: date, language: str) -> str:
    locale = _locale_of(language)
    words: str = locale.datetime_skeletons["MMMEd"].apply(value, locale)
    return words


def month(value: date) -> str:
    """`December 2026`."""
    locale = _locale()
    words: str = locale.datetime_skeletons["yMMMM"].apply(value, locale)
    return words


def long_day(value: date) -> str:
    """`Tuesday 1 December 2026`."""
    return format_date(value, "full", locale=_locale())


def clock(at: datetime, zone: str) -> str:
    """`15:00` on that zone's clock, where something else names the zone: never drawn on another one."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(at: datetime, zone: str) -> str:
    """`Tue 1 Dec, 15:00 (Kyiv)`: a time never stands without its zone, unless the reader's own clock shows it."""
    local = at.astimezone(ZoneInfo(zone))
    words = _("{day}, {time} ({city})", day=day(local.date()), time=clock(at, zone), city=city(zone))
    return told(Moment(at, Shape.DAY_AND_TIME), words)


def coming(at: datetime, zone: str, since: datetime) -> str:
    """As `moment`, after how far away it was at `since`: `Tomorrow: Tue 1 Dec, 15:00 (Kyiv)`, `In one hour: …`."""
    when, left = moment(at, zone), round((at - since).total_seconds() / 60)
    days = (at.astimezone(ZoneInfo(zone)).date() - since.astimezone(ZoneInfo(zone)).date()).days
    if left <= 0 or days > 2:
        return when
    if days and left >= _SAID_IN_HOURS:
        away = _("Tomorrow") if days == 1 else _("The day after tomorrow")
        return told(Moment(at, Shape.COMING), _("{ahead}: {when}", ahead=away, when=str(when)))
    return _("{ahead}: {when}", ahead=_in(left), when=when)


def _in(left: int) -> str:
    if 55 <= left <= 65:
        return _("In one hour")
    if left < 110:
        return ngettext("In {n} minute", "In {n} minutes", left if left < 10 else 5 * round(left / 5))
    return ngettext("In {n} hour", "In {n} hours", round(left / 60))


def time(at: datetime, zone: str) -> str:
    """`15:00 (Kyiv)`, where the day is clear."""
    return told(Moment(at, Shape.TIME), _("{time} ({city})", time=clock(at, zone), city=city(zone)))


def short_moment(at: datetime, zone: str) -> str:
    """`Tue 1 Dec, 15:00`, for a button beside the full time with its zone."""
    local = at.astimezone(ZoneInfo(zone))
    return _("{day}, {time}", day=day(local.date()), time=clock(at, zone))


def both_clocks(at: datetime, zone: str, other_zone: str, other_name: str, since: datetime | None = None) -> str:
    """The reader's clock, and the other side's where it differs. With `since` as `coming`."""
    mine = moment(at, zone) if since is None else coming(at, zone, since)
    if not clocks_differ(zone, other_zone, int(at.timestamp())):
        return mine
    there, here = at.astimezone(ZoneInfo(other_zone)), at.astimezone(ZoneInfo(zone))
    other = clock(at, other_zone)
    if there.date() != here.date():
        other = _("{day}, {time}", day=day(there.date()), time=other)
    return _(
        "{mine} · {other} for {name} ({city})",
        mine=mine,
        other=other,
        name=other_name,
        city=city(other_zone),
    )


def money(value: Money) -> str:
    """`€45.00`; nothing to pay reads as words."""
    if value.amount == 0:
        return _("free")
    return amount(value)


def amount(value: Money) -> str:
    """As `money`, but zero stays a number."""
    return _amount(value, current_language())


@lru_cache(_REMEMBERED)
def _amount(value: Money, language: str) -> str:
    locale, places = _locale_of(language), decimals(value.currency)
    units = Decimal(value.amount).scaleb(-places)
    return format_currency(units, value.currency, _money_format(locale, places), locale, currency_digits=False)


@cache
def _money_format(locale: Locale, places: int) -> NumberPattern:
    """The locale's own, with as many decimals as the currency has here: what is shown is what is charged."""
    usual = locale.currency_formats["standard"].pattern
    return parse_pattern(re.sub(r"\.0+", f".{'0' * places}" if places else "", usual))


def minutes(count: int) -> str:
    """`50 minutes`, `2 hours`, `3 days`: whole units only."""
    if count and count % 1440 == 0:
        return ngettext("{n} day", "{n} days", count // 1440)
    if count and count % 60 == 0:
        return ngettext("{n} hour", "{n} hours", count // 60)
    return ngettext("{n} minute", "{n} minutes", count)
