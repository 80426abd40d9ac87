"""Every kind of notice and the screen that shows it. What is always so for a kind is in `bot/domain/notices`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.chat.router import Handler, Route, show
from bot.chat.screen import Redirect, Screen
from bot.chat.turn import Turn
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import RULES, NoticeKind, page_of
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import messages, nearest_times, notices, reminders
from bot.handlers.bookings.proposals import proposal_of_practice, proposal_page
from bot.handlers.calendar import close_day
from bot.handlers.calendar_feeds import files as calendar_files
from bot.handlers.conversation import after_session, letters, start
from bot.handlers.credits import client_credits, frozen_credits, return_package
from bot.handlers.credits import warnings as credit_warnings
from bot.handlers.fees import fee_page
from bot.handlers.gifts import giving
from bot.handlers.kit import failures
from bot.handlers.payments import disputes, order_money, orders
from bot.handlers.payments import notices as payment_notices
from bot.handlers.payments.kept_cards import cards
from bot.handlers.people import addresses, time_zone
from bot.handlers.plans import notices as plan_notices
from bot.handlers.practice import database_back, set_aside, sms_costs
from bot.handlers.receipts import client_tax, receipt_pages
from bot.handlers.team import join
from bot.handlers.team import notices as team_notices
from bot.services.desk import Desk

Teller = Callable[[Turn, Desk, Booking], Awaitable[Screen | Redirect]]


@dataclass(frozen=True)
class NoticeScreen:
    """`more` are segments of the address after the id of what it shows."""

    handler: Handler
    permission: Permission = Permission.BOOK
    more: str = ""


def of_booking(teller: Teller) -> NoticeScreen:
    """A screen about a booking, for both sides of it."""

    async def handler(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
        found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
        return failures.missing() if found is None else await teller(turn, desk, found)

    return NoticeScreen(handler)


def of_event(teller: Callable[..., Awaitable[Screen | Redirect]], event: str) -> NoticeScreen:
    """A screen about one event of a booking, by its number: a payment or a refund."""

    async def handler(turn: Turn, desk: Desk, booking: int, **number: int) -> Screen | Redirect:
        found = await desk.bookings.find(turn.person, booking, turn.now, turn.written)
        return failures.missing() if found is None else await teller(turn, desk, found, **number)

    return NoticeScreen(handler, more=f"/{{{event}:id}}")


SCREENS: Mapping[NoticeKind, NoticeScreen] = {
    NoticeKind.REMINDER: NoticeScreen(reminders.reminder, more="/{minutes:id}"),
    NoticeKind.BOOKED: of_booking(notices.booked),
    NoticeKind.PLANNED: NoticeScreen(plan_notices.planned),
    NoticeKind.MOVED: of_booking(notices.moved),
    NoticeKind.CALENDAR_FILE: NoticeScreen(calendar_files.told, more="/{start:id}"),
    NoticeKind.CANCELLED: of_booking(notices.cancelled),
    NoticeKind.HOLD: of_booking(notices.held),
    NoticeKind.HOLD_ENDING: of_booking(notices.hold_ending),
    NoticeKind.HOLD_ENDED: of_booking(notices.hold_ended),
    NoticeKind.PAID_LATE: of_event(payment_notices.paid_late, "payment"),
    NoticeKind.PAID_TWICE: of_event(payment_notices.paid_twice, "payment"),
    NoticeKind.PAID_OTHERWISE: of_event(payment_notices.paid_otherwise, "payment"),
    NoticeKind.STRAY_MONEY: NoticeScreen(payment_notices.stray_money, Permission.SET_UP),
    NoticeKind.PAGE_REFUSED: of_event(payment_notices.page_refused, "payment"),
    NoticeKind.REFUNDED: of_event(payment_notices.refunded, "refund"),
    NoticeKind.REFUND_FAILED: of_event(payment_notices.refund_failed, "refund"),
    NoticeKind.ORDER: NoticeScreen(orders.asked),
    NoticeKind.ORDER_PAID: NoticeScreen(orders.paid),
    NoticeKind.ORDER_MONEY: NoticeScreen(order_money.money, more="/{payment:id}"),
    NoticeKind.ORDER_REFUND: NoticeScreen(order_money.refunded, more="/{refund:id}"),
    NoticeKind.ORDER_REFUND_FAILED: NoticeScreen(order_money.refund_failed, more="/{refund:id}"),
    NoticeKind.FEE_OWED: NoticeScreen(fee_page.told_owed, more="/{payment:id}"),
    NoticeKind.FEE_RETURNED: NoticeScreen(fee_page.told_returned),
    NoticeKind.CARD_KEPT: NoticeScreen(cards.told_kept),
    NoticeKind.CARD_RENEWED: NoticeScreen(cards.told_renewed),
    NoticeKind.CARD_ENDING: NoticeScreen(cards.told_ending),
    NoticeKind.TAX_NUMBER: NoticeScreen(client_tax.number_unknown),
    NoticeKind.CREDITS_CHANGED: NoticeScreen(client_credits.told, more="/{number:id}"),
    NoticeKind.PACKAGE_RETURNED: NoticeScreen(return_package.told, more="/{refund:id}/{since:id}"),
    NoticeKind.CREDIT_WARNING: NoticeScreen(credit_warnings.warning, more="/{kind:word}"),
    NoticeKind.DISPUTE: NoticeScreen(disputes.page, Permission.SET_UP),
    NoticeKind.CREDITS_FROZEN: NoticeScreen(frozen_credits.page, Permission.KEEP_EVERY_BOOKING),
    NoticeKind.RECEIPT_REPLACED: NoticeScreen(receipt_pages.replaced),
    NoticeKind.GIFT_TAKEN: NoticeScreen(giving.told),
    NoticeKind.GIFT_ENDING: NoticeScreen(giving.ending),
    NoticeKind.UNDELIVERABLE: of_booking(notices.undeliverable),
    NoticeKind.UNSURE: of_booking(notices.unsure),
    NoticeKind.PROPOSAL: NoticeScreen(proposal_page.page),
    NoticeKind.PROPOSAL_ANSWERED: NoticeScreen(proposal_of_practice.told),
    NoticeKind.PROPOSAL_WITHDRAWN: NoticeScreen(proposal_of_practice.withdrawn),
    NoticeKind.MESSAGE: NoticeScreen(messages.message),
    NoticeKind.LETTER: NoticeScreen(letters.letter),
    NoticeKind.TIMES_FREE: NoticeScreen(nearest_times.times_free),
    NoticeKind.NEEDS_HOURS: NoticeScreen(team_notices.needs_hours, Permission.KEEP_OWN_HOURS),
    NoticeKind.INVITATION: NoticeScreen(join.picked),
    NoticeKind.COACH_JOINED: NoticeScreen(team_notices.joined, Permission.KEEP_TEAM),
    NoticeKind.OPENED: NoticeScreen(start.opened),
    NoticeKind.WORKSPACE: NoticeScreen(team_notices.workspace, Permission.KEEP_WORKSPACES),
    NoticeKind.WORKSPACE_LOST: NoticeScreen(team_notices.workspace_lost, Permission.KEEP_WORKSPACES),
    NoticeKind.REMOVED: NoticeScreen(team_notices.removed),
    NoticeKind.DAY_CLOSED: NoticeScreen(close_day.told, more="/{day:day}/{by:id}"),
    NoticeKind.OWNERS: NoticeScreen(start.owners),
    NoticeKind.ZONE_CHANGED: NoticeScreen(time_zone.follow),
    NoticeKind.ADDRESS_CODE: NoticeScreen(addresses.told_code),
    NoticeKind.SETTLE: of_booking(notices.settle),
    NoticeKind.THANKS: of_booking(after_session.thanks),
    NoticeKind.SET_ASIDE: NoticeScreen(set_aside.page, Permission.SET_UP),
    NoticeKind.SMS_CEILING: NoticeScreen(sms_costs.ceiling_reached, Permission.SET_UP),
    NoticeKind.KEY_REFUSED: NoticeScreen(payment_notices.key_refused, Permission.SET_UP),
    NoticeKind.DATABASE_BACK: NoticeScreen(database_back.page, Permission.SET_UP, "/{minutes:id}/{until:instant}"),
}

SAYS_ANOTHER_PAGE = frozenset({NoticeKind.ANSWER})
"""These have no screen of their own: they show again the page whose address they carry."""


def _route(kind: NoticeKind, screen: NoticeScreen) -> Route:
    shows = RULES[kind].shows
    shown = "" if shows is None else f"/{{{shows}:id}}"
    return show(f"{page_of(kind)}{shown}{screen.more}", screen.handler, permission=screen.permission)


ROUTES: tuple[Route, ...] = tuple(_route(kind, screen) for kind, screen in SCREENS.items())

NAMED_NO_EVENT = (NoticeKind.PAID_LATE, NoticeKind.PAID_TWICE, NoticeKind.REFUNDED, NoticeKind.REFUND_FAILED)
"""Messages of these kinds that are still about from before they named their payment or refund."""

ROUTES_OF_BEFORE: tuple[Route, ...] = tuple(_route(kind, replace(SCREENS[kind], more="")) for kind in NAMED_NO_EVENT)
