"""Shows replies: at once, later if the platform asks to wait, or by the outbox if nothing else helps."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.channels.reply.late import Late
from bot.chat.channel import Away, CannotReach, Front, NotDelivered, Reply, TryLater
from bot.logs import describe
from storage.engine import StorageAway

log = logging.getLogger(__name__)

UNKNOWN_S = 5.0
"""The outbox says a reply again after so long when nobody knows whether it stands."""

Show = Callable[[Reply], Awaitable[str | None]]
"""Shows a reply; the message in which it is the living one, None where it is none. Raises `NotDelivered`."""


@dataclass(frozen=True)
class Patience:
    """How long a person is kept waiting by a platform that stumbles, in seconds.

    A wait of up to `at_once_s` that the platform asks for is sat out on the spot; what is longer goes on in the
    background, so that the person's next word is not held up. After a fault (`Away`) the reply is tried again within
    `after_fault_s` and then every `again_s`; with None as late as the fault says, for a platform that may have done
    what it says it could not.
    """

    at_once_s: float = 1.0
    after_fault_s: float | None = 0.5
    again_s: float = 2.0


class Replies:
    """Gives the replies of one platform. The newest of each place is shown: one that still waits there is dropped."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._late = Late()

    async def close(self) -> None:
        """Leaves the replies that still wait to the outbox."""
        await self._late.close()

    async def give(self, front: Front, reply: Reply, place: str, show: Show, *, again: bool = True) -> bool:
        """Show a reply; False when it did not get through, or not yet. Raises `StorageAway` if `show` does.

        `place` names where it is to stand, such as a chat. What does not get through is said again by the outbox,
        unless `again` is False or the person cannot be reached.
        """
        before = await self._late.replace(place)
        if before is not None:
            reply = replace(reply, living_ref=before)
        try:
            await self._patiently(reply, show)
        except CannotReach:
            return True  # they left: the platform tells of it by itself
        except TryLater as later:
            await self._late.wait(
                place,
                self._soon(later),
                lambda: self._show_late(reply, show),
                lambda failed: _put_off(front, reply, failed, again),
            )
            return False
        except NotDelivered as failed:
            await _put_off(front, reply, failed, again)
            return False
        except StorageAway:
            raise
        except Exception as failed:  # noqa: BLE001 - a mistake of ours, which waiting does not mend
            _lost(reply, failed)
            return False
        return True

    async def _patiently(self, reply: Reply, show: Show) -> None:
        """Once more, after a short wait, when nothing was done and that is enough."""
        try:
            await show(reply)
        except TryLater as later:
            wait = later.seconds
            if isinstance(later, Away) and self._patience.after_fault_s is not None:
                wait = self._patience.after_fault_s
            if wait > self._patience.at_once_s:
                raise
            await asyncio.sleep(wait)
            await show(replace(reply, waited=True))

    async def _show_late(self, reply: Reply, show: Show) -> str | None:
        try:
            return await show(replace(reply, waited=True))
        except CannotReach:
            return None
        except TryLater as later:
            raise self._soon(later) from later
        except NotDelivered:
            raise
        except Exception as failed:  # noqa: BLE001 - as in `give`
            _lost(reply, failed)
            return None

    def _soon(self, later: TryLater) -> TryLater:
        """A person waits, so a fault is tried again sooner than for a notice; a wait that was asked for is kept."""
        soon = isinstance(later, Away) and self._patience.after_fault_s is not None
        return TryLater(self._patience.again_s) if soon else later


async def _put_off(front: Front, reply: Reply, failed: NotDelivered, again: bool) -> None:
    """The outbox says it again when it may be said, as a message of its own."""
    log.info("reply.put_off", extra={"ids": {"account": reply.account.id, "error": describe(failed)}})
    if not again:
        return
    try:
        await front.unseen(reply, failed.seconds if isinstance(failed, TryLater) else UNKNOWN_S)
    except StorageAway:
        _lost(reply, failed)


def _lost(reply: Reply, failed: Exception) -> None:
    ids = {"account": reply.account.id, "platform": reply.account.platform.value, "error": describe(failed)}
    log.warning("reply.lost", extra={"ids": ids})
