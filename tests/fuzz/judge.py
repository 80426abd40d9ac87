"""Judges what a payload did: which rows changed, and whether the product met a failure."""

import logging
import sqlite3
import traceback
from pathlib import Path
from typing import Any

from bot.domain.notices.notices import NoticeKind
from bot.http_body import MAX_BODY_BYTES
from tests.fuzz.shots import STAFF, Shot

COLUMNS = {
    "outbox": "key, person_id, kind, address, booking_id",
    "payments": "id, booking_id, attempt, amount, currency, state, intent_ref, charge_ref",
    "refunds": "id, payment_id, amount, currency, reason",
}
"""Elsewhere all. Sending and asking go on by themselves: what they note beside the facts is no change of data."""

BEHIND = {
    "accounts", "persons", "acts", "conversations", "inbox", "leases", "marks", "faults", "oauth_states", "catalogue",
    "canary", "processes", "meters", "set_aside", "sms_messages",
}  # fmt: skip
"""Who is known, where chats stand, what came in, and what the machinery keeps for itself: not watched."""

EXPECTED = {"page.amount_differs", "refund.unknown"}
"""Errors in the log that are the right answer to a forged payment or refund."""

REFUSED_SCREENS = (
    "invalid_arguments", "invalid_blocks", "invalid_payload", "invalid_metadata", "view_too_large", "msg_", "no_text",
)  # fmt: skip
"""Slack's words for a message or a view that it cannot draw."""

Rows = dict[int, tuple[Any, ...]]


class Ledger:
    """The business tables of one SQLite file. Triggers tell where to look, so that looking is cheap."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, timeout=10)
        self._seen = 0
        self._watch()
        self._rows = {name: self._read(name) for name in sorted(STAFF)}

    def _watch(self) -> None:
        run = self._database.execute
        run("CREATE TABLE IF NOT EXISTS watched (n INTEGER PRIMARY KEY, name TEXT)")
        for name in STAFF:
            for act in ("INSERT", "UPDATE", "DELETE"):
                run(
                    f"CREATE TRIGGER IF NOT EXISTS watch_{name}_{act} AFTER {act} ON {name} "
                    f"BEGIN INSERT INTO watched (name) VALUES ('{name}'); END"
                )
        self._database.commit()

    def _read(self, name: str) -> Rows:
        return {
            row[0]: row[1:]
            for row in self._database.execute(f"SELECT rowid, {COLUMNS.get(name, '*')} FROM {name}")
            # What was answered and could not be shown is said again; that is an answer, too.
            if not (name == "outbox" and row[3] == NoticeKind.ANSWER.value)
        }

    def changes(self) -> dict[str, set[int]]:
        """Tables with the rowids that differ from what stood there at the last call."""
        touched = self._database.execute("SELECT n, name FROM watched WHERE n > ?", (self._seen,)).fetchall()
        found: dict[str, set[int]] = {}
        for name in {name for _n, name in touched}:
            before, after = self._rows[name], self._read(name)
            differ = {row for row in before.keys() | after.keys() if before.get(row) != after.get(row)}
            self._rows[name] = after
            if differ:
                found[name] = differ
        self._seen = max((n for n, _name in touched), default=self._seen)
        return found

    def touched(self) -> bool:
        """Whether anything was written since the last call of `changes`."""
        row = self._database.execute("SELECT max(n) FROM watched").fetchone()
        return (row[0] or 0) > self._seen

    def persons_of(self, bookings: set[int]) -> set[int]:
        """Whose bookings these are."""
        marks = ",".join("?" * len(bookings))
        query = f"SELECT DISTINCT person_id FROM bookings WHERE id IN ({marks})"
        return {row[0] for row in self._database.execute(query, sorted(bookings))}

    def person(self, user_ref: str | None) -> int | None:
        row = self._database.execute("SELECT person_id FROM accounts WHERE user_ref = ?", (user_ref,)).fetchone()
        return None if row is None else int(row[0])

    def close(self) -> None:
        self._database.close()


class Failures(logging.Handler):
    """Collects what is logged as an error, and screens that a platform refused to draw."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        step = record.getMessage()
        ids = getattr(record, "ids", None) or {}
        refused = step == "slack.failed" and str(ids.get("why")).startswith(REFUSED_SCREENS)
        lost = step in ("reply.lost", "route.failed")
        bad = record.levelno >= logging.ERROR and step not in EXPECTED
        if bad or refused or (lost and "NotDelivered" not in str(ids)):
            self.found.append(f"{record.name} {step} {ids} {_error(record)}".strip())

    def taken(self) -> list[str]:
        found, self.found = self.found, []
        return found


def _error(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    return "".join(traceback.format_exception(record.exc_info[1]))[-3000:]


def complaints(shot: Shot, status: int, text: str, failures: list[str], ledger: Ledger | None) -> list[str]:
    """What is wrong with the answer to a shot; nothing, mostly."""
    taken = 200 <= status < 300 or (status == 413 and len(shot.body) > MAX_BODY_BYTES)
    found = [f"answered {status}"] if status >= 500 or (shot.taken and not taken) else []
    if "Traceback" in text or "on our side" in text:
        found.append(f"told: {text[:300]}")
    found += failures
    if ledger is None:
        return found
    changed, sender = ledger.changes(), ledger.person(shot.who)
    found += [f"changed {name} {sorted(rows)[:5]}" for name, rows in changed.items() if rows and name not in shot.may]
    if shot.who is not None and "bookings" in changed and shot.may < STAFF:
        strangers = ledger.persons_of(changed["bookings"]) - {sender}
        found += [f"changed a booking of person {person}" for person in strangers]
    return found
