"""Stripe's test cards, and what a bank says to a charge."""

from dataclasses import dataclass
from typing import Any

APPROVED, CHECK = "approved", "check"
"""What a bank says, besides a word of DECLINES. A check is the bank's own page, where the customer approves."""

DISPUTE, WARNING = "dispute", "warning"


@dataclass(frozen=True)
class Card:
    """A test card: what the bank says on a page (`now`), when the card is kept without a payment (`setup`, as
    `now` unless said) and to a charge once it is kept (`later`). `after` is what follows a charge.
    """

    number: str
    label: str
    now: str = APPROVED
    later: str = APPROVED
    setup: str | None = None
    brand: str = "visa"
    after: str | None = None

    @property
    def last4(self) -> str:
        return self.number[-4:]


# https://docs.stripe.com/testing
CARDS = {
    "success": Card("4242424242424242", "succeeds"),
    "declined": Card("4000000000000002", "is declined", now="generic_decline"),
    "challenge": Card("4000000000003220", "needs a challenge (3-D Secure)", now=CHECK, later=CHECK),
    "mastercard": Card("5555555555554444", "succeeds", brand="mastercard"),
    "checked_once": Card("4000002500003155", "needs a challenge now, and none once it is kept", now=CHECK),
    "declined_later": Card(
        "4000000000000341", "can be kept, and is declined when charged", "generic_decline", "generic_decline", APPROVED
    ),
    "insufficient": Card("4000000000009995", "has insufficient funds", "insufficient_funds", "insufficient_funds"),
    "expired": Card("4000000000000069", "is expired", "expired_card", "expired_card"),
    "disputed": Card("4000000000000259", "succeeds, and is disputed", after=DISPUTE),
    "warned": Card("4000000000005423", "succeeds, and a fraud warning comes", after=WARNING),
}
USUAL = ("success", "declined", "challenge")

_AGAIN, _NEVER, _LOOK = "try_again_later", "do_not_try_again", "confirm_card_data"
_DECLINED, _NOT_SUPPORTED = "Your card was declined.", "Your card does not support this type of purchase."

# By decline code: the error's code, its words, and the bank's advice. https://docs.stripe.com/declines/codes
DECLINES: dict[str, tuple[str, str, str | None]] = {
    "authentication_required": ("authentication_required", f"{_DECLINED} This transaction requires authentication.",
                                _AGAIN),
    "card_not_supported": ("card_declined", _NOT_SUPPORTED, _AGAIN),
    "card_velocity_exceeded": ("card_declined", "Your card has exceeded its balance, credit limit or number of tries.",
                               _AGAIN),
    "do_not_honor": ("card_declined", _DECLINED, _AGAIN),
    "expired_card": ("expired_card", "Your card has expired.", _LOOK),
    "fraudulent": ("card_declined", _DECLINED, _NEVER),
    "generic_decline": ("card_declined", _DECLINED, _AGAIN),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect.", _LOOK),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds.", _AGAIN),
    "lost_card": ("card_declined", _DECLINED, _NEVER),
    "processing_error": ("processing_error", "An error occurred while processing your card. Try again in a little bit.",
                         _AGAIN),
    "stolen_card": ("card_declined", _DECLINED, _NEVER),
    "transaction_not_allowed": ("card_declined", _NOT_SUPPORTED, _NEVER),
    "try_again_later": ("card_declined", _DECLINED, _AGAIN),
}  # fmt: skip


def declined(why: str) -> dict[str, Any]:
    """The error of a charge that the bank declined for `why`, a word of DECLINES."""
    code, message, advice = DECLINES[why]
    error = {"code": code, "decline_code": why, "message": message, "type": "card_error"}
    return error | ({"advice_code": advice} if advice else {})
