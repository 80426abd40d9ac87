"""Words about money that goes back by hand: the amount that is typed, and who gave it why."""

from collections.abc import Callable

from bot.chat import tell
from bot.chat.links import with_links
from bot.chat.screen import Wrong
from bot.chat.words import _
from bot.domain.payments.giving_back import Given, Returnable, Unreturnable
from bot.domain.payments.money import Ambiguous, parse_money
from bot.domain.payments.payments import ANOTHER_WAY, AS_CREDIT, Refund, RefundState
from bot.domain.people.people import Person
from bot.handlers.kit import endings, typed_amounts
from bot.services.payments.refunds.giving_back import Words


def reader(money: Returnable) -> Callable[[str], object]:
    """Reads an amount that can go back, in the currency that was paid in."""

    def read(raw: str) -> object:
        found = parse_money(raw, money.left.currency)
        if isinstance(found, Ambiguous):
            return typed_amounts.which(found)
        if found is None:
            words = _("It was paid in {currency}. Write an amount in {currency}, such as {example}.")
            return Wrong(words.format(currency=money.left.currency, example=typed_amounts.price(money.left)))
        why = money.why_not(Given(found))
        if why is Unreturnable.TOO_MUCH:
            return Wrong(_("That is more than is left. At most {amount} can go back.", amount=tell.amount(money.left)))
        return found if why is None else Wrong(endings.unreturnable(why))

    return read


def goes(amount: str, refund: Refund | None, said: Words | None) -> str:
    """To the client, how an amount comes back."""
    if refund is not None and refund.how == ANOTHER_WAY and said is not None:
        return _("{name} has paid you {amount} back, past the card.", name=said.name, amount=amount)
    return endings.returns(amount, refund)


def to_practice(amount: str, refund: Refund | None, name: str) -> str:
    """As `goes`, for the side of the practice. `name`: the client's."""
    if refund is not None and refund.how == ANOTHER_WAY:
        return _("{amount} was paid to {name} past the card.", amount=amount, name=name)
    if refund is not None and refund.how == AS_CREDIT:
        return _("{name} has a session on credit in place of the money.", name=name)
    return _("{amount} goes back to {name}.", amount=amount, name=name)


def what_became_of_it(refund: Refund | None) -> str:
    """To the side of the practice, of money that was not accepted."""
    if refund is not None and refund.state is RefundState.FAILED:
        return _("It could not go back: a message of its own says why.")
    if refund is not None and refund.how == AS_CREDIT:
        return _("The client took a session on credit in its place.")
    return _("It goes back.")


def by(said: Words | None, reader: Person) -> list[str]:
    """Who gave it, and why; nothing for what nobody gave by hand."""
    if said is None:
        return []
    why = with_links(said.text)
    if said.person_id == reader.id:
        return [_("Your reason: {reason}", reason=why)]
    return [_("{name} gives it back: “{reason}”", name=said.name, reason=why)]
