"""Card numbers typed into a chat or a form: they are not read on, kept or repeated, and the person is told why."""

from collections.abc import Mapping

from bot.chat.channel import Incoming
from bot.chat.words import _
from bot.domain.payments import card_numbers


def are_in(incoming: Incoming) -> bool:
    """Whether one stands in the words that somebody typed."""
    typed = (incoming.text, incoming.command, incoming.payload)
    return any(card_numbers.is_in(each) for each in typed if each)


def among(answers: Mapping[str, str]) -> dict[str, str]:
    """By the name of its field, what is said of each answer that holds one."""
    return {name: words() for name, answer in answers.items() if card_numbers.is_in(answer)}


def words() -> str:
    return _(
        "That looks like a card number, so I did not read or keep it. Cards are entered on the payment page alone, "
        "never in a chat. Please delete it here."
    )
