"""How long a connection may keep the server waiting, and how much of the server it may have."""

import resource
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

RESERVED_FILES = 200
"""For the database, for calls to platforms and vendors, and for files of our own."""

FEWEST_OPEN = 16
MOST_FILES = 65_536
BURST = 2
"""So many times the connections that a limit allows may be open for a moment."""


class Stage(Enum):
    """What a connection is waiting for, where it is the sender's turn."""

    HEAD = "head"
    BODY = "body"
    IDLE = "next request"
    ANSWER = "answer taken"


@dataclass(frozen=True)
class Limits:
    """Seconds of each stage, and sizes. An idle connection is kept for longer than proxies keep theirs (60 s)."""

    head_s: float = 10.0
    body_s: float = 20.0
    idle_s: float = 75.0
    answer_s: float = 20.0
    stop_s: float = 1.0
    """What is left to a request that is not whole when the process is told to stop."""

    look_s: float = 1.0
    """So often is looked for who has been waited for too long."""

    grace_s: float = 2.0
    """Who has waited for less is not slow, however many there are."""

    open: int = 1500
    open_per_address: int = 1000
    held_bytes: int = 8 * 1024 * 1024
    """Bodies that are not whole yet, in the whole process: nothing has vouched for them."""

    read_bytes: int = 4 * 1024
    """Of one connection at a time. What platforms post is hardly ever more."""

    padding_bytes: int = 1024
    padding_part: int = 8
    """Beside so many bytes, a body in chunks may have the lengths of its chunks: one byte for so many of its own."""

    ahead_bytes: int = 64 * 1024
    """What may come on a connection before a head is whole, or while an earlier request is being answered."""

    def seconds(self, stage: Stage) -> float:
        return {
            Stage.HEAD: self.head_s,
            Stage.BODY: self.body_s,
            Stage.IDLE: self.idle_s,
            Stage.ANSWER: self.answer_s,
        }[stage]

    def within(self, files: int) -> Self:
        """As many connections as a process may have that may open so many files."""
        most = max(FEWEST_OPEN, min(self.open, (files - RESERVED_FILES) // BURST))
        return replace(self, open=most, open_per_address=min(self.open_per_address, most * 2 // 3))


def raised_file_limit() -> int:
    """How many files this process may have open, once it has asked for as many as it may ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # a system that promises more than it gives
            return soft
        return wanted
    return MOST_FILES if soft == resource.RLIM_INFINITY else soft
