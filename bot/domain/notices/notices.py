"""Kinds of messages that the practice sends by itself, and what is always so for each of them.

The address of a notice shows it, judged by the facts of then; its screen is in `bot/handlers/notice_kinds.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.notices.topics import Always, Topic
from bot.domain.subjects import Subject, SubjectKind


class NoticeKind(StrEnum):
    REMINDER = "reminder"
    BOOKED = "booked"
    PLANNED = "planned"  # several sessions at once
    MOVED = "moved"
    CALENDAR_FILE = "calendar-file"  # a new one: what its reader took is not right any more
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
    SMS_CEILING = "sms-ceiling"  # this month has no room for what SMS cost
    ADDRESS_CODE = "address-code"  # by which its reader proves that the address is theirs
    ANSWER = "answer"  # what a reply said that did not get through


@dataclass(frozen=True)
class NoticeRule:
    """What is always so for a kind of notice.

    `topic` is what people choose by where it comes, `always` why it comes whatever they chose; None: it need not.
    `page` begins its address where that is not `notice/<kind>`; `shows` names the id that follows, if one does.
    `planned`: written long ahead, and many may fall due at once: what came about just now goes out before them.
    `asks_for_money`: one that may have gone out is never sent again.
    `says_again`: nor is one that itself repeats what may have arrived.
    `lapses`: it is about a booking as it stands, and is not sent any more once that has changed.
    `helps_for`: how long after it is due it is still of use, where that is the same for all of its kind.
    """

    topic: Topic
    shows: str | None = "booking"
    page: str | None = None
    always: Always | None = None
    planned: bool = False
    asks_for_money: bool = False
    says_again: bool = False
    lapses: bool = False
    helps_for: timedelta | None = None


BOOKING, REMINDERS, MONEY, NEWS = Topic.BOOKING, Topic.REMINDERS, Topic.MONEY, Topic.NEWS
RULES: Mapping[NoticeKind, NoticeRule] = {
    NoticeKind.REMINDER: NoticeRule(REMINDERS, page="remind", planned=True, lapses=True),
    NoticeKind.BOOKED: NoticeRule(BOOKING, lapses=True),
    NoticeKind.PLANNED: NoticeRule(BOOKING, "plan", "planned"),
    NoticeKind.MOVED: NoticeRule(BOOKING, lapses=True, always=Always.OTHER_SIDE),
    NoticeKind.CALENDAR_FILE: NoticeRule(BOOKING, lapses=True, always=Always.ASKED),
    NoticeKind.CANCELLED: NoticeRule(BOOKING, always=Always.OTHER_SIDE),
    NoticeKind.HOLD: NoticeRule(BOOKING, asks_for_money=True, lapses=True, always=Always.ASKED),
    NoticeKind.HOLD_ENDING: NoticeRule(BOOKING, asks_for_money=True, lapses=True, always=Always.ASKED),
    NoticeKind.HOLD_ENDED: NoticeRule(BOOKING, lapses=True, helps_for=timedelta(hours=1), always=Always.ASKED),
    NoticeKind.PAID_LATE: NoticeRule(MONEY, always=Always.RECEIPT),
    NoticeKind.PAID_TWICE: NoticeRule(MONEY, always=Always.RECEIPT),
    NoticeKind.PAID_OTHERWISE: NoticeRule(MONEY, always=Always.RECEIPT),
    NoticeKind.STRAY_MONEY: NoticeRule(MONEY, "event", always=Always.WORK),
    NoticeKind.PAGE_REFUSED: NoticeRule(MONEY, always=Always.ASKED),
    NoticeKind.REFUNDED: NoticeRule(MONEY, always=Always.RECEIPT),
    NoticeKind.REFUND_FAILED: NoticeRule(MONEY, always=Always.WORK),
    NoticeKind.ORDER: NoticeRule(MONEY, "order", asks_for_money=True, lapses=True, always=Always.ASKED),
    NoticeKind.ORDER_PAID: NoticeRule(MONEY, "order", always=Always.RECEIPT),
    NoticeKind.ORDER_MONEY: NoticeRule(MONEY, "order", always=Always.RECEIPT),
    NoticeKind.ORDER_REFUND: NoticeRule(MONEY, "order", always=Always.RECEIPT),
    NoticeKind.ORDER_REFUND_FAILED: NoticeRule(MONEY, "order", always=Always.WORK),
    NoticeKind.FEE_OWED: NoticeRule(MONEY, "order", asks_for_money=True, always=Always.RECEIPT),
    NoticeKind.FEE_RETURNED: NoticeRule(MONEY, "order", always=Always.RECEIPT),
    NoticeKind.CARD_KEPT: NoticeRule(MONEY, "card", always=Always.SECURITY),
    NoticeKind.CARD_RENEWED: NoticeRule(MONEY, "card", always=Always.SECURITY),
    NoticeKind.CARD_ENDING: NoticeRule(MONEY, "card", planned=True),
    NoticeKind.TAX_NUMBER: NoticeRule(MONEY, None, "tax-number", always=Always.RECEIPT),
    NoticeKind.CREDITS_CHANGED: NoticeRule(MONEY, "grant", "credits-changed", always=Always.RECEIPT),
    NoticeKind.PACKAGE_RETURNED: NoticeRule(MONEY, "grant", "package-returned", always=Always.RECEIPT),
    NoticeKind.RECEIPT_REPLACED: NoticeRule(MONEY, "receipt", always=Always.RECEIPT),
    NoticeKind.GIFT_TAKEN: NoticeRule(NEWS, "gift", "gift-taken"),
    NoticeKind.GIFT_ENDING: NoticeRule(MONEY, "gift", "gift-ending", planned=True),
    NoticeKind.CREDIT_WARNING: NoticeRule(MONEY, "grant", "credit-warning", planned=True),
    NoticeKind.DISPUTE: NoticeRule(MONEY, "dispute", always=Always.WORK),
    NoticeKind.CREDITS_FROZEN: NoticeRule(MONEY, "refund", always=Always.RECEIPT),
    NoticeKind.UNDELIVERABLE: NoticeRule(BOOKING, always=Always.WORK),
    NoticeKind.UNSURE: NoticeRule(BOOKING, always=Always.WORK),
    NoticeKind.PROPOSAL: NoticeRule(BOOKING, "proposal", "proposal", lapses=True, always=Always.OTHER_SIDE),
    NoticeKind.PROPOSAL_ANSWERED: NoticeRule(BOOKING, "proposal", "proposal-answered", always=Always.OTHER_SIDE),
    NoticeKind.PROPOSAL_WITHDRAWN: NoticeRule(
        BOOKING, "proposal", "proposal-withdrawn", lapses=True, always=Always.OTHER_SIDE
    ),
    NoticeKind.MESSAGE: NoticeRule(BOOKING, "message", "message", always=Always.OTHER_SIDE),
    NoticeKind.LETTER: NoticeRule(BOOKING, "letter", "letter", always=Always.OTHER_SIDE),
    NoticeKind.TIMES_FREE: NoticeRule(NEWS, "offer", "free"),
    NoticeKind.NEEDS_HOURS: NoticeRule(NEWS, "coach", "needs-hours", always=Always.WORK),
    NoticeKind.INVITATION: NoticeRule(NEWS, "invitation", "invited", always=Always.WORK),
    NoticeKind.COACH_JOINED: NoticeRule(NEWS, "coach", "joined"),
    NoticeKind.OPENED: NoticeRule(NEWS, None, "opened"),
    NoticeKind.WORKSPACE: NoticeRule(NEWS, None, "workspace-new", always=Always.WORK),
    NoticeKind.WORKSPACE_LOST: NoticeRule(NEWS, None, always=Always.WORK),
    NoticeKind.REMOVED: NoticeRule(NEWS, "coach", "removed", always=Always.SECURITY),
    NoticeKind.DAY_CLOSED: NoticeRule(BOOKING, "coach", always=Always.OTHER_SIDE),
    NoticeKind.OWNERS: NoticeRule(NEWS, None, "owners", always=Always.SECURITY),
    NoticeKind.ZONE_CHANGED: NoticeRule(NEWS, None, "zone-follow"),
    NoticeKind.SETTLE: NoticeRule(
        REMINDERS, planned=True, lapses=True, helps_for=timedelta(days=1), always=Always.WORK
    ),
    NoticeKind.THANKS: NoticeRule(REMINDERS, planned=True, lapses=True, helps_for=timedelta(days=1)),
    NoticeKind.SET_ASIDE: NoticeRule(NEWS, None, "set-aside", always=Always.WORK),
    NoticeKind.DATABASE_BACK: NoticeRule(NEWS, None, helps_for=timedelta(days=1), always=Always.WORK),
    NoticeKind.KEY_REFUSED: NoticeRule(MONEY, None, always=Always.WORK),
    NoticeKind.SMS_CEILING: NoticeRule(MONEY, None, always=Always.WORK),
    NoticeKind.ADDRESS_CODE: NoticeRule(
        NEWS, "account", says_again=True, helps_for=timedelta(minutes=15), always=Always.SECURITY
    ),
    NoticeKind.ANSWER: NoticeRule(
        BOOKING, None, "answer", says_again=True, helps_for=timedelta(minutes=15), always=Always.ASKED
    ),
}

COPY = ":copy"
"""How the key of a notice ends that goes to another account of its reader as well."""

PLANNED = frozenset(kind for kind, rule in RULES.items() if rule.planned)
HOLDS = frozenset({NoticeKind.HOLD, NoticeKind.HOLD_ENDING, NoticeKind.ORDER})
"""They have the way to pay in them."""

_SUBJECTS: Mapping[str | None, SubjectKind] = {
    "booking": "booking", "plan": "plan", "order": "order", "card": "card", "grant": "grant", "gift": "gift",
}  # fmt: skip

LAPSE = frozenset(kind for kind, rule in RULES.items() if rule.lapses)


def page_of(kind: NoticeKind) -> str:
    """How the addresses of this kind begin."""
    return RULES[kind].page or f"notice/{kind}"


def address_of(kind: NoticeKind, *ids: int | str) -> str:
    """Where a notice of this kind is shown; `ids` begin with that of what it shows."""
    return "/".join((page_of(kind), *(str(each) for each in ids)))


def about(address: str | None) -> Subject | None:
    """What the notice at an address tells of, as far as its kind says; None of any other address."""
    for kind, rule in RULES.items():
        page = page_of(kind) + "/"
        if rule.shows in _SUBJECTS and address is not None and address.startswith(page):
            number = address.removeprefix(page).split("/")[0]
            if number.isascii() and number.isdecimal():
                return Subject(_SUBJECTS[rule.shows], int(number))
    return None


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


def copy_of(notice: Notice, now: datetime) -> Notice:
    """The same once more, for another account of its reader."""
    return replace(notice, key=notice.key + COPY, due=now)
