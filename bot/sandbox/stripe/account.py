"""The stand-in's Stripe account: keeps every object by its id, finds it, and shows it as JSON."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.standin import SandboxClock
from bot.sandbox.stripe import payment_json
from bot.sandbox.stripe.checkout import session_json
from bot.sandbox.stripe.customers import customer_json, method_json
from bot.sandbox.stripe.customers.objects import Customer, SetupIntent, TaxId
from bot.sandbox.stripe.disputes import dispute_json
from bot.sandbox.stripe.disputes.objects import Dispute, FraudWarning
from bot.sandbox.stripe.events import Events
from bot.sandbox.stripe.listing import listing
from bot.sandbox.stripe.objects import BalanceTransaction, Charge, PaymentIntent, PaymentMethod, Refund, Session
from bot.sandbox.stripe.refusals import missing
from bot.sandbox.stripe.tax import tax_json
from bot.sandbox.stripe.tax.objects import Association, Calculation, TaxSetup

SHOWN: dict[type, Callable[[Any], dict[str, Any]]] = {
    Association: tax_json.association_json,
    BalanceTransaction: payment_json.balance_transaction_json,
    Calculation: tax_json.calculation_json,
    Charge: payment_json.charge_json,
    Customer: customer_json.customer_json,
    Dispute: dispute_json.dispute_json,
    FraudWarning: dispute_json.warning_json,
    PaymentIntent: payment_json.payment_intent_json,
    PaymentMethod: method_json.payment_method_json,
    Refund: payment_json.refund_json,
    Session: session_json.session_json,
    SetupIntent: customer_json.setup_intent_json,
    TaxId: customer_json.tax_id_json,
}


class Account:
    """`search_lag` and `verify_delay`: seconds until a search finds a new customer, and a tax number is checked."""

    def __init__(self, clock: SandboxClock, events: Events) -> None:
        self.clock = clock
        self.events = events
        self.sessions: dict[str, Session] = {}
        self.intents: dict[str, PaymentIntent] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.balance: dict[str, BalanceTransaction] = {}
        self.customers: dict[str, Customer] = {}
        self.methods: dict[str, PaymentMethod] = {}
        self.setups: dict[str, SetupIntent] = {}
        self.tax_ids: dict[str, TaxId] = {}
        self.calculations: dict[str, Calculation] = {}
        self.associations: dict[str, Association] = {}
        self.disputes: dict[str, Dispute] = {}
        self.warnings: dict[str, FraudWarning] = {}
        self.tax = TaxSetup()
        self.latency = 0.0
        self.fee_delay = 0
        self.search_lag = 0
        self.verify_delay = 0
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

    def tables(self) -> dict[str, dict[str, Any]]:
        """Every object by its id, by what the API calls its kind."""
        return {
            "sessions": self.sessions,
            "payment_intents": self.intents,
            "charges": self.charges,
            "refunds": self.refunds,
            "balance_transactions": self.balance,
            "customers": self.customers,
            "payment_methods": self.methods,
            "setup_intents": self.setups,
            "tax_ids": self.tax_ids,
            "tax_calculations": self.calculations,
            "disputes": self.disputes,
            "fraud_warnings": self.warnings,
        }

    def find(self, identifier: str) -> dict[str, Any] | None:
        """Any object by its id, as the API shows it."""
        for table in self.tables().values():
            if identifier in table:
                return shown(table[identifier])
        return self.events.all.get(identifier)

    def emit(self, kind: str, thing: Any, at: int | None = None, previous: dict[str, Any] | None = None) -> None:
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


def shown(thing: Any) -> dict[str, Any]:
    return SHOWN[type(thing)](thing)


def included(account: Account, owner: dict[str, Any], name: str) -> Any:
    """What an object carries only when asked to."""
    identifier = owner["id"]
    if name == "refunds":
        refunds = [shown(one) for one in account.refunds.values() if one.charge == identifier]
        return listing(f"/v1/charges/{identifier}/refunds", refunds[::-1])
    if name == "tax_ids":
        numbers = [shown(one) for one in account.tax_ids.values() if one.customer == identifier]
        return listing(f"/v1/customers/{identifier}/tax_ids", numbers[::-1])
    if name == "taxes":
        return next(
            session_json.line_taxes(session, at)
            for session in account.sessions.values()
            for at, item in enumerate(session.line_items)
            if item.id == identifier
        )
    if identifier in account.calculations:
        lines = tax_json.line_items_json(account.calculations[identifier])
        return listing(f"/v1/tax/calculations/{identifier}/line_items", lines)
    session = account.sessions[identifier]
    items = [session_json.line_item_json(at, session) for at in range(len(session.line_items))]
    return listing(f"/v1/checkout/sessions/{identifier}/line_items", items)
