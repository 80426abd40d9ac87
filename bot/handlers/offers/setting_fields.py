"""The words of an offer's settings: how each is asked for in a form, and what the trail of changes calls it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.screen import Choice, Field, FieldKind
from bot.chat.words import _
from bot.domain.practice.offer_settings import HORIZONS, SETTINGS, Unit
from bot.domain.practice.offers import Offer
from bot.domain.practice.parse_length import DAY, HOUR
from bot.handlers.kit import typed_amounts
from bot.handlers.kit.typed_amounts import Range

LENGTH_LETTERS = 40
BASICS, TIMES, CAPS, CUTOFFS, WHO = "basics", "times", "caps", "cutoffs", "who"


@dataclass(frozen=True)
class SettingWords:
    """`form` names the group of questions in which it is asked; `noun` is how the trail of changes calls it."""

    form: str
    question: str
    noun: str
    hint: str | None = None


def words() -> dict[str, SettingWords]:
    """By the name of the setting."""
    before, limit = _("How long before the start"), _("A number, or none")
    new = _("New is who has no booked session so far.")
    often = _("30 min: at 9:00, 9:30, 10:00")
    return {
        "length_min": SettingWords(BASICS, _("How long is a session?"), _("minutes")),
        "step_min": SettingWords(BASICS, _("How often can one start?"), _("minutes between starts"), often),
        "buffer_before_min": SettingWords(TIMES, _("Time kept free before"), _("minutes free before")),
        "buffer_after_min": SettingWords(TIMES, _("Time kept free after"), _("minutes free after")),
        "notice_min": SettingWords(TIMES, _("Shortest notice"), _("minutes of notice")),
        "horizon_days": SettingWords(TIMES, _("How far ahead can it be booked?"), _("days ahead")),
        "daily_cap": SettingWords(CAPS, _("Most sessions a day, for a coach"), _("most a day"), limit),
        "weekly_cap": SettingWords(CAPS, _("Most sessions a week, for a coach"), _("most a week"), limit),
        "cancel_cutoff_min": SettingWords(CUTOFFS, _("Cancel free of charge until"), _("minutes to cancel"), before),
        "move_cutoff_min": SettingWords(CUTOFFS, _("Move until"), _("minutes to move"), before),
        "max_moves": SettingWords(CUTOFFS, _("How often can it be moved?"), _("moves")),
        "once_per_client": SettingWords(WHO, _("Can each client book it only once?"), _("once per client")),
        "new_clients_only": SettingWords(WHO, _("Is it for new clients only?"), _("for new clients only"), new),
    }


def fields(offer: Offer, form: str) -> tuple[Field, ...]:
    """The questions of a form, answered as the offer is now; each has the name of its setting."""
    said = words()
    return tuple(_field(offer, name, said) for name in SETTINGS if said[name].form == form)


def _field(offer: Offer, name: str, said: dict[str, SettingWords]) -> Field:
    unit, now = SETTINGS[name].unit, getattr(offer, name)
    if unit is Unit.YES_NO:
        choices = (Choice("1", _("Yes")), Choice("0", _("No")))
        return Field(name, said[name].question, FieldKind.CHOICE, said[name].hint, choices, default=str(now), read=int)
    default, read, most_letters = _typed(unit, now)
    return Field(
        name,
        said[name].question,
        hint=said[name].hint,
        default=default,
        optional=unit is Unit.SESSIONS,
        read=typed_amounts.within(_range(offer, name, said), read),
        max_length=most_letters,
    )


def _typed(unit: Unit, now: int | None) -> tuple[str, Callable[[str], object], int]:
    """How a form shows the value, how it reads one, and how many letters that may have."""
    match unit:
        case Unit.MINUTES:
            return typed_amounts.length(now or 0), typed_amounts.read_length(1), LENGTH_LETTERS
        case Unit.HOURS:
            return typed_amounts.length(now or 0), typed_amounts.read_length(HOUR), LENGTH_LETTERS
        case Unit.DAYS:
            return typed_amounts.length((now or 0) * DAY), typed_amounts.read_days, LENGTH_LETTERS
        case Unit.TIMES:
            return str(now), typed_amounts.read_count, 4
        case _:
            return typed_amounts.cap(now), typed_amounts.read_cap, 10


def _range(offer: Offer, name: str, said: dict[str, SettingWords]) -> Range:
    """What must be shorter than the time ahead is checked against it here, unless the same form may change both."""
    limits = SETTINGS[name]
    if limits.beyond is None:
        return Range(limits.allowed, limits.otherwise)
    together = said[name].form == said["horizon_days"].form
    days = HORIZONS[-1] if together else offer.horizon_days
    return Range(range(days * DAY), limits.beyond)
