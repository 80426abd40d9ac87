"""Invitations to become a coach: single-use tokens."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Invitation:
    """`account_id` is the only account that may use it, None for whoever has the token, which is kept hashed."""

    id: int
    purpose: str
    made_by: int
    account_id: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = None
    revoked_at: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
