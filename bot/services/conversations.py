"""What a conversation keeps between two turns: its living message, an open form, words that fitted nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.conversations import Conversation
from storage import conversations
from storage.engine import Storage, Tx

TRIES = 5
"""Another process may answer the same person at the same moment."""


class Conversations:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def _change(self, account_id: int, now: datetime, change: Callable[[Conversation], Conversation]) -> None:
        def work(tx: Tx) -> None:
            for _try in range(TRIES):
                kept = conversations.find(tx, account_id, now)
                changed = change(kept)
                if changed == kept or conversations.save(tx, changed, now):
                    return
            raise RuntimeError("a conversation was changed by others again and again")

        await self._storage.write(work)

    async def open_form(self, account_id: int, form: Mapping[str, Any] | None, now: datetime) -> None:
        """Keep the open form (an hour at most), or none."""
        kept = None if form is None else dict(form)
        await self._change(account_id, now, lambda conversation: replace(conversation, form=kept, misses=0))

    async def living(self, account_id: int, message_ref: str | None, now: datetime) -> None:
        """This message of the private chat is the living one."""
        await self._change(account_id, now, lambda conversation: replace(conversation, living_ref=message_ref))

    async def stands(self, account_id: int, address: str | None, now: datetime) -> None:
        """The private chat stands at this address: typed words are read there."""
        await self._change(account_id, now, lambda conversation: replace(conversation, chat_address=address))

    async def at_home(self, account_id: int, address: str | None, now: datetime) -> None:
        """The person's home page stands at this address."""
        await self._change(account_id, now, lambda conversation: replace(conversation, home_address=address))

    async def missed(self, account_id: int, now: datetime) -> None:
        """Words were typed that fitted nothing."""
        await self._change(account_id, now, lambda conversation: replace(conversation, misses=conversation.misses + 1))

    async def understood(self, account_id: int, now: datetime) -> None:
        await self._change(account_id, now, lambda conversation: replace(conversation, misses=0))
