"""The parameters that the installed Stripe SDK declares, as the tree that the stand-in checks against.

`python -m tests.contracts.stripe_params` prints it; it is kept in `bot/sandbox/stripe/params.json`, because
the sandbox itself imports no vendor SDK.
"""

import importlib
import json
import sys
import typing
from decimal import Decimal
from typing import Any, Literal, NotRequired, get_args, get_origin

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

ROUTES = {
    "POST /v1/checkout/sessions": ("checkout._session_create_params", "SessionCreateParams"),
    "GET /v1/checkout/sessions": ("checkout._session_list_params", "SessionListParams"),
    "GET /v1/checkout/sessions/{id}": ("checkout._session_retrieve_params", "SessionRetrieveParams"),
    "POST /v1/checkout/sessions/{id}/expire": ("checkout._session_expire_params", "SessionExpireParams"),
    "GET /v1/checkout/sessions/{id}/line_items": (
        "checkout._session_line_item_list_params",
        "SessionLineItemListParams",
    ),
    "POST /v1/payment_intents": ("_payment_intent_create_params", "PaymentIntentCreateParams"),
    "GET /v1/payment_intents": ("_payment_intent_list_params", "PaymentIntentListParams"),
    "GET /v1/payment_intents/{id}": ("_payment_intent_retrieve_params", "PaymentIntentRetrieveParams"),
    "POST /v1/payment_intents/{id}/confirm": ("_payment_intent_confirm_params", "PaymentIntentConfirmParams"),
    "POST /v1/payment_intents/{id}/capture": ("_payment_intent_capture_params", "PaymentIntentCaptureParams"),
    "POST /v1/payment_intents/{id}/cancel": ("_payment_intent_cancel_params", "PaymentIntentCancelParams"),
    "GET /v1/setup_intents/{id}": ("_setup_intent_retrieve_params", "SetupIntentRetrieveParams"),
    "POST /v1/customers": ("_customer_create_params", "CustomerCreateParams"),
    "GET /v1/customers": ("_customer_list_params", "CustomerListParams"),
    "GET /v1/customers/search": ("_customer_search_params", "CustomerSearchParams"),
    "GET /v1/customers/{id}": ("_customer_retrieve_params", "CustomerRetrieveParams"),
    "POST /v1/customers/{id}": ("_customer_update_params", "CustomerUpdateParams"),
    "DELETE /v1/customers/{id}": ("_customer_delete_params", "CustomerDeleteParams"),
    "GET /v1/customers/{id}/payment_methods": (
        "_customer_payment_method_list_params",
        "CustomerPaymentMethodListParams",
    ),
    "POST /v1/customers/{id}/tax_ids": ("_customer_tax_id_create_params", "CustomerTaxIdCreateParams"),
    "GET /v1/customers/{id}/tax_ids": ("_customer_tax_id_list_params", "CustomerTaxIdListParams"),
    "GET /v1/tax_ids/{id}": ("_tax_id_retrieve_params", "TaxIdRetrieveParams"),
    "DELETE /v1/tax_ids/{id}": ("_tax_id_delete_params", "TaxIdDeleteParams"),
    "GET /v1/payment_methods": ("_payment_method_list_params", "PaymentMethodListParams"),
    "GET /v1/payment_methods/{id}": ("_payment_method_retrieve_params", "PaymentMethodRetrieveParams"),
    "POST /v1/payment_methods/{id}": ("_payment_method_update_params", "PaymentMethodUpdateParams"),
    "POST /v1/payment_methods/{id}/attach": ("_payment_method_attach_params", "PaymentMethodAttachParams"),
    "POST /v1/payment_methods/{id}/detach": ("_payment_method_detach_params", "PaymentMethodDetachParams"),
    "GET /v1/tax/settings": ("tax._settings_retrieve_params", "SettingsRetrieveParams"),
    "GET /v1/tax/registrations": ("tax._registration_list_params", "RegistrationListParams"),
    "POST /v1/tax/calculations": ("tax._calculation_create_params", "CalculationCreateParams"),
    "GET /v1/tax/calculations/{id}": ("tax._calculation_retrieve_params", "CalculationRetrieveParams"),
    "GET /v1/tax/calculations/{id}/line_items": (
        "tax._calculation_line_item_list_params",
        "CalculationLineItemListParams",
    ),
    "GET /v1/tax/associations/find": ("tax._association_find_params", "AssociationFindParams"),
    "GET /v1/disputes": ("_dispute_list_params", "DisputeListParams"),
    "GET /v1/disputes/{id}": ("_dispute_retrieve_params", "DisputeRetrieveParams"),
    "POST /v1/disputes/{id}": ("_dispute_update_params", "DisputeUpdateParams"),
    "POST /v1/disputes/{id}/close": ("_dispute_close_params", "DisputeCloseParams"),
    "GET /v1/radar/early_fraud_warnings": (
        "radar._early_fraud_warning_list_params",
        "EarlyFraudWarningListParams",
    ),
    "GET /v1/radar/early_fraud_warnings/{id}": (
        "radar._early_fraud_warning_retrieve_params",
        "EarlyFraudWarningRetrieveParams",
    ),
    "GET /v1/charges": ("_charge_list_params", "ChargeListParams"),
    "GET /v1/charges/{id}": ("_charge_retrieve_params", "ChargeRetrieveParams"),
    "POST /v1/refunds": ("_refund_create_params", "RefundCreateParams"),
    "GET /v1/refunds": ("_refund_list_params", "RefundListParams"),
    "GET /v1/refunds/{id}": ("_refund_retrieve_params", "RefundRetrieveParams"),
    "GET /v1/balance_transactions/{id}": (
        "_balance_transaction_retrieve_params",
        "BalanceTransactionRetrieveParams",
    ),
    "GET /v1/events": ("_event_list_params", "EventListParams"),
    "GET /v1/events/{id}": ("_event_retrieve_params", "EventRetrieveParams"),
    "GET /v1/webhook_endpoints": ("_webhook_endpoint_list_params", "WebhookEndpointListParams"),
    "GET /v1/account": ("_account_retrieve_current_params", "AccountRetrieveCurrentParams"),
}
# What the stand-in models nothing of, and refuses: a payment by its API is made with a kept card alone.
UNMODELLED = {
    "POST /v1/payment_intents": ("payment_method_data", "payment_method_options"),
    "POST /v1/payment_intents/{id}/confirm": ("payment_method_data", "payment_method_options"),
}
LEAVES = {str: "string", int: "integer", bool: "boolean", float: "number", Decimal: "number"}


