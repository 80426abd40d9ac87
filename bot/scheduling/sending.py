"""Sends one outbox row: checks that it still holds, marks the intent, sends, marks the outcome."""

import asyncio
import hashlib
import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.channel import (
    Away,
    CannotReach,
    Channel,
    FellOver,
    NoHistory,
    NotDelivered,
    PerhapsDelivered,
    Sent,
    ShutOut,
    TooMany,
    TryLater,
)
from bot.chat.elsewhere import elsewhere
from bot.chat.screen import Screen
from bot.chat.words import DEFAULT_LANGUAGE, speaking
from bot.domain.notices.notices import RULES, copy_of
from bot.domain.notices.outgoing import OutboxRow
from bot.domain.notices.ways import Reach, copied_to, wanted, ways
from bot.domain.people.people import Account, Platform
from bot.domain.records import Why
from bot.scheduling.failed_messages import REFUSED, REPEATS, UNREACHABLE, End, failed, give_up
from bot.scheduling.outages import Outages
from bot.scheduling.pace import Held, Pace
from storage.engine import BadRow, CannotRead, Storage, Tx
from storage.journal.leases import Lease
from storage.notices import outbox
from storage.people import person_changes
from storage.sealing import Unreadable

log = logging.getLogger(__name__)

Visit = Callable[[int, Account, str], Awaitable[Screen | None]]
"""Shows an address to a person on an account, in their language; None: it is no longer so."""

LEASE_NAME = "sender"
INTENT_SECONDS = 60
"""A row whose intent was marked this long ago, without an outcome, may be out: somebody else looks into it."""

FRESH_SECONDS = 5.0
"""An intent is good for as long: a process that was stopped since (a debugger, a machine that slept) marks it again,
and finds that another one sends by now. With the longest call it stays below INTENT_SECONDS."""

ANSWERED_SECONDS = 2
"""A platform that answers that it fell over has done by then what it will do of it."""

SWITCHED_OFF = "switched_off"
"""Its reader wants to be told nothing of the kind."""

CHANNEL_OFF = timedelta(minutes=5)
_CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True)
class Sender:
    """The sending lease that this process holds."""

    owner: str
    epoch: int


def digest(screen: Screen) -> str:
    """A hash of a screen; screens that look equal have the same."""
    looks = replace(screen, address=None, form=None, until=None)
    return hashlib.sha256(repr(looks).encode()).hexdigest()[:32]


def _those(row: OutboxRow, reach: Reach) -> list[Account]:
    """The accounts that a row may go to, in the order in which they are tried."""
    if row.account_id is None:
        return ways(reach, row.notice.kind)
    return [account for account in reach.accounts if account.id == row.account_id]


