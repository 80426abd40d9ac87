"""What Stripe's description, which is older than API version 2026-10-28.endive, does not know yet, in one list."""

from typing import Any

OBJECTS = {"tax.settings", "tax.registration", "tax.association"}

CALLS = {"DELETE /v1/tax_ids/{id}", "GET /v1/tax/registrations", "GET /v1/tax/settings"}

ASKED = {
    # Lists of what was made since then: the SDK of that version has it, the description not yet.
    "GET /v1/checkout/sessions": {"created"},
    "GET /v1/radar/early_fraud_warnings": {"created"},
}

_WORDS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_CALCULATION = {"type": "object", "properties": {"calculation": {"type": "string"}}, "required": ["calculation"]}
_INPUTS = {"type": "object", "properties": {"tax": _CALCULATION}, "required": ["tax"]}

PARAMETERS: dict[str, dict[str, Any]] = {
    # In place of payment_method_types, which is refused since 2026-09-30.
    "POST /v1/checkout/sessions": {"allowed_payment_method_types": _WORDS},
    "POST /v1/payment_intents": {
        "allowed_payment_method_types": _WORDS,
        # Since 2025-11: the tax of a payment without a page is that of a calculation.
        "hooks": {"type": "object", "properties": {"inputs": _INPUTS}, "required": ["inputs"]},
    },
}