def tree(hint: Any, module: str) -> Any:
    """A leaf's name, a list of words, `{"array": …}`, `{"map": …}`, `{"fields": …}` or `{"any": []}`."""
    if isinstance(hint, typing.ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        names = vars(sys.modules[module]) | {"Literal": Literal}
        return tree(eval(hint, names), module)
    if is_typeddict(hint):
        own = sorted(set(hint.__annotations__) - set(RequestOptions.__annotations__))
        return {"fields": {name: tree(hint.__annotations__[name], hint.__module__) for name in own}}
    origin, inner = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return tree(inner[0], module)
    if origin is Literal:
        return sorted(inner)
    if origin is list:
        return {"array": tree(inner[0], module)}
    if origin is dict:
        return {"map": tree(inner[1], module)}
    if inner:
        return either([tree(part, module) for part in inner if get_origin(part) is not UntypedStripeObject])
    return LEAVES.get(hint, "string")


def either(parts: list[Any]) -> Any:
    """An empty word only says that it may be unset, and a bare string beside an enum keeps it open."""
    parts = [part for part in parts if part != [""]]
    words = [part for part in parts if isinstance(part, list)]
    if words:
        return {"any": [words[0], "boolean"]} if "boolean" in parts else words[0]
    return parts[0] if len(parts) == 1 else {"any": parts}


def declared() -> dict[str, Any]:
    found = {}
    for route, (file, name) in ROUTES.items():
        module = importlib.import_module(f"stripe.params.{file}")
        found[route] = tree(getattr(module, name), module.__name__)
        found[route]["fields"] |= dict.fromkeys(UNMODELLED.get(route, ()), "unmodelled")
    return found


def text() -> str:
    return json.dumps(declared(), separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
