"""Lets the credit of a booking follow it: used up, given back, or taken again."""

from bot.domain.bookings.changes import Change, Ended, Settled
from bot.domain.bookings.policy import Cancelled
from bot.domain.pricing.effects import CreditChange
from bot.services.credits import ledger
from storage.engine import Tx


def follow_credit(tx: Tx, change: Change) -> None:
    """Enter in the ledger what was told of the credit before the tap."""
    if not isinstance(change, Ended | Settled) or change.before.credit is None:
        return
    grant_id, booking_id = change.before.credit.grant_id, change.before.id
    match change:
        case Ended(ending=ending):
            outcome = ending.outcome
            if outcome is not None and outcome.effect.change is CreditChange.SPENT:
                ledger.spend(tx, grant_id, booking_id, ending.cause)
            else:
                by_practice = outcome is not None and outcome.becomes is Cancelled.BY_COACH
                ledger.give_back(tx, grant_id, booking_id, ending.cause, by_practice=by_practice)
        case Settled(after=after, cause=cause) if after.outcome is not None:
            ledger.spend(tx, grant_id, booking_id, cause)
        case Settled(cause=cause):
            ledger.take_again(tx, grant_id, booking_id, cause)
