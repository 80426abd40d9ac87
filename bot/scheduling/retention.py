"""How long each table keeps its rows, and why. `docs/retention.md` says the same in words for the practice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.bookings import client_numbers
from storage.bookings import letters, messages, waits
from storage.engine import Tx
from storage.journal import acts, audit, drafts, faults, inbox, meters, set_aside
from storage.notices import old_messages, sms_messages
from storage.people import conversations, strangers
from storage.people.addresses import forget_unproved
from storage.practice import workspaces

Forget = Callable[[Tx, datetime, int], int]
"""Removes at most so many rows from before then, and returns how many: fewer than that means that none is left."""

NOTHING = timedelta()
"""The row says itself until when it is kept."""


@dataclass(frozen=True)
class Rule:
    """`kept`: how long, None for ever. `why` says what the rows are still needed for. `forget` removes them."""

    table: str
    kept: timedelta | None
    why: str
    forget: Forget | None = None


def _all(forget: Callable[[Tx, datetime], object]) -> Forget:
    """For tables that stay so small that one statement may remove all there is."""

    def some(tx: Tx, before: datetime, _limit: int) -> int:
        forget(tx, before)
        return 0

    return some


def _days(table: str, kept: int, why: str, forget: Forget) -> Rule:
    return Rule(table, timedelta(days=kept), why, forget)


RULES = (
    _days("acts", 14, "longer than any platform delivers an update again", _all(acts.forget)),
    _days("inbox", 7, "a vendor sends an event again for days: Stripe for three", inbox.forget),
    _days("outbox", 30, "until then a message may be corrected; counted from its session", old_messages.forget),
    _days("drafts", 0, "what was typed and not saved: an hour, or a day", _all(drafts.forget)),
    _days("conversations", 0, "the answers of an open form: an hour", _all(conversations.forget_forms)),
    _days("oauth_states", 0, "the proof of an installation: ten minutes", _all(workspaces.forget_oauth_states)),
    _days("meters", 1, "far longer than anything is counted: an hour", _all(meters.forget)),
    _days("faults", 90, "somebody may still come with the reference they were shown", _all(faults.forget)),
    _days("set_aside", 90, "as long as the references that name its rows", _all(set_aside.forget)),
    _days("messages", 365, "words of client and coach about a session, for the next ones", messages.forget),
    _days("letters", 365, "words to the practice, and its answers", letters.forget),
    _days("waits", 365, "a wish for a time that never came", waits.forget),
    _days("sms_messages", 90, "what SMS cost in a month, and what became of each", sms_messages.forget),
    _days("persons", 400, "people who wrote and never booked; clients stay", strangers.forget),
    _days("audit", 730, "the trail: who did what and when stays, what it was before and after goes", audit.cut_detail),
    Rule("bookings", None, "the books; a phone number goes a week after its session", client_numbers.forget),
    Rule("accounts", None, "goes with its person; an address that nobody proved goes after a day", forget_unproved),
    Rule("calendar_feeds", None, "goes with its person; its link goes when they make another, or switch it off"),
    Rule("sessions", None, "the time of a booking"),
    Rule("proposals", None, "belongs to a booking"),
    Rule("orders", None, "the books"),
    Rule("order_lines", None, "the books"),
    Rule("payments", None, "the books"),
    Rule("refunds", None, "the books"),
    Rule("transactions", None, "the ledger, which nobody may change"),
    Rule("disputes", None, "the books"),
    Rule("freezes", None, "belongs to a grant"),
    Rule("receipts", None, "the books"),
    Rule("receipt_counters", None, "the books"),
    Rule("customers", None, "whose cards the payment provider keeps, and what it was told of their tax"),
    Rule("cards", None, "the books: what a payment was made with, and under which words it was kept"),
    Rule("fee_consents", None, "the books: which fees a client agreed to, under which words and when"),
    Rule("sms_consents", None, "who agreed to SMS, to which words and until when"),
    Rule("grants", None, "the books: what was bought, and what a client has left"),
    Rule("grant_offers", None, "belongs to a grant"),
    Rule("grant_members", None, "stays with its grant"),
    Rule("credit_entries", None, "the ledger of credits, which nobody may change"),
    Rule("gifts", None, "the books: what was given, and who took it"),
    Rule("roles", None, "goes when the role is withdrawn"),
    Rule("coaches", None, "the practice itself"),
    Rule("schedule_versions", None, "the hours of a coach as they were, to undo a change"),
    Rule("offers", None, "the practice itself"),
    Rule("offer_coaches", None, "the practice itself"),
    Rule("packages", None, "the practice itself"),
    Rule("package_offers", None, "the practice itself"),
    Rule("coupons", None, "the practice itself"),
    Rule("coupon_offers", None, "the practice itself"),
    Rule("coupon_packages", None, "the practice itself"),
    Rule("redemptions", None, "the books: which price was told, and how often a coupon was used"),
    Rule("invitations", None, "who was let in by whom"),
    Rule("practice", None, "the practice itself"),
    Rule("workspaces", None, "the practice itself; its token goes when the app is removed"),
    Rule("catalogue", None, "one row"),
    Rule("leases", None, "one row for each task"),
    Rule("canary", None, "one row"),
    Rule("marks", None, "one row for each thing that is remembered, such as when the database was last away"),
    Rule("processes", None, "one row for each process that runs, which goes when it ends"),
)
