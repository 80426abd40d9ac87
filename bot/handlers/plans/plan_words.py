"""Words for a plan: its dates with what speaks against them, what covers them, and what each can still become."""

from collections import Counter
from collections.abc import Sequence

from babel.dates import get_day_names

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.words import _, current_language, ngettext
from bot.domain.bookings.bookings import Terms
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.rules import NoCredit, Unusable
from bot.domain.plans.plans import Outlook, PlannedDate
from bot.domain.practice.coaches import Coach
from bot.handlers.kit import credit_words
from bot.handlers.kit.reasons import time_reasons


def weekday(number: int) -> str:
    """`Tuesday`; 1 is Monday."""
    return str(get_day_names("wide", locale=current_language())[number - 1])


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def sessions(number: int) -> str:
    return ngettext("{n} session", "{n} sessions", number)


def rhythm(weeks: int) -> str:
    return _("Every week") if weeks == 1 else _("Every two weeks")


def dates(seen: Outlook, coach: Coach, zone: str) -> list[Line]:
    """Each with both clocks, or why it is left out and what is free next."""
    return [_date(each, coach, zone, on_credit=seen.uses_credit) for each in seen.dates]


def _date(date: PlannedDate, coach: Coach, zone: str, *, on_credit: bool) -> Line:
    if date.against is not None:
        why = time_reasons.of_time(date.against, date.starts, zone)
        if date.instead is None:
            return Line(_("Left out: {why}", why=why))
        when = tell.moment(date.instead.starts, zone)
        return Line(_("Left out: {why} The next free time is {when}.", why=why, when=when))
    when = tell.both_clocks(date.starts, zone, coach.zone, coach.name)
    if on_credit and not date.on_credit:
        return Line(_("{when}: {why}", when=when, why=_no_credit(date.credit)), Tone.STRONG)
    return Line(when, Tone.STRONG)


def _no_credit(why: BookedCredit | Unusable | None) -> str:
    if isinstance(why, Unusable) and why.why is NoCredit.EXPIRES:
        return _("your credits end before it")
    if isinstance(why, Unusable):
        return _("your package gives no more sessions that week")
    return _("you have no credit left for it")


def cover(seen: Outlook, zone: str) -> list[Line]:
    """What all of them cost together, or which credits they take."""
    if not seen.price:
        return []
    if not seen.uses_credit:
        total, each = tell.amount(seen.total), tell.amount(seen.price)
        if len(seen.free) < 2:
            return [Line(total, Tone.TERMS)]
        return [Line(_("{total} in all, {each} each. One payment books them.", total=total, each=each), Tone.TERMS)]
    taken = [each.credit for each in seen.on_credit if isinstance(each.credit, BookedCredit)]
    number = Counter(each.grant_id for each in taken)
    last = {each.grant_id: each for each in taken}
    return [Line(_uses(number[grant], credit, zone), Tone.TERMS) for grant, credit in last.items()]


def _uses(number: int, credit: BookedCredit, zone: str) -> str:
    """`credit`: the last one that the plan takes of its grant."""
    told: dict[str, object] = {"name": credit.name}
    if credit.others is None:
        return ngettext("Uses {n} credit: {name}.", "Uses {n} credits: {name}.", number, **told)
    told["all"] = credit.others + number
    if credit.ends is None:
        return _("Uses {n} of {all}: {name}.", n=number, **told)
    end = credit_words.last_moment(credit.ends, zone)
    return _("Uses {n} of {all}, valid to {end}: {name}.", n=number, end=end, **told)


def lacks(seen: Outlook) -> list[Line]:
    """Where the credits do not reach."""
    if seen.is_bookable or not seen.free:
        return []
    words = _(
        "Your credits cover {n} of these {all}. Pay for all of them, or book those that are covered.",
        n=len(seen.on_credit), all=len(seen.free),
    )  # fmt: skip
    return [Line(words)]


def rules(terms: Terms, *, on_credit: bool) -> Sequence[Line]:
    """What holds for each of them by itself."""
    policy, lines = terms.policy, [_("Each is a session of its own: moving or cancelling one leaves the others.")]
    until = tell.minutes(policy.cancel_cutoff_min)
    if policy.cancel_cutoff_min and on_credit:
        lines.append(_("Free to cancel until {length} before it; after that the credit is used up.", length=until))
    elif policy.cancel_cutoff_min and terms.price:
        lines.append(_("Free to cancel until {length} before it; after that there is no refund.", length=until))
    if policy.max_moves:
        moves, before = policy.max_moves, tell.minutes(policy.move_cutoff_min)
        words = ngettext(
            "It can be moved once, until {length} before.",
            "It can be moved up to {n} times, until {length} before.",
            moves, length=before,
        )  # fmt: skip
        lines.append(words)
    return [Line(words, Tone.TERMS) for words in lines]
