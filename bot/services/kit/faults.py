"""Keeps the steps of an unexpected failure under a short reference, which the person sees and `rapport trace` finds."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.engine import Storage
from storage.journal import faults

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no letters that are mistaken for digits
LENGTH = 6


class Faults:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @staticmethod
    def new_reference() -> str:
        return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))

    async def answer(self, reference: str) -> str | None:
        """The short word with which a vendor refused, kept under this reference; None once that is forgotten."""
        found = await self._storage.read_one(lambda tx: faults.find(tx, reference))
        for step in () if found is None else found.trail:
            match step:
                case {"step": "vendor.refused", "ids": {"code": str(code)}}:
                    return code
        return None

    async def keep(self, reference: str, trail: Sequence[dict[str, Any]], now: datetime) -> None:
        """Store the steps from the tap to the failure; ids and names only."""
        steps = list(trail)
        await self._storage.write(lambda tx: faults.record(tx, reference, steps, now))
