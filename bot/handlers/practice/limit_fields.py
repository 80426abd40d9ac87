"""The words of the limits for clients: how each is asked for in the form, and what the trail of changes calls it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.screen import Field, Wrong
from bot.chat.words import _
from bot.domain.practice.client_limits import RANGES, ClientLimits, Limit
from bot.handlers.kit import typed_amounts


@dataclass(frozen=True)
class LimitWords:
    """`line` is the sentence on the page; `noun` is how the trail of changes calls it."""

    question: str
    line: str
    noun: str


def words() -> dict[Limit, LimitWords]:
    return {
        Limit.FREE: LimitWords(
            _("Most free sessions ahead, for a client"), _("Free sessions ahead: {n}"), _("free sessions ahead")
        ),
        Limit.OF_OFFER: LimitWords(
            _("Most sessions ahead of one offer with a price"),
            _("Sessions ahead of one offer with a price: {n}"),
            _("sessions of one offer ahead"),
        ),
        Limit.STANDING: LimitWords(
            _("Most sessions ahead in all, for a client"), _("Sessions ahead in all: {n}"), _("sessions ahead")
        ),
        Limit.WAITS: LimitWords(
            _("Most times that a client waits for"), _("Times waited for: {n}"), _("times waited for")
        ),
        Limit.HOLDS: LimitWords(
            _("Most times held in ten minutes"), _("Times held in ten minutes: {n}"), _("times held in ten minutes")
        ),
        Limit.MESSAGES: LimitWords(
            _("Most messages in ten minutes"), _("Messages in ten minutes: {n}"), _("messages in ten minutes")
        ),
        Limit.WRONG_CODES: LimitWords(
            _("Most wrong codes in ten minutes"), _("Wrong codes in ten minutes: {n}"), _("wrong codes in ten minutes")
        ),
    }


def lines(limits: ClientLimits) -> list[str]:
    return [said.line.format(n=getattr(limits, name.value)) for name, said in words().items()]


def fields(limits: ClientLimits) -> tuple[Field, ...]:
    """A question for each limit, answered as it is now."""
    return tuple(
        Field(
            name.value, said.question, hint=_hint(RANGES[name]), default=str(getattr(limits, name.value)),
            read=_within(RANGES[name]), max_length=4,
        )
        for name, said in words().items()
    )  # fmt: skip


def out_of_range(allowed: range) -> str:
    return _("Use a number from {least} to {most}.", least=allowed[0], most=allowed[-1])


def _hint(allowed: range) -> str:
    return _("A number from {least} to {most}", least=allowed[0], most=allowed[-1])


def _within(allowed: range) -> Callable[[str], object]:
    def read(raw: str) -> object:
        found = typed_amounts.read_count(raw)
        return Wrong(out_of_range(allowed)) if isinstance(found, int) and found not in allowed else found

    return read
