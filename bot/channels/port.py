"""The protocol of a chat platform as a process runs it. A folder beside this file implements it for each platform."""

from collections.abc import Sequence
from typing import Protocol

from bot.chat.channel import Channel
from bot.http_route import HttpRoute


class ChatPlatform(Channel, Protocol):
    """It passes what people say and do to a `bot.chat.channel.Front`.

    `settings` names the settings that an operator mends when `check` finds something wrong.
    """

    settings: tuple[str, ...]

    def routes(self) -> Sequence[HttpRoute]:
        """The HTTP routes at which the platform calls us; none when it is polled."""

    async def start(self, *, receive: bool) -> None:
        """Begin to send and, where `receive` is true, to receive. Returns without waiting for the platform."""

    async def close(self) -> None:
        """Finish what is under way and close the connections."""

    async def renew(self) -> None:
        """Exchange what soon ends for what follows it, such as a token; called once a minute."""

    async def check(self) -> str | None:
        """Ask the platform something harmless; what is wrong, in words for an operator, or None."""
