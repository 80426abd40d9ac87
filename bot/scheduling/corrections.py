"""Corrects messages that went out: draws them again when the facts changed, and edits those that differ."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.channel import Away, NotDelivered, PerhapsDelivered, Sent, ShutOut, TryLater
from bot.domain.notices.outgoing import OutboxRow
from bot.domain.people.people import Account
from bot.scheduling.failed_messages import FAULTY, REFUSED
from bot.scheduling.pace import Held
from bot.scheduling.sending import Sending, digest
from bot.services.kit.patience import Patience
from storage.engine import CannotRead, StorageAway, Tx
from storage.journal.set_aside import PUT_OFF
from storage.notices import outbox
from storage.people import people
from storage.sealing import Unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Shown:
    """The digest of what the message says now, and until when that holds."""

    digest: str | None
    until: datetime | None = None


@dataclass(frozen=True)
class _NotNow:
    """`patience`: it failed. None: the platform is busy, or away for everybody."""

    wait_s: float = 0
    patience: Patience | None = None


async def correct(sending: Sending, owner: str, row: OutboxRow) -> None:
    """Make a claimed correction, or put it off: ever longer where it failed, and in the end not any more."""
    try:
        outcome: _Shown | _NotNow = await _edit(sending, row)
    except StorageAway:
        raise
    except Held as held:
        outcome = _NotNow(held.seconds)
    except (CannotRead, Unreadable) as why:
        sending.cannot_show(row, why)
        outcome = _NotNow(PUT_OFF.total_seconds())
    except Exception:
        log.exception("a correction failed", extra={"ids": {"outbox": row.id, "address": row.notice.address}})
        outcome = _NotNow(patience=FAULTY)
    now = sending.now()
    await sending.storage.write(lambda tx: _write_down(tx, owner, row, outcome, now))


def _write_down(tx: Tx, owner: str, row: OutboxRow, outcome: _Shown | _NotNow, now: datetime) -> None:
    if isinstance(outcome, _Shown):
        outbox.mark_corrected(tx, row, owner, outcome.digest, outcome.until)
        return
    again = now if outcome.patience is None else outcome.patience.again(row.failures, now)
    if again is None:
        log.error("correction.given_up", extra={"ids": {"outbox": row.id}})
        outbox.mark_corrected(tx, row, owner, row.digest)
        return
    due = max(again, now + timedelta(seconds=outcome.wait_s))
    outbox.correct_later(tx, row, owner, due, failed=outcome.patience is not None)


async def _edit(sending: Sending, row: OutboxRow) -> _Shown | _NotNow:
    """A message whose chat is closed stays as it is."""
    if row.account_id is None or row.chat_ref is None or row.message_ref is None:
        return _Shown(row.digest)
    account_id = row.account_id
    account = await sending.storage.read(lambda tx: people.find_account(tx, account_id))
    channel = None if account is None else sending.channels.get(account.platform)
    if account is None or channel is None or account.unreachable is not None:
        return _Shown(row.digest)
    async with sending.pace.place(account, first=False):
        screen = await sending.visit(row.notice.person_id, account, row.notice.address)
        if screen is None or digest(screen) == row.digest:
            return _Shown(row.digest, None if screen is None else screen.until)
        await sending.pace.turn(account)
    try:
        await channel.edit(account, Sent(row.chat_ref, row.message_ref), screen)
    except TryLater as later:
        return _later(sending, row, account, later)
    except PerhapsDelivered:
        return _NotNow(patience=REFUSED)  # an edit that is made twice changes nothing
    except NotDelivered:
        return _Shown(row.digest)
    sending.outages.got_through(account, row.id)
    return _Shown(digest(screen), screen.until)


def _later(sending: Sending, row: OutboxRow, account: Account, later: TryLater) -> _NotNow:
    away_s = sending.outages.wait(account, row.id) if isinstance(later, Away | ShutOut) else None
    return _NotNow(max(1.0, later.seconds), REFUSED) if away_s is None else _NotNow(away_s)
