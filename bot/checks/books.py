"""Words for `rapport doctor stripe`: in what our books and the provider's account differ, and what to do."""

from collections.abc import Mapping

from bot.checks.check_line import BROKEN, ON, WARN, CheckLine
from bot.domain.payments.differences import Compared, Difference, Differs
from bot.domain.payments.money import Money, decimals

_MENDED: Mapping[Differs, str] = {
    Differs.PAID: "{there} was paid, and its message never came: entered",
    Differs.ENDED: "the page is over, and its message never came: entered",
    Differs.FEE: "the fee of {there} was not in the ledger: entered",
    Differs.REFUND: "the refund of {there} was not known, or not how it ended: entered",
    Differs.DISPUTE: "what the client's bank says was not known, or not how it ended: entered",
    Differs.CARD_KEPT: "the card is kept there, and was not known: entered",
    Differs.CARD_GONE: "the card is kept there no more: it is not offered any more",
    Differs.CARD_SHOWN: "the card has other digits or another end there: entered",
    Differs.CARD_STAYED: "its client removed the card, and it is kept there still: the worker removes it again",
    Differs.CUSTOMER_GONE: "the customer was deleted there: its cards are not offered any more",
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
    Differs.UNHEARD: "{there} came without a page and for no order here: if Telegram collected it, no word of that "
    "came: give credits for it on the client's page, or the money back in the dashboard",
    Differs.NO_CHARGE: "Telegram collected {here}, and there is no such charge: look at payment {payment}",
    Differs.NO_CUSTOMERS: "neither this customer nor any other of ours is there: is STRIPE_SECRET_KEY of this account?",
}
_EXPLAINED: Mapping[Differs, str] = {
    Differs.ELSEWHERE: "nothing that Telegram collected is in this account, so it goes to another one: its amounts, "
    "fees and refunds cannot be compared, and no refund of it can be made from here",
    Differs.DEFAULT_CARD: "the dashboard's default is another card than the one that is offered first here: it counts "
    "for invoices of the dashboard alone",
}
NOT_MENDED = "this should have been entered and was not: run it again, and look at the log of web or worker"


def lines(compared: Compared) -> list[CheckLine]:
    """One for each difference, and the sum. What may be as it is counts for none."""
    mended = [CheckLine("mended", ON, _words(each, _MENDED)) for each in compared.mended]
    left = [CheckLine("ask", WARN, _words(each, _LEFT)) for each in compared.left]
    told = [CheckLine("told", ON, _words(each, _EXPLAINED)) for each in compared.explained]
    found = len(mended) + len(left)
    words = f"{compared.looked_at} things compared: {found} differences, {len(mended)} mended, {len(left)} left"
    return [*mended, *left, *told, CheckLine("books", BROKEN if left else ON, words)]


def _words(difference: Difference, said: Mapping[Differs, str]) -> str:
    told = said.get(difference.what, NOT_MENDED)
    there, here = _amount(difference.there), _amount(difference.here)
    return f"{difference.ref}: {told.format(there=there, here=here, payment=difference.payment_id)}"


def _amount(money: Money | None) -> str:
    if money is None:
        return "an amount"
    places = decimals(money.currency)
    return f"{money.amount / 10**places:.{places}f} {money.currency}"
