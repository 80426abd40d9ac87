"""The type of a reaction: a feature follows a booking's change in the very transaction of the change.

A reaction writes rows (messages, intents) and never calls a vendor. `bot.services.reactions` has them all, in order.
"""

from collections.abc import Callable

from bot.domain.bookings.changes import Change
from storage.engine import Tx

Reaction = Callable[[Tx, Change], None]
