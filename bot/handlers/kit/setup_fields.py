"""The one field of each question of `/setup`: its words, its default, and how an answer is read."""

from collections.abc import Callable
from datetime import date, datetime

from babel.numbers import is_currency

from bot.chat import tell
from bot.chat.screen import Choice, Field, Wrong
from bot.chat.shorten import shorten
from bot.chat.words import _, current_language
from bot.domain.calendar.hours import parse_hours
from bot.domain.calendar.hours_words import spoken
from bot.domain.calendar.spans import HoursError
from bot.domain.payments.money import Ambiguous
from bot.domain.people.places import current_name
from bot.domain.people.zones import is_zone, likely_zones, resolve_zone
from bot.domain.practice.parse_offer import OfferLine, SeveralOffers, parse_offer_line
from bot.domain.practice.parse_place import number_of_service, parse_place, says_only_how
from bot.domain.practice.several_answers import first_of_several
from bot.handlers.kit import typed_amounts
from bot.handlers.kit.typed import hours_words

CURRENCIES = ("EUR", "USD", "GBP", "CHF")
USUAL_HOURS = "mon-fri 9-17"
OTHERS = "others"
"""The answer to the hours by an owner who does not coach."""


def one_answer(raw: str) -> object:
    """Reads a name; several answers in one line are a question, with the first of them as a button."""
    first = first_of_several(raw)
    if first is None:
        return raw
    words = _("That reads like the answers to several questions. I ask them one at a time: only this one, please.")
    return Wrong(words, (first,) if first else ())


def name(now: str | None) -> Field:
    words, hint = _("What is your practice called?"), _("Clients read this name.")
    return Field("answer", words, hint=hint, default=now, read=one_answer, max_length=60)


_SAID_OF_CURRENCIES = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "POUND": "GBP", "POUNDS": "GBP", "PFUND": "GBP",
    "FRANKEN": "CHF", "SFR": "CHF",
}  # fmt: skip
"""Names that mean one currency alone; a dollar is of many countries."""


def currency(now: str | None) -> Field:
    def read(raw: str) -> object:
        code = raw.strip().upper()
        code = _SAID_OF_CURRENCIES.get(code, code)
        if is_currency(code):
            return code
        return Wrong(_("That is not a currency. Three letters, please, such as EUR."))

    choices = tuple(Choice(code, code) for code in CURRENCIES)
    hint = _("EUR, USD, GBP, CHF, or another such as SEK.")
    return Field(
        "answer",
        _("Which currency are your prices in?"),
        hint=hint,
        choices=choices,
        default=now or CURRENCIES[0],
        suggested=now is None,
        read=read,
    )


def zone(current: str | None, now: datetime, label: str, *, suggested: bool = False) -> Field:
    instant = int(now.timestamp())
    likely = likely_zones(current_language(), current or "Europe/London", instant)
    clocks = [(_typed(each, instant), tell.clock(now, each), tell.city(each)) for each in likely]
    choices = tuple(Choice(each, _("{time} · {city}", time=time, city=city)) for each, time, city in clocks)
    return Field(
        "answer",
        label,
        hint=_("A city, or the time there now."),
        choices=choices,
        default=_typed(current or likely[0], instant),
        suggested=suggested,
        read=zone_reader(instant),
    )


def _typed(zone: str, instant: int) -> str:
    """The zone as people type it: its city, in their language, where that is the only one of its name."""
    city = tell.city(zone)
    return city if zone_reader(instant)(city) == zone else zone


def zone_reader(instant: int) -> Callable[[str], object]:
    def read(raw: str) -> object:
        if is_zone(raw):
            return current_name(raw)
        several = one_answer(raw)
        if isinstance(several, Wrong):
            return several
        guesses = resolve_zone(raw, instant, current_language())
        if len(guesses) == 1:
            [only] = guesses
            return only.zone if only.sure else Wrong(_("Do you mean {city}? Then type it like that.", city=only.city))
        if guesses:
            cities = ", ".join(guess.city for guess in guesses)
            return Wrong(_("Which one do you mean: {cities}? Type that city.", cities=cities))
        return Wrong(
            _("I do not know “{words}”. Type a larger city nearby, or the time on your clock.", words=shorten(raw, 40))
        )

    return read


def hours(today: date, *, others: bool) -> Field:
    lines = [spoken(line, current_language()) for line in (USUAL_HOURS, "mon-thu 9-12,14-17")]
    choices = [Choice(line, line) for line in lines]
    if others:
        choices.append(Choice(OTHERS, _("Someone else coaches")))
    hint = _("One line, such as: mon-thu 9-12,14-17; fri 9-13")
    if others:
        hint = _("One line, such as: mon-thu 9-12,14-17; fri 9-13. Or “others”, if you do not coach yourself.")
    return Field(
        "answer",
        _("When can clients book you?"),
        hint=hint,
        choices=tuple(choices),
        default=lines[0],
        suggested=True,
        read=hours_reader(today, others=others),
        max_length=2000,
    )


def hours_reader(today: date, *, others: bool = False) -> Callable[[str], object]:
    """Reads a line of hours; the words about a mistake name the part that was not understood."""

    def read(raw: str) -> object:
        if others and raw.casefold() in {OTHERS, _("others"), _("Someone else coaches").casefold()}:
            return OTHERS
        change = parse_hours(raw, today)
        return hours_words.wrong(change) if isinstance(change, HoursError) else change

    return read


def offer(money: str, now: str | None = None) -> Field:
    def read(raw: str) -> object:
        line = parse_offer_line(raw, money)
        if line is None:
            return Wrong(_("Write a name, a length and a price, such as: Coaching 50 min 45"))
        if isinstance(line, SeveralOffers):
            words = _("Those are several offers. Begin with one of them; the others can be added afterwards.")
            return Wrong(words, line.lines[:4])
        if isinstance(line, OfferLine) and isinstance(several := one_answer(line.name), Wrong):
            return Wrong(several.words)
        return typed_amounts.which(line) if isinstance(line, Ambiguous) else line

    example = _("Session 50 min 0")
    hint = _("Name, length and price in {currency}; 0 is free. You can change and add offers later.", currency=money)
    words = _("What can clients book?")
    return Field("answer", words, hint=hint, default=now or example, suggested=now is None, read=read, max_length=120)


def place(now: str | None = None) -> Field:
    def read(raw: str) -> object:
        if says_only_how(raw):
            return Wrong(
                _("“{words}” says how, not where: write the number to call, or the link to open.", words=raw.strip())
            )
        if meant := number_of_service(raw):
            words = _("Is that a number to call, or a chat to open? Write one of these: {choices}")
            return Wrong(words.format(choices=", ".join(meant)), meant)
        if isinstance(parse_offer_line(raw, CURRENCIES[0]), OfferLine):
            return Wrong(_("That reads like an offer. Where do you meet: a link, a number, or an address?"))
        several = one_answer(raw)
        if "://" not in raw and isinstance(several, Wrong):
            return several
        found = parse_place(raw)
        if found is None:
            return Wrong(_("A link that people can open, “I call from” with a number, or an address, please."))
        return found

    hint = _("A video link, a phone number that clients call, “I call from +43 …”, or an address.")
    return Field("answer", _("Where do sessions take place?"), hint=hint, default=now, read=read, max_length=200)
