"""Words for a refund that failed: whose doing it was, that the money is not lost, and what to do."""

from bot.chat import tell
from bot.chat.words import _
from bot.domain.payments.payments import Refund, RefundFailure


def for_client(refund: Refund | None) -> list[str]:
    """`refund` None: a message of before, which names none."""
    if refund is None:
        return [_("The money that goes back to you did not arrive. It is still yours: we look into it.")]
    amount = tell.amount(refund.amount)
    if refund.failure is RefundFailure.BANK:
        lines = [_("Your bank did not take the {amount} that goes back to you.", amount=amount)]
    else:
        lines = [_("{amount} could not go back to your card.", amount=amount)]
    lines.append(_("It is still yours: we look into it, and you need not do anything."))
    if refund.reference is not None:
        lines.append(_("The reference is {reference}.", reference=refund.reference))
    return lines


def for_owner(refund: Refund | None, client: str, provider: str) -> list[str]:
    """What happened first, then what to do. `client` and `provider`: how they are called."""
    if refund is None:
        return [_("A refund did not go through. {provider} shows why.", provider=provider)]
    what, do = _cause(refund, provider)
    return [what, do, _("{name} was told that it takes longer.", name=client)]


def _cause(refund: Refund, provider: str) -> tuple[str, str]:
    amount = tell.amount(refund.amount)
    another_way = _("Open the payment in {provider} and send the money another way.", provider=provider)
    match refund.failure:
        case RefundFailure.REFUSED:
            words = _("{provider} refuses to give {amount} back.", provider=provider, amount=amount)
            return words, _("Open the payment in {provider}: give it back there, or another way.", provider=provider)
        case RefundFailure.BANK:
            return _("The client's bank did not take {amount} back.", amount=amount), another_way
        case RefundFailure.BALANCE:
            words = _("Your balance at {provider} does not cover {amount}.", provider=provider, amount=amount)
            return words, _("Add to it, then give the money back in {provider}.", provider=provider)
        case RefundFailure.STOPPED:
            words = _("The refund of {amount} was stopped in {provider}.", provider=provider, amount=amount)
            return words, _("If that was a mistake, give the money back there.")
        case _:
            return _("{amount} did not reach the client; nobody says why.", amount=amount), another_way
