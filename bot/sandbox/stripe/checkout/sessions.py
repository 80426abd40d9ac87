"""Makes Checkout sessions, closes them on request, and lets them expire."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.checkout import wishes
from bot.sandbox.stripe.customers import setups
from bot.sandbox.stripe.objects import EXPIRED, OPEN, LineItem, Session, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused
from bot.sandbox.stripe.tax import sessions as session_tax

SHORTEST, LONGEST = 30 * 60, 24 * 3600
ITEMS = 100


def create(account: Account, asked: dict[str, Any], origin: str) -> Session:
    """`asked` are checked parameters, `origin` the address at which the page is served."""
    wishes.check(account, asked)
    setup = asked["mode"] == "setup"
    currency, items = (asked.get("currency", ""), []) if setup else _line_items(asked)
    now = account.now()
    expires_at = asked.get("expires_at", now + LONGEST)
    if not SHORTEST <= expires_at - now <= LONGEST:
        bound = "at least 30 minutes" if expires_at - now < SHORTEST else "less than 24 hours"
        said = f"The `expires_at` timestamp must be {bound} from Checkout Session creation."
        raise InvalidParams(said, param="expires_at")
    identifier = new_id("cs_test_a1", 58)
    session = Session(
        identifier, now, expires_at, currency, items, asked, f"{origin}/pay/{identifier}",
        customer=asked.get("customer"),
    )  # fmt: skip
    customer = account.customers.get(session.customer or "")
    if customer is not None:
        session.email = customer.email
        session_tax.enter_place(account, session, customer.place)
    if not setup:
        _check_total(session)
    if not session.methods and (setup or session.amount):
        raise InvalidParams("No valid payment method types for this Checkout Session.")
    account.sessions[identifier] = session
    if setup:
        setups.start(account, session)
    return session


def _check_total(session: Session) -> None:
    total, currency = session.amount, session.currency
    least = money.MINIMUM.get(currency, 50)
    if 0 < total < least:
        said = f"The Checkout Session's total amount must convert to at least {money.shown(least, currency)}."
        raise InvalidParams(said, "amount_too_small")
    if total > money.LARGEST:
        said = f"The total amount due must be no more than {money.shown(money.LARGEST, currency)}."
        raise InvalidParams(said, "amount_too_large")


def _line_items(asked: dict[str, Any]) -> tuple[str, list[LineItem]]:
    given = asked.get("line_items")
    if not given:
        raise InvalidParams("Missing required param: line_items.", "parameter_missing", "line_items")
    if len(given) > ITEMS:
        raise InvalidParams(f"You can have at most {ITEMS} line items.", param="line_items")
    items, currencies = [], set()
    for index, item in enumerate(given):
        path = f"line_items[{index}]"
        if "price" in item:
            raise Refused(f"No such price: '{item['price']}'", "resource_missing", f"{path}[price]")
        currencies.add(_require(item, "price_data", path)["currency"].lower())
        items.append(_line_item(item, path))
    if len(currencies) > 1:
        raise InvalidParams("All line items must be in the same currency.", param="line_items")
    currency = currencies.pop()
    if not money.known(currency) or asked.get("currency", currency).lower() != currency:
        raise InvalidParams(f"Invalid currency: {currency}", param="line_items[0][price_data][currency]")
    return currency, items


def _line_item(item: dict[str, Any], path: str) -> LineItem:
    price, inside = item["price_data"], f"{path}[price_data]"
    if "recurring" in price:
        said = "You cannot use recurring prices in `payment` mode."
        raise InvalidParams(said, param=f"{inside}[recurring]")
    if "product" in price:
        raise Refused(f"No such product: '{price['product']}'", "resource_missing", f"{inside}[product]")
    product = _require(price, "product_data", inside)
    name = _require(product, "name", f"{inside}[product_data]")
    amount = price.get("unit_amount")
    if amount is None:
        exact = Decimal(_require(price, "unit_amount_decimal", inside))
        amount = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    quantity = _require(item, "quantity", path)
    if amount < 0 or quantity < 1:
        wrong = f"{inside}[unit_amount]" if amount < 0 else f"{path}[quantity]"
        raise InvalidParams("This value is too small.", "parameter_invalid_integer", wrong)
    return LineItem(
        new_id("li_1"),
        new_id("price_1"),
        new_id("prod_", 14),
        name,
        product.get("description"),
        amount,
        quantity,
        price.get("tax_behavior", "unspecified"),
        product.get("tax_code"),
    )


def _require(given: dict[str, Any], name: str, path: str) -> Any:
    if name not in given:
        inner = f"{path}[{name}]"
        raise InvalidParams(f"Missing required param: {inner}.", "parameter_missing", inner)
    return given[name]


def expire(account: Account, session: Session) -> Session:
    """Closed by the account's owner. Refused unless it is open."""
    if session.status != OPEN:
        raise Refused(
            "Only Checkout Sessions with a status in [open] can be expired. "
            f"This Checkout Session has a status of {session.status}."
        )
    return _close(account, session, account.now())


def let_expire(account: Account) -> None:
    """Close what the clock has passed, in the order in which it fell due."""
    now = account.now()
    due = [one for one in account.sessions.values() if one.status == OPEN and one.expires_at <= now]
    for session in sorted(due, key=lambda one: one.expires_at):
        _close(account, session, session.expires_at)


def _close(account: Account, session: Session, at: int) -> Session:
    session.status = EXPIRED
    intent = account.intent_of(session)
    if intent is not None:
        intent.status, intent.canceled_at = "canceled", at
        account.emit("payment_intent.canceled", intent, at)
    setup = account.setups.get(session.setup_intent or "")
    if setup is not None:
        setup.status = "canceled"
        account.emit("setup_intent.canceled", setup, at)
    account.emit("checkout.session.expired", session, at)
    return session
