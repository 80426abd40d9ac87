"""Lets a hold that waited for a package have one of its credits, once it is booked."""

import logging

from bot.domain.bookings.changes import Change, Confirmed
from bot.domain.bookings.cover import Cover
from bot.domain.credits.rules import ChosenCredit
from bot.services.credits import choosing, ledger
from storage.bookings import on_order
from storage.engine import Tx

log = logging.getLogger(__name__)


def cover_bought(tx: Tx, change: Change) -> None:
    """Its package was paid, and given, earlier in this transaction: see `accept_money`."""
    if not isinstance(change, Confirmed) or change.before is None:
        return
    booking = change.after
    if booking.cover is not Cover.CREDIT or booking.credit is not None or booking.paid:  # paid: by a page of before
        return
    choice = choosing.choose(
        tx, booking.person_id, booking.offer_id, booking.starts, booking.coach_zone, lock=True
    )  # fmt: skip
    if not isinstance(choice, ChosenCredit):
        log.error("credit.missing", extra={"ids": {"booking": booking.id, "order": booking.order_id}})
        return
    on_order.use_grant(tx, booking.id, choice.held.grant.id)
    ledger.reserve(tx, choice, booking.id, change.cause)
