"""Kinds of messages that the practice sends by itself, and what is always so for each of them.

The address of a notice shows it, judged by the facts of then; its screen is in `bot/handlers/notice_kinds.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.subjects import Subject


class NoticeKind(StrEnum):
    REMINDER = "reminder"
    BOOKED = "booked"
    PLANNED = "planned"  # several sessions at once
    MOVED = "moved"
    CANCELLED = "cancelled"
    HOLD = "hold"
    HOLD_ENDING = "hold-ending"
    HOLD_ENDED = "hold-ended"
    PAID_LATE = "paid-late"
    PAID_TWICE = "paid-twice"
    PAID_OTHERWISE = "paid-otherwise"  # another amount or currency than was asked for
    STRAY_MONEY = "stray-money"  # of no order of ours
    PAGE_REFUSED = "page-refused"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund-failed"
    ORDER = "order"  # what is asked for, and the way to pay it; an order of one session is told as its hold
    ORDER_PAID = "order-paid"
    ORDER_MONEY = "order-money"  # of an order, and not accepted; or its page is refused
    ORDER_REFUND = "order-refund"
    ORDER_REFUND_FAILED = "order-refund-failed"
    FEE_OWED = "fee-owed"  # the kept card could not be charged
    FEE_RETURNED = "fee-returned"  # it was charged, or owed, and is not any more
    CARD_KEPT = "card-kept"  # on a page on which nothing was paid
    CARD_RENEWED = "card-renewed"  # by its bank
    CARD_ENDING = "card-ending"  # the one that is offered first
    TAX_NUMBER = "tax-number"  # the state does not know it
    CREDITS_CHANGED = "credits-changed"  # by an owner
    PACKAGE_RETURNED = "package-returned"  # for money
    RECEIPT_REPLACED = "receipt-replaced"  # since its buyer's name or address was wrong
    GIFT_TAKEN = "gift-taken"  # or handed back
    GIFT_ENDING = "gift-ending"  # nobody took it yet
    CREDIT_WARNING = "credit-warning"  # they end soon, or one is left, or nobody uses them
    DISPUTE = "dispute"  # or a warning of one
    CREDITS_FROZEN = "credits-frozen"  # a part of their price went back past us
    UNDELIVERABLE = "undeliverable"
    UNSURE = "unsure"  # a message may not have reached its client
    PROPOSAL = "proposal"
    PROPOSAL_ANSWERED = "proposal-answered"
    PROPOSAL_WITHDRAWN = "proposal-withdrawn"
    MESSAGE = "message"
    LETTER = "letter"
    TIMES_FREE = "times-free"
    NEEDS_HOURS = "needs-hours"
    INVITATION = "invitation"
    COACH_JOINED = "coach-joined"
    OPENED = "opened"
    WORKSPACE = "workspace"
    WORKSPACE_LOST = "workspace-lost"
    REMOVED = "removed"
    DAY_CLOSED = "day-closed"
    OWNERS = "owners"
    ZONE_CHANGED = "zone-changed"
    SETTLE = "settle"
    THANKS = "thanks"
    SET_ASIDE = "set-aside"
    DATABASE_BACK = "database-back"
    KEY_REFUSED = "key-refused"  # of the settings, by the payment provider
    ANSWER = "answer"  # what a reply said that did not get through


@dataclass(frozen=True)
class NoticeRule:
    """What is always so for a kind of notice.

    `page` begins its address where that is not `notice/<kind>`; `shows` names the id that follows, if one does.
    `planned`: written long ahead, and many may fall due at once: what came about just now goes out before them.
    `asks_for_money`: one that may have gone out is never sent again.
    `says_again`: nor is one that itself repeats what may have arrived.
    `lapses`: it is about a booking as it stands, and is not sent any more once that has changed.
    `helps_for`: how long after it is due it is still of use, where that is the same for all of its kind.
    """

    shows: str | None = "booking"
    page: str | None = None
    planned: bool = False
    asks_for_money: bool = False
    says_again: bool = False
    lapses: bool = False
    helps_for: timedelta | None = None


RULES: Mapping[NoticeKind, NoticeRule] = {
    NoticeKind.REMINDER: NoticeRule(page="remind", planned=True, lapses=True),
    NoticeKind.BOOKED: NoticeRule(lapses=True),
    NoticeKind.PLANNED: NoticeRule("plan", "planned"),
    NoticeKind.MOVED: NoticeRule(lapses=True),
    NoticeKind.CANCELLED: NoticeRule(),
    NoticeKind.HOLD: NoticeRule(asks_for_money=True, lapses=True),
    NoticeKind.HOLD_ENDING: NoticeRule(asks_for_money=True, lapses=True),
    NoticeKind.HOLD_ENDED: NoticeRule(lapses=True, helps_for=timedelta(hours=1)),
    NoticeKind.PAID_LATE: NoticeRule(),
    NoticeKind.PAID_TWICE: NoticeRule(),
    NoticeKind.PAID_OTHERWISE: NoticeRule(),
    NoticeKind.STRAY_MONEY: NoticeRule("event"),
    NoticeKind.PAGE_REFUSED: NoticeRule(),
    NoticeKind.REFUNDED: NoticeRule(),
    NoticeKind.REFUND_FAILED: NoticeRule(),
    NoticeKind.ORDER: NoticeRule("order", asks_for_money=True, lapses=True),
    NoticeKind.ORDER_PAID: NoticeRule("order"),
    NoticeKind.ORDER_MONEY: NoticeRule("order"),
    NoticeKind.ORDER_REFUND: NoticeRule("order"),
    NoticeKind.ORDER_REFUND_FAILED: NoticeRule("order"),
    NoticeKind.FEE_OWED: NoticeRule("order", asks_for_money=True),
    NoticeKind.FEE_RETURNED: NoticeRule("order"),
    NoticeKind.CARD_KEPT: NoticeRule("card"),
    NoticeKind.CARD_RENEWED: NoticeRule("card"),
    NoticeKind.CARD_ENDING: NoticeRule("card", planned=True),
    NoticeKind.TAX_NUMBER: NoticeRule(None, "tax-number"),
    NoticeKind.CREDITS_CHANGED: NoticeRule("grant", "credits-changed"),
    NoticeKind.PACKAGE_RETURNED: NoticeRule("grant", "package-returned"),
    NoticeKind.RECEIPT_REPLACED: NoticeRule("receipt"),
    NoticeKind.GIFT_TAKEN: NoticeRule("gift", "gift-taken"),
    NoticeKind.GIFT_ENDING: NoticeRule("gift", "gift-ending", planned=True),
    NoticeKind.CREDIT_WARNING: NoticeRule("grant", "credit-warning", planned=True),
    NoticeKind.DISPUTE: NoticeRule("dispute"),
    NoticeKind.CREDITS_FROZEN: NoticeRule("refund"),
    NoticeKind.UNDELIVERABLE: NoticeRule(),
    NoticeKind.UNSURE: NoticeRule(),
    NoticeKind.PROPOSAL: NoticeRule("proposal", "proposal", lapses=True),
    NoticeKind.PROPOSAL_ANSWERED: NoticeRule("proposal", "proposal-answered"),
    NoticeKind.PROPOSAL_WITHDRAWN: NoticeRule("proposal", "proposal-withdrawn", lapses=True),
    NoticeKind.MESSAGE: NoticeRule("message", "message"),
    NoticeKind.LETTER: NoticeRule("letter", "letter"),
    NoticeKind.TIMES_FREE: NoticeRule("offer", "free"),
    NoticeKind.NEEDS_HOURS: NoticeRule("coach", "needs-hours"),
    NoticeKind.INVITATION: NoticeRule("invitation", "invited"),
    NoticeKind.COACH_JOINED: NoticeRule("coach", "joined"),
    NoticeKind.OPENED: NoticeRule(None, "opened"),
    NoticeKind.WORKSPACE: NoticeRule(None, "workspace-new"),
    NoticeKind.WORKSPACE_LOST: NoticeRule(None),
    NoticeKind.REMOVED: NoticeRule("coach", "removed"),
    NoticeKind.DAY_CLOSED: NoticeRule("coach"),
    NoticeKind.OWNERS: NoticeRule(None, "owners"),
    NoticeKind.ZONE_CHANGED: NoticeRule(None, "zone-follow"),
    NoticeKind.SETTLE: NoticeRule(planned=True, lapses=True, helps_for=timedelta(days=1)),
    NoticeKind.THANKS: NoticeRule(planned=True, lapses=True, helps_for=timedelta(days=1)),
    NoticeKind.SET_ASIDE: NoticeRule(None, "set-aside"),
    NoticeKind.DATABASE_BACK: NoticeRule(None, helps_for=timedelta(days=1)),
    NoticeKind.KEY_REFUSED: NoticeRule(None),
    NoticeKind.ANSWER: NoticeRule(None, "answer", says_again=True, helps_for=timedelta(minutes=15)),
}

PLANNED = frozenset(kind for kind, rule in RULES.items() if rule.planned)
HOLDS = frozenset({NoticeKind.HOLD, NoticeKind.HOLD_ENDING, NoticeKind.ORDER})
"""They have the way to pay in them."""

LAPSE = frozenset(kind for kind, rule in RULES.items() if rule.lapses)


def page_of(kind: NoticeKind) -> str:
    """How the addresses of this kind begin."""
    return RULES[kind].page or f"notice/{kind}"


def address_of(kind: NoticeKind, *ids: int | str) -> str:
    """Where a notice of this kind is shown; `ids` begin with that of what it shows."""
    return "/".join((page_of(kind), *(str(each) for each in ids)))


def expiry_of(kind: NoticeKind, due: datetime) -> datetime | None:
    """When a notice of this kind that is due then would come too late."""
    helps_for = RULES[kind].helps_for
    return None if helps_for is None else due + helps_for


@dataclass(frozen=True)
class Notice:
    """One message to one person, written in the transaction of what it tells.

    `key` makes a second write of the same fact a no-op: subject, its version, kind and recipient.
    `address` is visited as that person when it is due; `expires` is when it would come too late. When what is true
    of the `subject` changes, what was said of it can be corrected.
    """

    key: str
    person_id: int
    kind: NoticeKind
    address: str
    due: datetime
    expires: datetime | None = None
    subject: Subject | None = None
