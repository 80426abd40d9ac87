"""Lists what sweeps and webhooks do for one vendor: intents to carry out, events to keep and apply."""

from dataclasses import dataclass
from typing import Any

from bot.services.kit.inbox import Inbox
from bot.services.kit.intents import IntentRunner


@dataclass(frozen=True)
class VendorWork:
    """Empty while the vendor is switched off. `told`: events that come another way than by a webhook."""

    intents: tuple[IntentRunner[Any, Any], ...] = ()
    inboxes: tuple[Inbox[Any], ...] = ()
    told: tuple[Inbox[Any], ...] = ()
