"""Finds the message that somebody answers: the one that they point at, or the last that was sent to them."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Account
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.tables import outbox
from storage.tx import Tx


def address_of_last(
    tx: Tx, account: Account, kind: NoticeKind, since: datetime, message_ref: str | None = None
) -> str | None:
    """The address of the newest message of this kind that went to the account since then; of `message_ref` whenever."""
    which = outbox.c.sent_at >= to_epoch(since) if message_ref is None else outbox.c.message_ref == message_ref
    query = (
        sa.select(outbox.c.address)
        .where(
            stands_for(outbox.c.person_id, account.person_id),
            outbox.c.account_id == account.id,
            outbox.c.kind == kind.value,
            outbox.c.state == Delivery.SENT.value,
            which,
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()
