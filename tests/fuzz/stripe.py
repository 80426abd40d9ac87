"""What Stripe posts: events about every kind of object, and forged ones about payments of ours."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.engine import Tx
from tests.fuzz import values
from tests.fuzz.shots import DISPUTED, GOES_BACK, MONEY, NOTHING, REFUNDED, Shot
from tests.fuzz.world import World
from tests.promises.posting import encoded
from tests.support.specs import SPECS

Json = dict[str, Any]
FIXTURES = SPECS / "stripe-fixtures.json"
"""Stripe's own samples of all its objects; without them only what we use is sent."""

VERBS = ("created", "updated", "completed", "expired", "failed", "succeeded", "refunded", "deleted")
PAGES = ("checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
         "checkout.session.async_payment_failed")  # fmt: skip
REFUNDS = ("refund.created", "refund.updated", "refund.failed")
CARD = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034, "fingerprint": "x"}
AROUND: dict[str, Json] = {
    "charge.dispute.created": {
        "object": "dispute", "status": "needs_response", "charge": "ch_1", "amount": 4500, "currency": "eur",
        "reason": "fraudulent", "evidence_details": {"due_by": 1780000000}, "is_charge_refundable": False,
        "balance_transactions": [{"amount": -4500, "fee": 1500, "currency": "eur"}],
    },
    "radar.early_fraud_warning.created": {
        "object": "radar.early_fraud_warning", "charge": "ch_1", "actionable": True, "fraud_type": "misc",
    },
    "payment_method.automatically_updated": {
        "object": "payment_method", "type": "card", "customer": "cus_1", "card": CARD,
    },
    "customer.tax_id.updated": {
        "object": "tax_id", "type": "eu_vat", "value": "ATU12345678", "customer": "cus_1",
        "verification": {"status": "verified"},
    },
    "payment_intent.payment_failed": {
        "object": "payment_intent", "status": "requires_payment_method", "amount": 4500, "currency": "eur",
        "metadata": {"rapport_card": "1", "rapport_payment": "1"}, "last_payment_error": {"code": "card_declined"},
    },
    "checkout.session.completed": {
        "object": "checkout.session", "mode": "setup", "status": "complete", "setup_intent": "seti_1",
        "metadata": {"rapport_person": "1"},
    },
}  # fmt: skip
"""Events about what stands around a payment: cards, numbers, disputes."""


async def pages(world: World) -> list[Json]:
    """Our payments as the pages that Stripe would tell of."""
    return await world.house.storage.read(_pages)


def _pages(tx: Tx) -> list[Json]:
    rows = tx.execute(sa.select(tables.payments).order_by(tables.payments.c.id)).mappings()
    return [_page(dict(row)) for row in rows]


def _page(row: Json) -> Json:
    ours = {"rapport_payment": str(row["id"]), "rapport_booking": str(row["booking_id"])}
    return {
        "id": row["checkout_ref"] or "cs_none", "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "amount_total": row["amount"], "currency": row["currency"].lower(),
        "metadata": ours, "payment_intent": row["intent_ref"] or "pi_forged",
        "livemode": False, "client_reference_id": f"booking-{row['booking_id']}",
    }  # fmt: skip


class StripeShots:
    def __init__(self, rng: random.Random, ours: list[Json], number: Iterator[int]) -> None:
        self._rng = rng
        self._ours = ours
        self._number = number
        self._samples = json.loads(FIXTURES.read_text())["resources"] if FIXTURES.exists() else {}

    def make(self) -> Shot:
        makers = (self._any, self._page, self._forged, self._forged, self._refund, self._around)
        return self._rng.choice(makers)()

    def _shot(self, kind: str, what: str, about: Json, may: frozenset[str], chance: float = 0.6) -> Shot:
        event: Json = {
            "id": f"evt_{next(self._number)}", "object": "event", "type": what, "api_version": "2026-10-28.endive",
            "created": 1780000000, "livemode": False, "pending_webhooks": 1, "data": {"object": about},
        }  # fmt: skip
        if self._rng.random() < chance:
            event, kind = values.mutated(self._rng, event), f"{kind} broken"
        return Shot(kind, "stripe", encoded(event), may=may)

    def _any(self) -> Shot:
        """An object of the account that has nothing to do with us."""
        names = list(self._samples) or ["charge"]
        name = self._rng.choice(names)
        about = copy.deepcopy(self._samples.get(name) or {"id": "ch_x", "object": "charge"})
        return self._shot("stripe any", f"{name}.{self._rng.choice(VERBS)}", about, NOTHING)

    def _around(self) -> Shot:
        """A card, a tax number, a dispute or a fraud warning of ours, then broken."""
        what, about = self._rng.choice(list(AROUND.items()))
        intent = self._rng.choice(self._ours)["payment_intent"]
        told = {"id": f"obj_{next(self._number)}", "payment_intent": intent} | copy.deepcopy(about)
        return self._shot("stripe around", what, told, DISPUTED if "dispute" in what or "fraud" in what else NOTHING)

    def _page(self) -> Shot:
        """A page of ours as it may be, then broken: it may still be a payment."""
        about = self._ours_told()
        return self._shot("stripe page", self._rng.choice(PAGES), about, MONEY, chance=0.9)

    def _forged(self) -> Shot:
        """A page that claims to be ours and is not: another sum, another currency, another booking, another house."""
        rng, about = self._rng, self._ours_told()
        draw = rng.randrange(5)
        if draw == 0:
            about["amount_total"] = about["amount_total"] + rng.choice((1, -1, 10**20, -about["amount_total"], 0.5))
        elif draw == 1:
            about["currency"] = rng.choice(("usd", "jpy", "", "EURO", "isk", "\u202eeur", "xxx"))
        elif draw == 2:
            about["metadata"]["rapport_booking"] = rng.choice(("0", "999", "-1", "9" * 30, "x", "\u0663"))
        elif draw == 3:
            about["metadata"]["rapport_payment"] = rng.choice(("0", "999", "9223372036854775807", "9" * 18))
        else:
            about["success_url"] = f"https://another.example/pay/return?p={values.text(rng)}"
        return self._shot("stripe forged", rng.choice(PAGES), about, GOES_BACK if draw < 2 else NOTHING, chance=0)

    def _ours_told(self) -> Json:
        """A page of ours with what whoever paid typed there, and words beside our ids."""
        about = copy.deepcopy(self._rng.choice(self._ours))
        email, name, state, note = (values.text(self._rng) for _ in range(4))
        about["customer_details"] = {"email": email, "name": name, "address": {"country": "AT", "state": state}}
        about["total_details"] = {"amount_tax": self._rng.choice((0, 700))}
        about["metadata"]["note"] = note
        return about

    def _refund(self) -> Shot:
        rng, page = self._rng, self._rng.choice(self._ours)
        if rng.random() < 0.3:
            about = {"id": "ch_x", "object": "charge", "payment_intent": page["payment_intent"],
                     "metadata": page["metadata"]}  # fmt: skip
            return self._shot("stripe refund", "charge.refunded", about, REFUNDED)
        intent = rng.choice((page["payment_intent"], "pi_unknown", None))
        about = {"id": f"re_{next(self._number)}", "object": "refund", "amount": page["amount_total"],
                 "status": "succeeded", "currency": page["currency"], "payment_intent": intent,
                 "metadata": {"rapport_refund": rng.choice(("1", "2", "999", "x"))}}  # fmt: skip
        return self._shot("stripe refund", rng.choice(REFUNDS), about, REFUNDED)
