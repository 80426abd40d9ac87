"""A shot: one payload for one endpoint, and the answers that are acceptable."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

NOTHING: frozenset[str] = frozenset()
"""What is forged, foreign, out of date or malformed changes nothing, and nor does any page that only shows."""

CLIENTS = frozenset({
    "sessions", "bookings", "payments", "proposals", "messages", "waits", "outbox", "audit", "drafts", "refunds",
    "transactions", "letters", "orders", "order_lines", "grants", "grant_offers", "grant_members", "credit_entries",
    "redemptions", "receipts", "receipt_counters", "gifts", "customers", "cards", "disputes", "freezes",
    "fee_consents", "calendar_feeds", "sms_consents",
})  # fmt: skip
"""What an act of a client may touch, besides who they are and where their chat stands."""

STAFF = CLIENTS | {
    "practice", "coaches", "offers", "offer_coaches", "schedule_versions", "invitations", "roles", "workspaces",
    "packages", "package_offers", "coupons", "coupon_offers", "coupon_packages",
}  # fmt: skip
GOES_BACK = frozenset({"payments", "outbox", "audit", "refunds", "transactions"})
"""Money that does not fit goes back and is told of; it books nothing."""

DISPUTED = frozenset({"disputes", "freezes", "credit_entries", "transactions", "outbox", "audit"})
"""A bank takes a payment of ours back: what was bought for it is frozen, and the owner hears of it."""

MONEY = frozenset({"sessions", "bookings", "orders", "receipts", "receipt_counters"}) | GOES_BACK
REFUNDED = frozenset({"gifts", "freezes", "credit_entries"}) | MONEY
"""What is given back at Stripe is taken from what was bought with it."""


@dataclass(frozen=True)
class Shot:
    """`door`: slack, telegram or stripe. `may`: the tables that it may change. `taken`: it must get a 2xx,
    unless it is larger than a door takes.

    `who` is the sender's id on the platform: nobody else's bookings may change.
    """

    kind: str
    door: str
    body: bytes
    content: str = "application/json"
    may: frozenset[str] = NOTHING
    taken: bool = False
    who: str | None = None

    def as_find(self, why: str) -> Json:
        """The shot as a file of `finds/`: bodies that are no text are kept in base64."""
        try:
            body = {"body": self.body.decode("ascii")}
        except UnicodeDecodeError:
            body = {"base64": base64.b64encode(self.body).decode()}
        return {"why": why, "kind": self.kind, "door": self.door, "content": self.content,
                "may": sorted(self.may), "taken": self.taken, "who": self.who, **body}  # fmt: skip


def from_find(path: Path) -> Shot:
    found = json.loads(path.read_text())
    body = found["body"].encode() if "body" in found else base64.b64decode(found["base64"])
    may, who = frozenset(found["may"]), found.get("who")
    return Shot(found["kind"], found["door"], body, found["content"], may, found["taken"], who)
