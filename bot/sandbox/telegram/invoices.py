"""Invoices: links that the bot makes, what a person pays by them, and the bot's word just before the money."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import User, Wire

LINK = "https://t.me/$"
# Bot API, createInvoiceLink; the sums a currency may have differ, and these are about a dollar and ten thousand.
MAX_TITLE, MAX_DESCRIPTION, MAX_PAYLOAD = 32, 255, 128
LEAST, MOST = 50, 1_000_000
PATIENCE_S = 10.0
"""A payment that the bot has not agreed to by then is cancelled."""


@dataclass(frozen=True)
class Invoice:
    slug: str
    title: str
    description: str
    payload: str
    currency: str
    total: int


@dataclass
class Checkout:
    """Somebody's payment under way. `state`: waits, refused (`why`) or paid."""

    id: str
    user: User
    invoice: Invoice
    at: float
    state: str = "waits"
    why: str = ""

    def wire(self) -> Wire:
        asked = self.invoice
        return {
            "id": self.id,
            "from": self.user.wire(),
            "currency": asked.currency,
            "total_amount": asked.total,
            "invoice_payload": asked.payload,
        }


@dataclass(frozen=True)
class Paid:
    """What a message says of a payment."""

    invoice: Invoice
    ref: str
    charge: str

    def wire(self) -> Wire:
        asked = self.invoice
        return {
            "currency": asked.currency,
            "total_amount": asked.total,
            "invoice_payload": asked.payload,
            "telegram_payment_charge_id": self.ref,
            "provider_payment_charge_id": self.charge,
        }


def _of_nobody(_amount: int, _currency: str) -> str:
    return f"ch_3{secrets.token_hex(12)}"


@dataclass
class Till:
    """`provider_token`: of the provider that is connected to the bot. `collect` takes the money there: its charge."""

    provider_token: str = "284685063:TEST:sandbox"  # noqa: S105
    collect: Callable[[int, str], str] = _of_nobody
    invoices: dict[str, Invoice] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)

    def make(self, args: Args) -> str:
        for name, most in (("title", MAX_TITLE), ("description", MAX_DESCRIPTION)):
            if not 1 <= len(args[name]) <= most:
                raise bad_request(f"{name.upper()}_INVALID")
        if not 1 <= len(args["payload"].encode()) <= MAX_PAYLOAD:
            raise bad_request("PAYLOAD_INVALID")
        if args.get("provider_token") != self.provider_token:
            raise bad_request("PAYMENT_PROVIDER_INVALID")
        total = sum(price["amount"] for price in args["prices"])
        if not args["prices"] or not LEAST <= total <= MOST:
            raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
        slug = secrets.token_urlsafe(15)
        made = Invoice(slug, args["title"], args["description"], args["payload"], args["currency"], total)
        self.invoices[slug] = made
        return f"{LINK}{slug}"

    def of_link(self, url: str) -> Invoice | None:
        return self.invoices.get(url.removeprefix(LINK)) if url.startswith(LINK) else None

    def begin(self, user: User, invoice: Invoice) -> Checkout:
        begun = Checkout(str(secrets.randbits(62)), user, invoice, time.monotonic())
        self.checkouts[begun.id] = begun
        return begun

    def answered(self, args: Args) -> Checkout:
        """The payment that the bot answers now; Refusal for one that nobody waits for any more."""
        begun = self.checkouts.get(args["pre_checkout_query_id"])
        if begun is None or begun.state != "waits" or time.monotonic() - begun.at > PATIENCE_S:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if not args["ok"]:
            if not args.get("error_message"):
                raise bad_request("ERROR_MESSAGE_INVALID")
            begun.state, begun.why = "refused", args["error_message"]
        return begun
