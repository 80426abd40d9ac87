"""What an owner changes of a grant by hand, with a reason: more or fewer credits, and its one extension."""

from datetime import datetime

from bot.domain.credits import rules
from bot.domain.credits.grants import Entry, EntryKind, Grant, Holding
from bot.domain.records import Cause
from bot.domain.refusals import Code, Refusal
from bot.services.credits import ledger
from storage.credits import entries, grants, holdings
from storage.engine import Tx
from storage.instants import to_epoch
from storage.journal import audit

MOST = 1000
"""Nobody means to give, or to have, more credits than this."""


def adjust(tx: Tx, grant_id: int, by: int, why: str, cause: Cause) -> Holding | Refusal:
    """Add credits, or with a negative number take some that are available; those that end first go first.

    NOT_FOUND; NO_CREDIT where fewer are there, or the new ones could be used by nobody; LIMIT.
    """
    held = holdings.locked(tx, grant_id)
    if held is None:
        return Refusal(Code.NOT_FOUND)
    left = held.credits.available + by
    if left < 0 or (by > 0 and held.grant.expires_at is not None and held.grant.expires_at <= cause.now):
        return Refusal(Code.NO_CREDIT, has=held.credits.available)
    if left > MOST:
        return Refusal(Code.LIMIT, has=held.credits.available, most=MOST)
    for until, amount in parts_of(held, by):
        change = Entry(grant_id, 0, EntryKind.ADJUSTED, amount, 0, 0, cause.now, why=why, until=until)
        held = ledger.enter(tx, held, change, cause)
    return held


def extend(tx: Tx, grant_id: int, expires_at: datetime, why: str, cause: Cause) -> Holding | Refusal:
    """Give a grant its one extension. Credits that were over since its end are available again.

    NOT_FOUND, ALREADY_EXTENDED; CONTRADICTION where the new end is not later than the present one, or is past.
    """
    held = holdings.locked(tx, grant_id)
    if held is None:
        return Refusal(Code.NOT_FOUND)
    grant = held.grant
    if grant.extended_at is not None:
        return Refusal(Code.ALREADY_EXTENDED, at=grant.expires_at)
    if grant.expires_at is None or expires_at <= max(grant.expires_at, cause.now):
        return Refusal(Code.CONTRADICTION, reason="expires_at", at=grant.expires_at)
    if not grants.extend(tx, grant, expires_at, why, cause.now):
        return Refusal(Code.CHANGED)
    write_down_end(tx, grant, expires_at, cause)
    lost = entries.expired_without_grace(tx, grant_id)
    if lost:
        change = Entry(grant_id, 0, EntryKind.ADJUSTED, lost, 0, 0, cause.now, why=why)
        ledger.enter(tx, held, change, cause)
    return holdings.find(tx, grant_id) or Refusal(Code.NOT_FOUND)


def write_down_end(tx: Tx, grant: Grant, expires_at: datetime, cause: Cause) -> None:
    """In the audit trail: this grant is valid for longer."""
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act="credit.extended", subject=grant.subject,
        before={"expires": to_epoch(grant.expires_at)}, after={"expires": to_epoch(expires_at)}, now=cause.now,
    )  # fmt: skip


def parts_of(held: Holding, by: int) -> list[tuple[datetime | None, int]]:
    """The amount by days of grace: what is added has none, and those that end first are taken first."""
    if by >= 0:
        return [(None, by)]
    taken = [each.until for each in rules.soonest_first(held)][:-by]
    return [(until, -taken.count(until)) for until in dict.fromkeys(taken)]


def is_extendable(grant: Grant) -> bool:
    """Whether the owner may extend it."""
    return grant.expires_at is not None and grant.extended_at is None
