"""The protocol of what carries mails: a server of ours, or a provider."""

from typing import Protocol

from bot.channels.email.mail import Letter
from bot.chat.limits import Limits


class MailRefused(Exception):
    """It is not taken for what it is: a mistake of ours, which no waiting mends. `code` is the carrier's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Carrier(Protocol):
    """`settings` names the settings that an operator mends when `check` finds something wrong."""

    name: str
    settings: tuple[str, ...]
    limits: Limits

    async def send(self, letter: Letter) -> str:
        """Hand it over; the carrier's own reference. Raises `NotDelivered` and `MailRefused`."""

    async def answers(self) -> bool:
        """Whether it answers at all, be it with a refusal."""

    async def check(self) -> str | None:
        """Ask something harmless; what is wrong, in words for an operator, or None."""

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
