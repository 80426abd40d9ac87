"""The stand-in's Stripe account: keeps every object by its id, finds it, and shows it as JSON."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.standin import SandboxClock
from bot.sandbox.stripe import payment_json, session_json
from bot.sandbox.stripe.events import Events
from bot.sandbox.stripe.objects import BalanceTransaction, Charge, PaymentIntent, Refund, Session
from bot.sandbox.stripe.refusals import missing

Thing = Session | PaymentIntent | Charge | Refund | BalanceTransaction


class Account:
    def __init__(self, clock: SandboxClock, events: Events) -> None:
        self.clock = clock
        self.events = events
        self.sessions: dict[str, Session] = {}
        self.intents: dict[str, PaymentIntent] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.balance: dict[str, BalanceTransaction] = {}
        self.latency = 0.0
        self.fee_delay = 0
        self.refund_status = "succeeded"
        self.endpoints: Callable[[], list[dict[str, Any]]] = list
        self.unbooked: list[tuple[int, Charge]] = []

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def session(self, identifier: str) -> Session:
        found = self.sessions.get(identifier)
        if found is None:
            raise missing("checkout.session", identifier, "session")
        return found

    def intent_of(self, session: Session) -> PaymentIntent | None:
        """The payment that was tried on the session's page, whether it went through or not."""
        return self.intents.get(session.attempt) if session.attempt else None

    def find(self, identifier: str) -> dict[str, Any] | None:
        """Any object by its id, as the API shows it."""
        tables: list[dict[str, Any]] = [
            self.sessions,
            self.intents,
            self.charges,
            self.refunds,
            self.balance,
        ]
        for table in tables:
            if identifier in table:
                return shown(table[identifier])
        for intent in self.intents.values():
            if intent.method == identifier:
                return payment_json.payment_method_json(identifier, intent.card, intent.email, intent.created)
        return self.events.all.get(identifier)

    def emit(self, kind: str, thing: Thing, at: int | None = None, previous: dict[str, Any] | None = None) -> None:
        self.events.add(kind, shown(thing), self.now() if at is None else at, previous)

    def settings(self) -> dict[str, Any]:
        """The account itself, able to take cards and to be paid out."""
        return {
            "id": "acct_1SandboxRapport0",
            "object": "account",
            "business_profile": {"mcc": None, "name": "Sandbox practice", "url": None},
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "charges_enabled": True,
            "country": "US",
            "created": 1767225600,
            "default_currency": "usd",
            "details_submitted": True,
            "email": "owner@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "type": "standard",
        }


def shown(thing: Thing) -> dict[str, Any]:
    match thing:
        case Session():
            return session_json.session_json(thing)
        case PaymentIntent():
            return payment_json.payment_intent_json(thing)
        case Charge():
            return payment_json.charge_json(thing)
        case Refund():
            return payment_json.refund_json(thing)
        case BalanceTransaction():
            return payment_json.balance_transaction_json(thing)


def included(account: Account, identifier: str, name: str) -> dict[str, Any]:
    """The lists that an object carries only when asked to."""
    if name == "line_items":
        session = account.sessions[identifier]
        items = [session_json.line_item_json(item, session) for item in session.line_items]
        return listing(f"/v1/checkout/sessions/{identifier}/line_items", items)
    refunds = [shown(one) for one in account.refunds.values() if one.charge == identifier]
    return listing(f"/v1/charges/{identifier}/refunds", refunds[::-1])


def listing(url: str, data: list[dict[str, Any]], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
