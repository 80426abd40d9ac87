"""Runs an act once, in one transaction: a second delivery of its update changes nothing."""

from collections.abc import Callable
from datetime import timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booked, Booking
from bot.domain.refusals import Code, Done, Refusal
from storage.bookings.bookings import ANOTHER_HOLD
from storage.engine import Locks, Outdated, Storage, Tx, Violation
from storage.errors import OVERLAP
from storage.journal import acts
from storage.payments.orders import ANOTHER_ORDER

MAX_ACTS_A_MINUTE = 30
MINUTE = timedelta(minutes=1)
DOUBLE_TAP = timedelta(seconds=10)
"""Nobody means a button's act twice within so short a time."""


class _Refused(Exception):
    """Ends the transaction, so that a refusal never leaves anything behind."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


REFUSED = {OVERLAP: Code.TAKEN, ANOTHER_HOLD: Code.CHANGED, ANOTHER_ORDER: Code.CHANGED}
"""What it means to a person that the database refused a row, by the constraint; any other is a fault of ours."""


async def once(
    storage: Storage, act: Act, work: Callable[[Tx], int | Booking | Refusal], *, locks: Locks | None = None
) -> Done | Refusal:
    """Run `work` unless the act's key was seen; the id that it made fills `{id}` in the address shown next.

    A booking that it gives is handed on in a `Booked`, so that the page shown next need not read it again.
    A refusal rolls everything back and marks nothing: the same update may try again. `locks` as for `Storage.write`.
    """

    def guarded(tx: Tx) -> Done:
        tap = None if act.tap_key is None else (act.tap_key, act.now - DOUBLE_TAP)
        before, lately, twin = acts.begin(tx, act.key, act.person.id, act.now - MINUTE, act.now, tap=tap)
        if not isinstance(before, acts.Unseen):
            return Done(before or act.next)
        if twin is not None:
            return Done(twin)
        if lately >= MAX_ACTS_A_MINUTE:
            raise _Refused(Refusal(Code.TOO_FAST))
        made = work(tx)
        if isinstance(made, Refusal):
            raise _Refused(made)
        following = act.next.replace("{id}", str(made.id if isinstance(made, Booking) else made))
        acts.mark(tx, act.key, act.person.id, following, act.now, tap=act.tap_key)
        return Booked(following, made) if isinstance(made, Booking) else Done(following)

    try:
        return await storage.write(guarded, locks=locks)
    except _Refused as refused:
        return refused.refusal
    except Outdated:  # however often it was run again
        return Refusal(Code.CHANGED)
    except Violation as violated:
        if violated.constraint not in REFUSED:
            raise
        return Refusal(REFUSED[violated.constraint])
