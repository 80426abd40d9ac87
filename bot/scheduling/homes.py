"""Redraws home pages soon after something on them has changed, as the audit trail tells."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace

from bot.chat.channel import Channel, NotDelivered
from bot.domain.people.people import Account, Platform
from bot.scheduling.sending import Sending, digest
from storage.engine import StorageAway, Tx
from storage.journal import audit, leases
from storage.people import homes

log = logging.getLogger(__name__)

LOOK_BACK = 200
"""Ids this far below the newest are looked at again, since transactions commit out of their order."""

LEASE_NAME = "homes"
LEASE_SECONDS = 10


class Homes:
    def __init__(self, sending: Sending, channels: Mapping[Platform, Channel]) -> None:
        self._sending = sending
        self._channels = channels
        self._owner = secrets.token_hex(8)
        self._newest: int | None = None
        self._looked_at: set[int] = set()
        self._drawn: dict[int, str] = {}

    async def sweep(self) -> None:
        """Draw the pages of everybody concerned by what changed since the last sweep."""
        if await self._sending.storage.write(self._take_lease):
            for account, address, note in await self._sending.storage.read(self._changed_pages):
                try:
                    await self._draw(account, address, note)
                except StorageAway:
                    raise
                except Exception:  # the pages of others are drawn
                    log.exception("home.not_drawn", extra={"ids": {"account": account.id}})

    def _take_lease(self, tx: Tx) -> bool:
        return leases.acquire(tx, LEASE_NAME, self._owner, LEASE_SECONDS) is not None

    def _changed_pages(self, tx: Tx) -> list[tuple[Account, str, str | None]]:
        newest = audit.newest_id(tx)
        if self._newest is None:
            self._newest = newest
            self._looked_at = {entry.id for entry in audit.since(tx, newest - LOOK_BACK)}
            return []
        entries = [entry for entry in audit.since(tx, self._newest - LOOK_BACK) if entry.id not in self._looked_at]
        self._newest = newest
        self._looked_at = {each for each in self._looked_at if each > newest - LOOK_BACK}
        self._looked_at |= {entry.id for entry in entries}
        return homes.open_pages(tx, homes.concerned(tx, entries)) if entries else []

    async def _draw(self, account: Account, address: str, note: str | None) -> None:
        channel = self._channels.get(account.platform)
        screen = await self._sending.visit(account.person_id, account, address)
        if screen is not None and note:
            screen = replace(screen, note=note)
        if screen is None or screen.over:
            screen = await self._sending.visit(account.person_id, account, "home")
        if channel is None or screen is None or self._drawn.get(account.id) == digest(screen):
            return
        try:
            await channel.publish_home(account, screen)
        except NotDelivered as why:
            log.info("home.not_drawn", extra={"ids": {"account": account.id, "why": type(why).__name__}})
        else:
            self._drawn[account.id] = digest(screen)
