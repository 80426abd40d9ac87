"""What Rapport remembers of a chat: the page it shows, an open form, words that it did not understand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

REACH = 10_000
"""An update further behind than this belongs to another numbering: Telegram's numbers begin anew, anywhere, after
a week without updates (Bot API, Update) and with another bot."""


@dataclass(frozen=True)
class Answered:
    """Where the chat stands after an update was answered, and its living message at that moment."""

    chat_address: str | None
    living_ref: str | None


@dataclass(frozen=True)
class Conversation:
    """`living_ref` is the message edited by taps, `chat_address` the page it shows; `home_address` App Home's page.
    `home_note` is what the act that led there came to, empty where it needed no words; None where no act led there.

    `form` holds the open form and its answers, None once it is closed or was left for an hour. `misses` counts
    typed words in a row that fitted nothing. `version` 0 is a conversation that was never saved. `newest` is the
    order (see `Incoming`) of the update that wrote `form` or `chat_address` last, None where it had none. `answered`
    are the keys of the updates that were answered last, the newest first; `shown` is that of the one whose answer is
    known to stand below what was said.
    """

    account_id: int
    living_ref: str | None = None
    chat_address: str | None = None
    home_address: str | None = None
    home_note: str | None = field(default=None, repr=False)
    form: Mapping[str, object] | None = field(default=None, repr=False)
    misses: int = 0
    version: int = 0
    newest: float | None = None
    answered: tuple[str, ...] = ()
    shown: str | None = None

    def is_past(self, order: float | None) -> bool:
        """Whether an update of this order is older than the one that wrote the chat's form or page last."""
        return order is not None and self.newest is not None and self.newest - REACH < order < self.newest

    def written(self, order: float | None, **changes: Any) -> "Conversation":
        """A copy with these changes, made by an update of this order."""
        newest = self.newest if self.is_past(order) else order
        return replace(self, newest=newest, **changes)
