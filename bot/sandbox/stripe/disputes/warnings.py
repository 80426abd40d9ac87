"""Early fraud warnings: the card network thinks that a charge was fraud, and a refund may spare the dispute."""

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.disputes.objects import FraudWarning
from bot.sandbox.stripe.objects import Charge, new_id
from bot.sandbox.stripe.refusals import Refused


def warn(account: Account, charge: Charge, kind: str = "made_with_stolen_card") -> FraudWarning:
    if charge.status != "succeeded":
        raise Refused(f"Charge {charge.id} was not paid.", param="charge")
    made = FraudWarning(new_id("issfr_1"), account.now(), charge.id, charge.payment_intent, kind)
    account.warnings[made.id] = made
    account.emit("radar.early_fraud_warning.created", made)
    return made


def lift(account: Account, charge: Charge) -> None:
    """A charge that was given back whole needs no more doing."""
    for made in account.warnings.values():
        if made.charge == charge.id and made.actionable:
            made.actionable = False
            account.emit("radar.early_fraud_warning.updated", made, previous={"actionable": True})
