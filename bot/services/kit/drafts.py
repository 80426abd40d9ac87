"""Keeps what a person typed while a page shows it once more before it is saved."""

import json
from datetime import datetime, timedelta
from typing import Any

from bot.domain.acts import Act
from bot.domain.refusals import Done, Refusal
from bot.services.kit.idempotent import once
from storage.engine import Storage
from storage.journal import drafts

LIFETIME = timedelta(hours=1)


class Drafts:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def keep(self, act: Act, kind: str, body: dict[str, Any]) -> Done | Refusal:
        """Keep a draft for an hour; `{id}` of `act.next` is its id."""
        text = json.dumps(body)
        ends = act.now + LIFETIME
        return await once(
            self._storage, act, lambda tx: drafts.put(tx, act.person.id, kind, text, expires=ends, now=act.now)
        )

    async def find(self, person_id: int, draft_id: int, kind: str, now: datetime) -> dict[str, Any] | None:
        """The person's own draft of that kind, unless it is too old."""
        text = await self._storage.read(lambda tx: drafts.find(tx, person_id, draft_id, kind, now))
        return None if text is None else json.loads(text)
