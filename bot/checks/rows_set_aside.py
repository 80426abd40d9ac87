"""Says which rows are set aside, for how long, and what helps: each reason has a remedy of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.checks.check_line import BROKEN, CheckLine
from bot.domain.records import SetAside, Why
from storage.engine import BadRow

NAMED = 10
"""Rows that are named for each reason; of others how many there are."""

_BACKUP = "put it right by hand or from a backup"
_REMEDIES: Mapping[Why, tuple[str, str]] = {
    Why.SEALED: (
        "sealed with a key that is not here, or by an older version",
        "add that key to SECRET_KEYS, restart, and run `rapport keys rotate`",
    ),
    Why.KIND: ("of a kind that this version does not know", f"start the newest version, or {_BACKUP}"),
    Why.UNREADABLE: ("damaged, or changed by hand", f"no key and no version helps: {_BACKUP}"),
    Why.CONTENTS: ("about something that cannot be read", "mend that: these go on by themselves"),
    Why.NEWER: ("written by a newer version, of which no process runs", "start that version"),
}
_PAYMENTS = (
    "The time of a booking that waits for such a payment stays taken: its client may have paid, so look at the payment "
    "provider's dashboard before you cancel it"
)


def lines(found: Sequence[SetAside], met: Sequence[BadRow], now: datetime) -> list[CheckLine]:
    """A line for each reason. `met`: rows that cannot be read, be they among those that were found or not."""
    known = {(each.table, each.row) for each in found}
    every: list[SetAside | BadRow] = [*found]
    every += [each for each in dict.fromkeys(met) if (each.table, each.row) not in known]
    by_reason = {why: [each for each in every if each.why is why] for why in Why}
    return [CheckLine("set-aside", BROKEN, _words(why, rows, now)) for why, rows in by_reason.items() if rows]


def _words(why: Why, rows: Sequence[SetAside | BadRow], now: datetime) -> str:
    reason, remedy = _REMEDIES[why]
    named = [_named(each, now) for each in rows[:NAMED]]
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    paying = f". {_PAYMENTS}" if any(each.table == "payments" for each in rows) else ""
    return f"{reason}: {', '.join(named)}{more}: {remedy}{paying}"


def _named(each: SetAside | BadRow, now: datetime) -> str:
    where = f"{each.table} {each.row}"
    return where if isinstance(each, BadRow) else f"{each.reference} {where} for {_age(each, now)}"


def _age(each: SetAside, now: datetime) -> str:
    hours = max(0, int((now - each.since).total_seconds()) // 3600)
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
