"""Applies what providers tell of messages that they took: one function for every provider of addresses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.notices.delivery_news import DeliveryNews, closed_by
from bot.domain.notices.incoming import InboxRow
from bot.domain.people.addresses import same_for
from bot.domain.people.people import CHATS
from bot.services.kit.inbox import Apply, OfNoConcern
from storage.engine import Tx
from storage.people import people, person_changes

Read = Callable[[str, Mapping[str, Any]], DeliveryNews | None]
"""What an event of this kind, with this body, tells; None: of no message of ours. Raises `VendorRefused`."""


def applying(read: Read) -> Apply[None]:
    """The function by which an inbox applies the events of a provider whose events `read` understands."""

    async def apply(row: InboxRow, _now: datetime) -> Callable[[Tx], None]:
        news = read(row.kind, row.payload)
        if news is None:
            raise OfNoConcern("kind")
        return lambda tx: record(tx, news)

    return apply


def record(tx: Tx, news: DeliveryNews) -> None:
    """Keep what became of a message: close the account where its address is closed. Raises `OfNoConcern`.

    What came of the message itself is to be kept here as well, and a notice that is of use yet moved on to the
    person's next account, in this transaction.
    """
    account = people.find_account(tx, news.account_id)
    if account is None or account.platform in CHATS:
        raise OfNoConcern("account")
    known = account.address
    if known is not None and same_for(account.platform, known) != same_for(account.platform, news.address):
        raise OfNoConcern("address")  # theirs is another one by now
    why = closed_by(news.fact, account.unreachable)
    if why is not None:
        person_changes.set_unreachable(tx, account.id, why)
