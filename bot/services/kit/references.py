"""Finds the reference under which what went wrong is kept: that of the row that cannot be read, or a new one."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.logs import describe
from bot.services.kit.faults import Faults
from bot.services.kit.set_aside import RowsSetAside
from storage.engine import CannotRead

log = logging.getLogger(__name__)


class References:
    """What people are shown, so that others find what happened to them."""

    def __init__(self, faults: Faults, aside: RowsSetAside) -> None:
        self._faults = faults
        self._aside = aside

    async def of(self, error: Exception, trail: Sequence[dict[str, Any]], now: datetime) -> str:
        if isinstance(error, CannotRead):
            [reference] = await self._aside.references([error.bad])
            return reference
        reference = self._faults.new_reference()
        log.error("fault", extra={"ids": {"ref": reference, "error": describe(error)}})
        await self._faults.keep(reference, trail, now)
        return reference
