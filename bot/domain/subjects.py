"""A subject: the thing that a message, a payment, a correction or an audit entry is about."""

from dataclasses import dataclass
from typing import Literal, cast

SubjectKind = Literal[
    "booking", "card", "coach", "coupon", "gift", "grant", "invitation", "offer", "order", "package", "person", "plan",
    "practice", "wait", "workspace",
]  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """One thing, by its kind and id: a number, or a Slack workspace's own words; the practice has none.

    Its text, `booking:7`, is how it is stored.
    """

    kind: SubjectKind
    id: int | str | None = None

    def __str__(self) -> str:
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "Subject":
        """The subject of this text. Its kind may be one that only a newer process knows."""
        kind, _colon, ref = text.partition(":")
        return cls(cast("SubjectKind", kind), int(ref) if ref.isascii() and ref.isdecimal() else ref or None)

    def number(self, kind: SubjectKind) -> int | None:
        """Its id if it is a thing of this kind, whose ids are numbers; None for anything else."""
        return self.id if self.kind == kind and isinstance(self.id, int) else None
