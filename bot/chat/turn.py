"""A turn: one person, one moment, one thing said or tapped, and the window it came from."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.chat.address import Segment, address
from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Account, Person
from bot.domain.people.permissions import Permission, may

TAG_LENGTH = 8
PATIENCE_S = 1.0
"""How long a person waits before they are told that something is being done."""

Progress = Callable[[str], Awaitable[None]]
"""Shows these words in the place of the answer that is still to come. Never raises."""


class Stale(Exception):
    """The facts that a button stated are no longer true, or the button was never ours. Nothing was done."""


class Guard:
    """Makes and checks the tags of do addresses. Any current key is accepted, the first one signs."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [hashlib.sha256(b"rapport:tag:" + key.encode()).digest() for key in keys]

    def tag(self, person_id: int, to: str, facts: Sequence[object]) -> str:
        return self._tag(self._keys[0], person_id, to, facts)

    def holds(self, tag: str, person_id: int, to: str, facts: Sequence[object]) -> bool:
        given = tag.encode(errors="replace")  # a forged one may hold anything
        return any(hmac.compare_digest(given, self._tag(key, person_id, to, facts).encode()) for key in self._keys)

    @staticmethod
    def _tag(key: bytes, person_id: int, to: str, facts: Sequence[object]) -> str:
        message = "\x1f".join([str(person_id), to, *(str(fact) for fact in facts)])
        digest = hmac.new(key, message.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:TAG_LENGTH]


class WindowKind(StrEnum):
    MESSAGE = "message"
    EPHEMERAL = "ephemeral"
    HOME = "home"
    MODAL = "modal"
    NONE = "none"  # nobody asked: a notice, or a page of ours


@dataclass(frozen=True)
class Window:
    """Where the turn came from and where its answer goes. All references are the platform's own.

    `notice` is true for a tap on a message that is kept as it is (a reminder, a receipt): the answer opens a new
    living message. `private` is false in a Slack channel or a Telegram group. `trigger` can open a modal; `view_ref` is
    the one that this came from, as it was at `view_state`.
    """

    kind: WindowKind = WindowKind.NONE
    chat_ref: str | None = None
    message_ref: str | None = None
    private: bool = True
    notice: bool = False
    trigger: str | None = None
    response_url: str | None = None
    view_ref: str | None = None
    view_state: str | None = None


@dataclass(frozen=True)
class Turn:
    """`stands` is the page that the chat showed before, `asked` whether a question was open there.

    `order` is that of its update; `late` when the chat shows what was said or done after it.
    """

    person: Person
    account: Account
    now: datetime
    key: str
    guard: Guard
    via: str
    window: Window = field(default_factory=Window)
    address: str = ""
    tag: str = ""
    led_to: str | None = None
    """Where an act of this same update led, when it was delivered before."""
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    stands: str = ""
    asked: bool = False
    order: float | None = None
    late: bool = False
    progress: Progress | None = None
    generation: int | None = None
    """Of the catalogue, as it was read together with the person: for a page that asks for nothing else before it."""
    practice_zone: str | None = None
    """The practice's, for a person whose own zone is not known."""
    written: Booking | None = None
    """As the act of this turn has just written it, for the page that is shown after it."""

    @property
    def zone(self) -> str:
        """The IANA name of the clock on which this person reads times: their own, else the practice's."""
        return self.person.zone or self.practice_zone or "UTC"

    def may(self, permission: Permission) -> bool:
        return may(self.person, permission)

    def do(self, *segments: Segment, stated: Sequence[object] = ()) -> str:
        """The address of an act as a button carries it. `stated`: the facts that the screen shows about it."""
        to = address(*segments)
        return address(to, self.guard.tag(self.person.id, to, stated))

    def require(self, *stated: object) -> None:
        """Every do begins with this: it raises `Stale` unless the button stated exactly these facts to this person."""
        if not self.states(*stated):
            raise Stale

    def states(self, *stated: object) -> bool:
        """Whether the button did, for an act that reads these facts under its own lock."""
        return self.guard.holds(self.tag, self.person.id, self.address, stated)

    def act(self, next_address: str) -> Act:
        return Act(self.key, self.person, self.via, self.now, next_address, self.button)

    @property
    def button(self) -> str | None:
        """The do address that was tapped, tag included; None for the answers of a form."""
        return None if self.values or not self.tag else f"{self.address}/{self.tag}"

    @asynccontextmanager
    async def slowly(self, words: str) -> AsyncIterator[None]:
        """Wraps work that may take longer than a second; after that these words are shown meanwhile."""
        if self.progress is None:
            yield
            return
        done = asyncio.Event()
        telling = asyncio.create_task(_tell_after(done, self.progress, words))
        try:
            yield
        finally:
            done.set()
            # The answer must not be overtaken by words that were sent before it.
            await telling


async def _tell_after(done: asyncio.Event, progress: Progress, words: str) -> None:
    try:
        await asyncio.wait_for(done.wait(), PATIENCE_S)
    except TimeoutError:
        await progress(words)
