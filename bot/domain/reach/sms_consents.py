"""The agreement without which no SMS goes to a number: who gave it, when and to which words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ConsentBy(StrEnum):
    """How it was given or ended."""

    PAGE = "page"  # the words stood on a page of ours
    SMS = "sms"  # by a word of theirs: START, STOP
    PROVIDER = "provider"  # the provider told that the number is opted out


@dataclass(frozen=True)
class SmsConsent:
    """`words` are ours as they were read, or theirs by which they agreed, in `language`. Instants are in UTC."""

    id: int
    person_id: int
    account_id: int
    words: str
    language: str
    by: ConsentBy
    given_at: datetime
    ended_at: datetime | None = None
    ended_by: ConsentBy | None = None

    @property
    def stands(self) -> bool:
        return self.ended_at is None
