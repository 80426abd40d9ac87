"""Keeps what a vendor refused under a reference, which people are told and `rapport trace` finds."""

from datetime import datetime

from bot.integrations.vendor import VendorRefused
from bot.services.kit.faults import Faults
from storage.engine import Tx
from storage.journal import faults


def keep_refusal(tx: Tx, refusal: VendorRefused, what: dict[str, int], now: datetime) -> str:
    """The reference. `what` names, by id, what was asked for; of the answer only the vendor's own words are kept."""
    reference = Faults.new_reference()
    step = {
        "at": now.timestamp(),
        "level": "warning",
        "in": __name__,
        "step": "vendor.refused",
        "ids": {**what, "code": refusal.code, "request": refusal.request},
    }
    faults.record(tx, reference, [step], now)
    return reference
