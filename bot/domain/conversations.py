"""The little that a chat remembers beside its messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Conversation:
    """`living_ref` is the message edited by taps, `chat_address` the page it shows; `home_address` App Home's page.

    `form` holds the open form and its answers, None once it is closed or was left for an hour. `misses` counts
    typed words in a row that fitted nothing. `version` 0 is a conversation that was never saved.
    """

    account_id: int
    living_ref: str | None = None
    chat_address: str | None = None
    home_address: str | None = None
    form: Mapping[str, object] | None = field(default=None, repr=False)
    misses: int = 0
    version: int = 0
