"""What a scripted person acts with: a client of one platform, and a product that says when it is at rest."""

from collections.abc import Sequence
from typing import Protocol

from tests.support.people.seen import Key, Seen


class Hands(Protocol):
    """One person's client on one platform."""

    platform: str
    heard_is_answered: bool
    """Whether all of an answer is on the screen once it was `heard`."""

    async def look(self) -> list[Seen]:
        """Everything on the screen, oldest first."""

    async def say(self, words: str) -> None: ...

    async def start(self, payload: str) -> None:
        """The first word to the bot, by a link that carries `payload`."""

    async def press(self, seen: Seen, key: Key) -> None: ...

    async def fill(self, values: Sequence[str | None]) -> None:
        """Answer the open form, field by field; None leaves one as it is."""

    async def leave(self) -> None:
        """Close the open form."""

    async def heard(self) -> bool:
        """Whether, at the last look, all that the person did had reached the bot and was answered."""


class Told(Protocol):
    """A product that says when it is at rest."""

    async def answered(self) -> None:
        """All that reached it was answered, and is on the screens."""

    async def rests(self) -> None:
        """The same, and everything that is due by now is done."""

    def hurries(self) -> None:
        """Let what is due be done now rather than at the next sweep. Returns at once."""
