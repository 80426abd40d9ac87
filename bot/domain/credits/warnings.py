"""When somebody is reminded of credits that they may lose or forget.

Examples, for a package of 5 that is valid to 1 July, noon:

- Three are left on 1 June at noon: 30 days before their end. Again 7 days before it, and one day before it.
- Bought on 20 June: 11 days before its end, so only 7 days and one day before it. The same of a gift that was bought
  in January and that its owner took on 20 June.
- One came back on 25 June and has days of grace to 9 July: 7 days and one day before 9 July too.
- The fourth is booked: one is left, said once.
- The last thing about it was a session on 1 April, and nothing is booked: on 22 April, 21 days later, once until
  something is booked again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.credits import rules
from bot.domain.credits.grants import Credit, Entry, EntryKind, Holding

DAYS_BEFORE = (1, 7, 30)
IDLE = timedelta(days=21)
LATELY = timedelta(days=2)
"""How long after its moment a warning is still written: nobody reads one of what was so weeks ago."""


class WarningKind(StrEnum):
    ENDING = "ending"
    LAST = "last"
    IDLE = "idle"


@dataclass(frozen=True)
class CreditWarning:
    """`key` tells it from others about the same grant. It is of no use from `useless` on."""

    kind: WarningKind
    key: str
    useless: datetime


def due(held: Holding, last: Entry, since: datetime, now: datetime) -> list[CreditWarning]:
    """What is to be said of a grant now; `last` is its newest entry. `since`: when its owner came to have it."""
    left = [each for each in rules.available(held) if each.ends is None or now < each.ends]
    if not left:
        return []
    found = [*_ending(left, since, now), *_last(held, left, last, now)]
    return found or _idle(held, left, last, now)


def _ending(left: Iterable[Credit], since: datetime, now: datetime) -> list[CreditWarning]:
    """Of each end, the nearest moment before it that has come, if it has come since these credits are there."""
    found = {}
    for credit in left:
        ends = credit.ends
        if ends is None:
            continue
        there = max(since, credit.grant.extended_at or since)
        if credit.until is not None and ends == credit.until:
            there = ends - rules.GRACE
        days = next((each for each in DAYS_BEFORE if ends - now <= timedelta(days=each)), None)
        if days is not None and there <= ends - timedelta(days=days):
            key = f"{int(ends.timestamp())}:{days}"
            found[key] = CreditWarning(WarningKind.ENDING, key, ends)
    return list(found.values())


def _last(held: Holding, left: list[Credit], last: Entry, now: datetime) -> list[CreditWarning]:
    fresh = last.kind is EntryKind.RESERVED and now - last.at < LATELY
    if len(left) != 1 or held.grant.sessions < 2 or not fresh:
        return []
    return [CreditWarning(WarningKind.LAST, "last", now + LATELY)]


def _idle(held: Holding, left: list[Credit], last: Entry, now: datetime) -> list[CreditWarning]:
    """None where the end is so near that another warning says it all."""
    ends = [each.ends for each in left if each.ends is not None]
    near = bool(ends) and min(ends) - now <= timedelta(days=max(DAYS_BEFORE[:2]))
    if held.credits.reserved or near or not IDLE <= now - last.at < IDLE + LATELY:
        return []
    return [CreditWarning(WarningKind.IDLE, f"idle:{last.number}", now + LATELY)]
