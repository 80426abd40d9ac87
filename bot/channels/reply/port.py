"""The protocol by which replies reach a chat platform: it posts messages, edits them, and removes their buttons.

Each platform implements `PrivateChat`. When and where to call it is decided once for all, in `living` and `replies`.
"""

from enum import Enum
from typing import Protocol

from bot.chat.channel import Sent
from bot.chat.screen import Screen


class Revised(Enum):
    """What became of a message that was to be changed."""

    DONE = "done"
    GONE = "gone"  # there is no such message any more
    UNFIT = "unfit"  # it stays as it is: this platform, or this message, cannot be changed to that screen


class PrivateChat(Protocol):
    """One person's private chat, for one reply.

    Calls raise `NotDelivered`. Where nobody knows whether a change was made, `revise` may raise `Away` to have it
    made again, which harms nothing. Anything else that is raised is a mistake of ours: the reply is given up.
    """

    @property
    def chat_ref(self) -> str: ...

    async def post(self, screen: Screen, *, notice: bool) -> Sent:
        """Write a new message. A tap on a `notice` leaves it as it is and is answered below."""

    async def revise(self, message_ref: str, screen: Screen, *, notice: bool) -> Revised:
        """Change a message that was written before."""

    async def strip(self, message_ref: str) -> None:
        """Take a message's buttons away; one that is gone has none."""

    def is_below(self, message_ref: str, other_ref: str) -> bool:
        """Whether a message stands further down in the chat than another one."""