class Sending:
    """Sends rows: needs the database, the platforms, a way to draw an address, a clock and a pace."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[Platform, Channel],
        visit: Visit,
        now: Callable[[], datetime],
        pace: Pace,
    ) -> None:
        self.storage = storage
        self.channels = channels
        self.visit = visit
        self.now = now
        self.pace = pace
        self.outages = Outages(pace)
        self.stopping = False

    def cannot_show(self, row: OutboxRow, why: CannotRead | Unreadable) -> None:
        """Set aside what a message is about, which cannot be read, and the message, which waits for it."""
        if isinstance(why, CannotRead):
            self.storage.set_aside(why.bad)
        self.storage.set_aside(BadRow("outbox", str(row.id), Why.CONTENTS))

    async def deliver(self, row: OutboxRow, sender: Sender, reach: Reach) -> None:
        """Bring a claimed row to an end, or to another time. `reach` is the person's. Raises what `visit` raises."""
        if row.notice.expires is not None and self.now() >= row.notice.expires:
            await self._end(row, sender, outbox.mark_dropped, "too_late")
            return
        accounts = _those(row, reach)
        if row.again and await self._settled(row, sender, accounts, reach):
            return
        if row.account_id is None and not wanted(reach.preferences, row.notice.kind):
            await self._end(row, sender, outbox.mark_dropped, SWITCHED_OFF)
            return
        open_ones = [account for account in accounts if account.unreachable is None]
        for account in open_ones:
            channel = self.channels.get(account.platform)
            if channel is None:
                continue
            try:
                screen = await self._made_ready(row, sender, account, channel)
            except Held as held:
                await self._later(row, sender, timedelta(seconds=held.seconds))
                return
            if screen is None or await self._send(row, sender, account, channel, screen, reach):
                return
        if any(account.platform not in self.channels for account in open_ones):
            await self._later(row, sender, CHANNEL_OFF)
            return
        await self._give_up(row, sender, outbox.mark_dead, UNREACHABLE)

    async def _settled(self, row: OutboxRow, sender: Sender, accounts: Sequence[Account], reach: Reach) -> bool:
        """Settle a row that may be out already: look for its message. Where nobody can look it is repeated once, and
        never where it asks for money or is a repetition itself."""
        since = row.notice.due - _CLOCKS_APART
        blind = not accounts
        for account in accounts:
            channel = self.channels.get(account.platform)
            try:
                if channel is None:
                    raise NoHistory
                found = await channel.find(account, row.notice.key, since)
            except TryLater as later:
                await self._look_again(row, sender, math.ceil(later.seconds))
                return True
            except NotDelivered:
                blind = True
                continue
            if found is not None:
                # What it said is not known: an empty digest has it shown again at the next correction.
                await self._sent(row, sender, account, found, "", row.notice.expires, reach)
                return True
        if not blind:
            await self._failed(row, sender, "not_there")
            return True
        rule = RULES[row.notice.kind]
        if rule.asks_for_money or rule.says_again or row.perhaps >= REPEATS:
            await self._give_up(row, sender, outbox.mark_uncertain, "perhaps_sent")
            return True
        # Better twice than a missed session; the row keeps that it may have been.
        await self.storage.write(lambda tx: outbox.mark_doubtful(tx, row.id, sender.owner, "perhaps_twice"))
        return False

    async def _made_ready(self, row: OutboxRow, sender: Sender, account: Account, channel: Channel) -> Screen | None:
        """What to send now, the intent marked; None when nothing is to be sent. Raises `Held`."""
        first = not RULES[row.notice.kind].planned
        async with self.pace.place(account, first=first):
            if self.stopping:
                await self._later(row, sender, timedelta())
                return None
            await self.outages.back(account, row.id, channel.answers)
            screen = await self.visit(row.notice.person_id, account, row.notice.address)
            if screen is None or screen.over:
                await self._end(row, sender, outbox.mark_dropped, "no_longer_so")
                return None
            async with self.pace.next(account, first=first):
                return screen if await self._may_go(row, sender, account) else None

    async def _may_go(self, row: OutboxRow, sender: Sender, account: Account) -> bool:
        """Wait for the message's turn, and check that its marked intent still holds."""
        fresh = self._from_now()
        if not await self._intend(row, sender):
            return False
        await self.pace.turn(account)
        if fresh():
            return True
        fresh = self._from_now()
        if await self._intend(row, sender) and fresh():
            return True
        await self._later(row, sender, timedelta())  # it surely did not go out
        return False

    def _from_now(self) -> Callable[[], bool]:
        """Whether an intent marked now is still good, by both clocks: only one counts the sleep of a machine."""
        loop = asyncio.get_running_loop()
        clock, ticks = self.now(), loop.time()

        def fresh() -> bool:
            return max((self.now() - clock).total_seconds(), loop.time() - ticks) < FRESH_SECONDS

        return fresh

    async def _intend(self, row: OutboxRow, sender: Sender) -> bool:
        """False when the row was cancelled, or another process sends by now."""
        held = Lease(LEASE_NAME, sender.owner, sender.epoch)
        return await self.storage.write_one(
            lambda tx: outbox.mark_sending(tx, row.id, sender.owner, INTENT_SECONDS, held)
        )

    async def _send(
        self, row: OutboxRow, sender: Sender, account: Account, channel: Channel, screen: Screen, reach: Reach
    ) -> bool:
        """False when this account cannot be written to and the next one is to be tried."""
        try:
            sent = await channel.send(account, screen, key=row.notice.key)
        except (FellOver, PerhapsDelivered) as unsure:
            # The intent stays marked: when its lease is over the row comes back as one that may be out.
            log.warning("perhaps sent", extra={"ids": {"outbox": row.id}})
            if isinstance(unsure, FellOver):
                self.outages.fell_over(account, row.id)
                await self._look_again(row, sender, max(ANSWERED_SECONDS, round(unsure.asked_s)))
        except TryLater as later:
            await self._put_off(row, sender, account, later)
        except CannotReach as refused:
            why = refused.why
            await self.storage.write(lambda tx: person_changes.set_unreachable(tx, account.id, why))
            return False
        else:
            self.outages.got_through(account, row.id)
            if not await self._sent(row, sender, account, sent, digest(screen), screen.until, reach):
                await self._point(row, account, channel, screen, sent)
        return True

    async def _put_off(self, row: OutboxRow, sender: Sender, account: Account, later: TryLater) -> None:
        """It did not go out. While the platform is away, for everybody, that is no failure of this message."""
        if isinstance(later, Away | ShutOut):
            away_s = self.outages.wait(account, row.id)
            if away_s is not None:
                await self._later(row, sender, timedelta(seconds=away_s))
                return
        wait = max(1.0, later.seconds)
        if isinstance(later, TooMany):
            self.pace.refused(account, wait)
        await self._failed(row, sender, "refused", wait)

    async def _sent(
        self, row: OutboxRow, sender: Sender, account: Account, sent: Sent, said: str, until: datetime | None,
        reach: Reach,
    ) -> bool:  # fmt: skip
        now = self.now()
        copy = None if row.account_id is not None else copied_to(reach, row.notice.kind, account)

        def work(tx: Tx) -> bool:
            marked = outbox.mark_sent(
                tx, row.id, sender.owner,
                account_id=account.id, chat_ref=sent.chat_ref, message_ref=sent.message_ref,
                digest=said, now=now, until=until,
            )  # fmt: skip
            if marked and copy is not None:
                outbox.put(tx, copy_of(row.notice, now), now, account_id=copy.id)
            return marked

        return await (self.storage.write_one(work) if copy is None else self.storage.write(work))

    async def _point(self, row: OutboxRow, account: Account, channel: Channel, screen: Screen, sent: Sent) -> None:
        """The answer to the act was shown while this was on its way, and is the one message about it: lead there."""
        found = await self.storage.read(lambda tx: outbox.find(tx, row.id))
        with speaking(screen.language or DEFAULT_LANGUAGE):
            words = None if screen.kept is None else elsewhere(screen.kept, below=False)
        if found is None or found.account_id != account.id or found.message_ref in {None, sent.message_ref}:
            log.warning("sent, and taken over by another", extra={"ids": {"outbox": row.id}})
        elif words is not None:
            await channel.edit(account, sent, words)

    async def _later(self, row: OutboxRow, sender: Sender, wait: timedelta) -> None:
        due = self.now() + wait
        await self.storage.write_one(lambda tx: outbox.mark_later(tx, row.id, sender.owner, due))

    async def _look_again(self, row: OutboxRow, sender: Sender, seconds: int) -> None:
        await self.storage.write_one(
            lambda tx: outbox.look_again(tx, row.id, sender.owner, min(seconds, INTENT_SECONDS))
        )

    async def _end(self, row: OutboxRow, sender: Sender, mark: End, note: str) -> None:
        await self.storage.write_one(lambda tx: mark(tx, row.id, sender.owner, note))

    async def _failed(self, row: OutboxRow, sender: Sender, note: str, wait_s: float = 0) -> None:
        now = self.now()
        await self.storage.write(lambda tx: failed(tx, row, sender.owner, now, REFUSED, note, wait_s))

    async def _give_up(self, row: OutboxRow, sender: Sender, end: End, note: str) -> None:
        now = self.now()
        await self.storage.write(lambda tx: give_up(tx, row, sender.owner, end, note, now))
