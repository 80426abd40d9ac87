"""The account's balance: what came in with its fee, what went out, and when it was entered."""

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.objects import BalanceTransaction, Charge, new_id


def book(account: Account, charge: Charge) -> None:
    """Enter a charge into the balance, `fee_delay` seconds after it was made.

    As with Stripe's asynchronous capture the charge's own event names no balance transaction yet;
    `charge.updated` follows when it is there.
    """
    account.unbooked.append((account.now() + account.fee_delay, charge))
    book_due(account)


def book_due(account: Account) -> None:
    now = account.now()
    due = [(at, charge) for at, charge in account.unbooked if at <= now]
    account.unbooked = [(at, charge) for at, charge in account.unbooked if at > now]
    for at, charge in sorted(due, key=lambda one: one[0]):
        fee = money.fee(charge.captured)
        charge.balance_transaction = enter(account, charge.id, "charge", charge, charge.captured, fee)
        account.emit("charge.updated", charge, at, previous={"balance_transaction": None})


def enter(
    account: Account,
    source: str,
    kind: str,
    charge: Charge,
    amount: int,
    fee: int = 0,
    category: str | None = None,
) -> str:
    """A movement of the balance; `category` is what reports call it, where that differs from its `kind`."""
    text = charge.asked.get("description")
    identifier = new_id("txn_3")
    account.balance[identifier] = BalanceTransaction(
        identifier, source, account.now(), amount, fee, charge.currency, kind, text, category
    )
    return identifier
