"""Stripe: disputes and early fraud warnings."""

from collections.abc import Mapping
from typing import Any

from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.money import Money
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.payments.stripe.client import Client
from bot.integrations.payments.stripe.values import instant, money_by, money_of, own_id, ref_of, words

_STATES = {
    "warning_needs_response": DisputeState.ASKED,
    "warning_under_review": DisputeState.ASKED_REVIEW,
    "warning_closed": DisputeState.DROPPED,
    "prevented": DisputeState.DROPPED,
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.REVIEW,
    "charge_refunded": DisputeState.WON,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
_AWAITED = (DisputeState.ASKED, DisputeState.OPEN)


class StripeDisputes:
    """See `Disputes`."""

    def __init__(self, client: Client) -> None:
        self._ask, self._find, self._v1 = client.ask, client.find, client.v1

    async def dispute(self, ref: str) -> Dispute | None:
        found = await self._find(self._v1.disputes.retrieve_async(ref))
        return dispute(found) if found is not None else None

    async def disputes_of(self, intent_ref: str) -> list[Dispute]:
        asked: Any = {**money_by(intent_ref), "limit": 100}
        found = await self._ask(self._v1.disputes.list_async(asked))
        return [dispute(each) for each in found["data"]]

    async def warnings_of(self, intent_ref: str) -> list[FraudWarning]:
        asked: Any = {**money_by(intent_ref), "limit": 100}
        found = await self._ask(self._v1.radar.early_fraud_warnings.list_async(asked))
        return [fraud_warning(each) for each in found["data"]]


def dispute(found: Mapping[str, Any]) -> Dispute:
    state, details = _state(found["status"]), found.get("evidence_details") or {}
    moved, fee = _moved(found.get("balance_transactions") or [])
    return Dispute(
        ref=own_id(found),
        charge_ref=_charge_of(found),
        intent_ref=ref_of(found.get("payment_intent")),
        amount=money_of(found["amount"], found["currency"]),
        state=state,
        reason=words(found.get("reason")) or "",
        due_by=instant(details.get("due_by")) if state in _AWAITED else None,
        refundable=found.get("is_charge_refundable") is True,
        moved=moved,
        fee=fee,
    )


def _state(status: str) -> DisputeState:
    """An appeal that is under way is a review; its end is told by won or lost."""
    return DisputeState.REVIEW if status.startswith("appeal_") else _STATES[status]


def _moved(entries: list[Mapping[str, Any]]) -> tuple[Money | None, Money | None]:
    """What all entries of the balance come to, before the fee, and the fee."""
    if not entries:
        return None, None
    currency = entries[0]["currency"]
    amount, fee = sum(entry["amount"] for entry in entries), sum(entry["fee"] for entry in entries)
    return money_of(amount, currency), money_of(fee, currency)


def fraud_warning(found: Mapping[str, Any]) -> FraudWarning:
    return FraudWarning(
        own_id(found),
        _charge_of(found),
        ref_of(found.get("payment_intent")),
        words(found.get("fraud_type")) or "",
        found.get("actionable") is True,
    )


def _charge_of(found: Mapping[str, Any]) -> str:
    ref = ref_of(found["charge"])
    if ref is None:
        raise ValueError("no charge")
    return ref
