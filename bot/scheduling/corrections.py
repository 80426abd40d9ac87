"""Corrects messages that went out: draws them again when the facts changed, and edits those that differ."""

import logging
from datetime import datetime, timedelta

from bot.chat.channel import NotDelivered, Sent, TryLater
from bot.domain.notices.outgoing import OutboxRow
from bot.scheduling.pace import Held
from bot.scheduling.sending import Sending, digest
from storage.notices import outbox
from storage.people import people

log = logging.getLogger(__name__)

AFTER_A_FAULT = timedelta(minutes=5)


async def correct(sending: Sending, owner: str, row: OutboxRow) -> None:
    """Make a claimed correction, or put it off."""
    until = None
    try:
        said, until = await _edit(sending, row)
    except TryLater as later:
        due = sending.now() + timedelta(seconds=max(1.0, later.seconds))
    except Held as held:
        due = sending.now() + timedelta(seconds=held.seconds)
    except NotDelivered:
        said = row.digest
        due = None
    except Exception:
        log.exception("a correction failed", extra={"ids": {"outbox": row.id, "address": row.notice.address}})
        due = sending.now() + AFTER_A_FAULT
    else:
        due = None
    if due is not None:
        await sending.storage.write(lambda tx: outbox.correct_later(tx, row, owner, due))
        return
    await sending.storage.write(lambda tx: outbox.mark_corrected(tx, row, owner, said, until))


async def _edit(sending: Sending, row: OutboxRow) -> tuple[str | None, datetime | None]:
    """The digest of what the message says now, and until when. A message whose chat is closed stays as it is."""
    if row.account_id is None or row.chat_ref is None or row.message_ref is None:
        return row.digest, None
    account_id = row.account_id
    account = await sending.storage.read(lambda tx: people.find_account(tx, account_id))
    channel = None if account is None else sending.channels.get(account.platform)
    if account is None or channel is None or account.unreachable is not None:
        return row.digest, None
    async with sending.pace.place(account, first=False):
        screen = await sending.visit(row.notice.person_id, account, row.notice.address)
        if screen is None or digest(screen) == row.digest:
            return row.digest, None if screen is None else screen.until
        await sending.pace.turn(account)
    await channel.edit(account, Sent(row.chat_ref, row.message_ref), screen)
    return digest(screen), screen.until
