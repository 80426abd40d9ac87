"""Lists all that follows when a booking, or an order, changes, in order. A new reaction is a file of its feature and a
line here.

The order matters to what is read later: money and credit that go back are entered before the message that speaks of
them, and what was to be said of the booking as it was is withdrawn before something new is said.
"""

from collections.abc import Callable

from bot.domain.bookings.changes import Change
from bot.domain.payments.orders import OrderChange, OrderClosed, OrderPaid
from bot.services.bookings.close_proposals import close_proposals
from bot.services.credits.cover_bought import cover_bought
from bot.services.credits.follow_credit import follow_credit
from bot.services.credits.freezing import freeze_returned
from bot.services.exchanges.another_offer import let_time_go
from bot.services.fees.follow_fees import follow_fees
from bot.services.gifts.gifts import make_gifts
from bot.services.kit.reaction import Reaction
from bot.services.notices.announce_changes import announce_change
from bot.services.notices.correct_notices import correct_notices
from bot.services.payments.charge_holds import charge_hold, end_order
from bot.services.payments.packages.package_sales import grant_packages
from bot.services.payments.refunds.refund_cancelled import refund_cancelled
from bot.services.payments.tell_money import follow_order
from bot.services.plans.rest_of_plan import ask_for_rest
from bot.services.pricing.coupon_uses import follow_coupon, free_coupon
from storage.engine import Tx

REACTIONS: tuple[Reaction, ...] = (
    charge_hold,
    ask_for_rest,
    close_proposals,
    correct_notices,
    refund_cancelled,
    follow_fees,
    cover_bought,
    follow_credit,
    freeze_returned,
    free_coupon,
    announce_change,
)

ORDER_REACTIONS: tuple[Callable[[Tx, OrderChange], None], ...] = (
    follow_coupon,
    grant_packages,
    make_gifts,
    let_time_go,
    follow_order,
)
"""What follows when an order is paid or closed. What is paid by it is confirmed after that: see `accept_money`."""


def react(tx: Tx, change: Change) -> None:
    """Let every feature follow the change, one after the other, in its transaction."""
    if isinstance(change, OrderPaid | OrderClosed):
        for follow in ORDER_REACTIONS:
            follow(tx, change)
        return
    closed = end_order(tx, change)
    if closed is not None:
        react(tx, closed)
    for reaction in REACTIONS:
        reaction(tx, change)
