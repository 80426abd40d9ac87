"""The protocol between a chat platform that collects money itself and the app."""

from typing import Protocol

from bot.domain.payments.invoices import Collected, Question
from bot.domain.people.people import Profile


class Till(Protocol):
    async def asked(self, profile: Profile, question: Question) -> str | None:
        """Whether the money of somebody who is about to pay is to be taken: None, or why not, in their language.

        Answers within eight seconds, and raises nothing.
        """

    async def collected(self, money: Collected) -> None:
        """Money came. Raises `StorageAway`: it was not kept, and is to be told again."""
