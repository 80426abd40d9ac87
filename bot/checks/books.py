"""Words for `rapport doctor stripe`: in what our books and the provider's account differ, and what to do."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from bot.checks.check_line import BROKEN, ON, WARN, CheckLine
from bot.domain.payments.differences import Difference, Differs
from bot.domain.payments.money import Money, decimals
from bot.integrations.payments.books import Books
from bot.services.books.reconcile import Compared

_MENDED: Mapping[Differs, str] = {
    Differs.PAID: "{there} was paid, and its message never came: entered",
    Differs.ENDED: "the page is over, and its message never came: entered",
    Differs.FEE: "the fee of {there} was not in the ledger: entered",
    Differs.REFUND: "the refund of {there} was not known, or not how it ended: entered",
    Differs.DISPUTE: "what the client's bank says was not known, or not how it ended: entered",
}
_LEFT: Mapping[Differs, str] = {
    Differs.STRAY: "{there} came for no order here: if you sold nothing else for it, open it in the dashboard",
    Differs.NOT_PAID: "we have {here} as paid, and it is unpaid there: is DATABASE_URL of this account?",
    Differs.NO_PAGE: "we have {here} as paid, and it is not there: is STRIPE_SECRET_KEY of this account and mode?",
    Differs.AMOUNT: "{there} came, and the ledger has {here}: look at payment {payment}",
    Differs.NO_REFUND: "the ledger gave {here} back, and there is no such refund: look at payment {payment}",
    Differs.REFUNDED: "refunds come to {there}, and the ledger has {here}: look at payment {payment}",
    Differs.UNPAID_BOOKING: "it is confirmed, and nobody paid for it: ask the client, or cancel it",
    Differs.NOT_GRANTED: "its package or gift was paid, and nobody has it: give the credits on the client's page",
}
NOT_MENDED = "this should have been entered and was not: run it again, and look at the log of web or worker"


@runtime_checkable
class HasBooks(Protocol):
    books: Books


def lines(compared: Compared) -> list[CheckLine]:
    """One for each difference, and the sum."""
    mended = [CheckLine("mended", ON, _words(each, _MENDED)) for each in compared.mended]
    left = [CheckLine("ask", WARN, _words(each, _LEFT)) for each in compared.left]
    found = len(mended) + len(left)
    words = f"{compared.looked_at} things compared: {found} differences, {len(mended)} mended, {len(left)} left"
    return [*mended, *left, CheckLine("books", BROKEN if left else ON, words)]


def _words(difference: Difference, said: Mapping[Differs, str]) -> str:
    told = said.get(difference.what, NOT_MENDED)
    there, here = _amount(difference.there), _amount(difference.here)
    return f"{difference.ref}: {told.format(there=there, here=here, payment=difference.payment_id)}"


def _amount(money: Money | None) -> str:
    if money is None:
        return "an amount"
    places = decimals(money.currency)
    return f"{money.amount / 10**places:.{places}f} {money.currency}"
