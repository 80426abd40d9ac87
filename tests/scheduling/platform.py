"""A chat platform that remembers what it was sent and fails on request, and the senders of a process."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.channel import NoHistory, Sent
from bot.chat.limits import Limits
from bot.chat.screen import Line, Screen
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import OutboxRow
from bot.domain.people.people import Account, Platform
from bot.domain.subjects import Subject
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from storage.engine import Storage
from storage.notices import outbox
from tests.services.bare_practice import CLIENT, NOW
from tests.services.selling_practice import SellingPractice
from tests.support.leases import time_passes


@dataclass
class Wire:
    """What arrived in which chat. `troubles` are raised in turn, `blind` when it is searched, `lost_answers`
    after arrival; `meanwhile` happens while a message is on its way."""

    platform: Platform = Platform.TELEGRAM
    limits: Limits = field(default_factory=Limits)
    readable: bool = False
    chats: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[str, Sent] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    lost_answers: list[BaseException] = field(default_factory=list)
    blind: list[Exception] = field(default_factory=list)
    edits: list[tuple[str, str]] = field(default_factory=list)
    answering: bool = True
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        if self.troubles:
            raise self.troubles.pop(0)
        if self.meanwhile is not None:
            await self.meanwhile()
        chat = to.chat_ref or to.user_ref
        self.chats[chat].append(screen.title)
        sent = Sent(chat, str(sum(map(len, self.chats.values()))))
        self.keys[key] = sent
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return sent

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.edits.append((sent.message_ref, screen.title))

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        if self.blind:
            raise self.blind.pop(0)
        if not self.readable:
            raise NoHistory
        return self.keys.get(key)

    async def answers(self) -> bool:
        return self.answering

    async def publish_home(self, to: Account, screen: Screen) -> None:
        return None


class Post:
    """A process that sends. `shown` says what an address shows, its own text by default."""

    def __init__(self, storage: Storage, *wires: Wire) -> None:
        self.storage = storage
        self.now = NOW
        self.wire = wires[0]
        self.shown: dict[str, Screen | Exception | None] = {}
        channels = {wire.platform: wire for wire in wires}
        self.sending = Sending(storage, channels, self.visit, lambda: self.now, Pace())
        self.deliveries = Deliveries(self.sending)

    async def visit(self, person_id: int, account: Account, address: str) -> Screen | None:
        shown = self.shown.get(address, Screen(address, (Line(str(person_id)),)))
        if isinstance(shown, Exception):
            raise shown
        return shown

    async def sweep(self, after: timedelta = timedelta()) -> int:
        if after:
            self.now += after
            await time_passes(self.storage, after.total_seconds())
        return await self.deliveries.sweep()

    async def woken(self) -> None:
        """Until what a wake began has come to its end."""
        assert self.deliveries._woken is not None
        await asyncio.wait_for(asyncio.shield(self.deliveries._woken), 30)

    async def put(
        self, person_id: int, text: str, kind: NoticeKind = NoticeKind.OPENED, *, expires: datetime | None = None,
        due: datetime | None = None, subject: Subject | None = None,
    ) -> int:  # fmt: skip
        notice = Notice(f"key:{text}:{person_id}", person_id, kind, text, due or self.now, expires, subject)
        made = await self.storage.write(lambda tx: outbox.put(tx, notice, self.now))
        assert made is not None
        return made

    async def row(self, row_id: int) -> OutboxRow:
        found = await self.storage.read(lambda tx: outbox.find(tx, row_id))
        assert found is not None
        return found


async def client_id(selling_practice: SellingPractice) -> int:
    return (await selling_practice.meet(CLIENT)).id
