"""Keeps the state of a chat between two turns: its living message, an open form, words not understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from bot.domain.people.conversations import Answered, Conversation
from bot.domain.people.people import Account, Profile
from storage.engine import Storage, Tx
from storage.journal import acts
from storage.people import conversations, people

TRIES = 5
"""Another process may answer the same person at the same moment."""


class Taken(Enum):
    """What became of an answer: it counts, its update was heard before, or another answer came first."""

    NOW = "now"
    BEFORE = "before"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Step:
    """`form` is the one that is open now."""

    taken: Taken
    form: Mapping[str, Any] | None


class Conversations:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def _change(self, account_id: int, now: datetime, change: Callable[[Conversation], Conversation]) -> None:
        def work(tx: Tx) -> None:
            for _try in range(TRIES):
                kept = conversations.find(tx, account_id, now, to_change=True)
                changed = change(kept)
                if changed == kept or conversations.save(tx, changed, now):
                    return
            raise RuntimeError("a conversation was changed by others again and again")

        await self._storage.write(work)

    async def find(self, account_id: int, now: datetime) -> Conversation:
        return await self._storage.read_one(lambda tx: conversations.find(tx, account_id, now))

    async def account_of(self, profile: Profile) -> Account | None:
        """Where to answer this profile, without a look at anything else that is kept of its person."""
        return await self._storage.read(
            lambda tx: people.bare_account(tx, profile.platform, profile.workspace, profile.user_ref, profile.chat_ref)
        )

    async def open_form(
        self,
        account_id: int,
        form: Mapping[str, Any] | None,
        now: datetime,
        was: Mapping[str, Any] | None = None,
        order: float | None = None,
    ) -> None:
        """Keep the open form (an hour at most), or none; with `was` only while that one is open.

        Without, an update that is past by its `order` changes nothing.
        """
        kept = None if form is None else dict(form)

        def change(conversation: Conversation) -> Conversation:
            if conversation.is_past(order) if was is None else conversation.form != was:
                return conversation
            return conversation.written(order, form=kept, misses=0)

        await self._change(account_id, now, change)

    async def step(
        self,
        account_id: int,
        key: str,
        was: Mapping[str, Any] | None,
        form: Mapping[str, Any] | None,
        now: datetime,
        order: float | None = None,
    ) -> Step:
        """Once for an update (`key`): go on from the form `was`, as it was read, to `form`. `was` None: open it.

        One update may do both, answer the last question of a form and open the next one. One that is past by its
        `order` does neither, as if it had been heard.
        """

        def work(tx: Tx) -> Step:
            heard = f"{key}:{'opens' if was is None else 'answers'}"
            first = isinstance(acts.seen(tx, heard), acts.Unseen)
            kept = conversations.find(tx, account_id, now, to_change=True)
            if not first or kept.is_past(order):
                return Step(Taken.BEFORE, kept.form)
            changed = kept.written(order, form=None if form is None else dict(form), misses=0)
            if (was is not None and kept.form != was) or not conversations.save(tx, changed, now):
                return Step(Taken.OVERTAKEN, kept.form)
            acts.mark(tx, heard, None, None, now)
            return Step(Taken.NOW, form)

        return await self._storage.write(work)

    async def living(self, account_id: int, message_ref: str | None, key: str | None = None) -> None:
        """Record that this message of the private chat, the answer to the update `key`, is the living one."""
        await self._storage.write_one(lambda tx: conversations.set_living(tx, account_id, message_ref, key))

    async def answers(
        self, account_id: int, key: str, address: str | None, order: float | None = None, *, shown: bool = False
    ) -> Answered | None:
        """Record that this update is answered, and that the private chat then shows this address (None: as before).

        A past update does not change what it shows. None: it was answered before, perhaps just now. `shown`: whether
        the answer stands is not told afterwards.
        """
        return await self._storage.write_one(
            lambda tx: conversations.answer(tx, account_id, key, address, order, shown=shown)
        )

    async def at_home(self, account_id: int, address: str, note: str | None = None) -> None:
        """Record that the person's home page shows this address. `note`: what the act came to that led there."""
        await self._storage.write_one(lambda tx: conversations.set_home(tx, account_id, address, note))

    async def missed(self, account_id: int, now: datetime, order: float | None = None) -> None:
        """Count words that Rapport did not understand; those of one update once."""

        def change(conversation: Conversation) -> Conversation:
            if order is not None and conversation.newest == order and conversation.misses:
                return conversation
            return conversation.written(order, misses=conversation.misses + 1)

        await self._change(account_id, now, change)

    async def understood(self, account_id: int, now: datetime) -> None:
        await self._change(account_id, now, lambda conversation: replace(conversation, misses=0))
