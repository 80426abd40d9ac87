"""Reads the answer to a question for a telephone number, and says what is wrong with it."""

from collections.abc import Callable

from bot.chat.screen import Wrong
from bot.chat.words import _
from bot.handlers.kit.typed.phone_numbers import (
    NumberProblem,
    SeveralNumbers,
    e164,
    example_number,
    parse_number,
    takes_messages,
)


def reader(zones: tuple[str | None, ...]) -> Callable[[str], object]:
    """Gives the number as it is dialled from anywhere. `zones`: clocks of whom it may belong to, likeliest first."""

    def read(raw: str) -> object:
        found = parse_number(raw, zones)
        if isinstance(found, SeveralNumbers):
            numbers = ", ".join(found.numbers)
            return Wrong(_("Which one is yours: {numbers}? Write it with its country.", numbers=numbers), found.numbers)
        if found is NumberProblem.COSTLY:
            return Wrong(_("Calling that number costs extra. Please give one that can be called at the usual price."))
        if found is NumberProblem.NO_NUMBER:
            example = example_number(zones)
            return Wrong(_("That is no telephone number that I know. Write it like {example}.", example=example))
        return found

    return read


def mobile_reader(zones: tuple[str | None, ...]) -> Callable[[str], object]:
    """As `reader`, of a number that takes messages; gives it in E.164."""
    read_number = reader(zones)

    def read(raw: str) -> object:
        found = read_number(raw)
        if not isinstance(found, str):
            return found
        if not takes_messages(found):
            return Wrong(_("No messages can be sent to that number. Give one of a mobile phone, without an extension."))
        return e164(found)

    return read
