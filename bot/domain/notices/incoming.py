"""Events that another service posted to us, kept until they are applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class InboxRow:
    """`external_id` is the provider's own id of this delivery's event; `attempts` includes the present one."""

    id: int
    provider: str
    external_id: str
    kind: str
    payload: Mapping[str, object]
    attempts: int
    received_at: datetime
