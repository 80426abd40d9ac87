"""Judges what a checkout session is asked to be, before anything is made."""

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.customers import customers
from bot.sandbox.stripe.refusals import InvalidParams, Refused
from bot.sandbox.stripe.tax import sessions as session_tax


def check(account: Account, asked: dict[str, Any]) -> None:
    """The account has no prices and no coupons: a line carries the price that is to be paid."""
    if asked.get("mode") not in ("payment", "setup"):
        raise InvalidParams("The sandbox takes one-off payments and keeps cards: no subscriptions.", param="mode")
    if asked.get("ui_mode", "hosted_page") != "hosted_page":
        raise InvalidParams("The sandbox serves the hosted page alone.", param="ui_mode")
    if "success_url" not in asked:
        raise InvalidParams("Missing required param: success_url.", "parameter_missing", "success_url")
    for name in ("success_url", "cancel_url"):
        if name in asked and not _is_url(asked[name]):
            raise InvalidParams("Not a valid URL", "url_invalid", name)
    for discount in asked.get("discounts", []):
        kind, identifier = next(iter(discount.items()))
        raise Refused(f"No such {kind}: '{identifier}'", "resource_missing", f"discounts[0][{kind}]")
    if asked.get("allow_promotion_codes"):
        raise InvalidParams("The sandbox's account has no promotion codes.", param="allow_promotion_codes")
    if asked.get("tax_id_collection", {}).get("enabled"):
        raise InvalidParams("The sandbox's page asks for no tax number.", param="tax_id_collection")
    _check_customer(account, asked)
    session_tax.check(account, asked)
    if asked["mode"] == "setup":
        _check_setup(asked)


def _check_customer(account: Account, asked: dict[str, Any]) -> None:
    if "customer" in asked:
        customers.find(account, asked["customer"], 400)
        if "customer_email" in asked:
            said = "You may only specify one of these parameters: customer, customer_email."
            raise InvalidParams(said, param="customer_email")
        if "customer_creation" in asked:
            said = "You may only specify one of these parameters: customer, customer_creation."
            raise InvalidParams(said, param="customer_creation")
        return
    for name in ("customer_update", "saved_payment_method_options"):
        if name in asked:
            raise InvalidParams(f"`{name}` can only be used with `customer`.", param=name)


def _check_setup(asked: dict[str, Any]) -> None:
    for name in ("line_items", "payment_intent_data", "automatic_tax", "submit_type", "invoice_creation"):
        if name in asked:
            raise InvalidParams(f"You can not pass `{name}` in `setup` mode.", param=name)
    if "currency" not in asked and "allowed_payment_method_types" not in asked:
        said = "`currency` is required in `setup` mode when the payment methods are dynamic."
        raise InvalidParams(said, "parameter_missing", "currency")


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(text) <= 5000
