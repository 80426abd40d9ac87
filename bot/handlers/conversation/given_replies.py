"""Follows the replies that were given, in which message each stands, and what platforms tell of their people."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bot.chat.channel import Incoming, Reply, Sent
from bot.chat.remembered import Remembered
from bot.chat.screen import Kept
from bot.chat.turn import Progress
from bot.chat.words import known_language, speaking
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.people import Account, Profile, Unreachable
from bot.handlers.conversation import commands
from bot.handlers.kit import unreadable
from bot.services.desk import Desk
from storage.engine import StorageAway

MOST = 5000
"""Messages that this process made the ones about a booking, of which a turn that began before does not know."""


class GivenReplies:
    """The part of `bot.chat.channel.Front` beside turns."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._now = now
        self._kept: Remembered[tuple[int, str], bool] = Remembered(MOST)

    async def unmet(self, incoming: Incoming, error: Exception, trail: list[dict[str, Any]]) -> Reply:
        """Answer somebody of whom no more can be read than where they write. Raises the error where not even that is
        known."""
        account = await self._desk.conversations.account_of(incoming.profile)
        if account is None:
            raise error
        language = known_language(incoming.profile.language)
        with speaking(language):
            screen = await unreadable.fault(self._desk, error, trail, self._now())
        return Reply(account, screen, language, new=True)

    async def shown(self, account: Account, message_ref: str | None, key: str | None = None) -> None:
        await self._desk.conversations.living(account.id, message_ref, key)

    async def is_living(self, account: Account, message_ref: str) -> bool:
        try:
            return await self._desk.replies.is_living(account, message_ref, self._now())
        except StorageAway:
            return True

    async def drawn_over(self, account: Account, message_ref: str) -> None:
        with suppress(StorageAway):  # it is drawn when anything of it changes
            await self._desk.replies.redraw(account, message_ref, self._now())

    async def kept(self, account: Account, what: Kept, sent: Sent, key: str | None = None) -> str | None:
        self._kept.put((account.id, sent.message_ref), True)
        kind = NoticeKind(what.kind)
        return await self._desk.replies.adopt(
            account, kind, what.subject, sent.chat_ref, sent.message_ref, self._now(), key, what.until
        )

    def keeps(self, account: Account, message_ref: str) -> bool:
        return self._kept.get((account.id, message_ref)) is not None

    def progress(self, incoming: Incoming, account: Account, living_ref: str | None) -> Progress | None:
        """Tells of slow work only where the answer will stand: no other message is written over."""
        tell, where = incoming.progress, incoming.window.message_ref
        if tell is None or where is None or where != living_ref:
            return None

        async def told(words: str) -> None:
            if not self.keeps(account, where):
                await tell(words)

        return told

    async def unseen(self, reply: Reply, seconds: float) -> None:
        if reply.screen.kept is None:  # what is kept has a row of its own in the outbox
            after = timedelta(seconds=seconds)
            await self._desk.replies.say_again(reply.account, reply.screen.address or "", self._now(), after)

    async def reachable(self, profile: Profile, why_not: Unreachable | None) -> None:
        await self._desk.people.reachable(profile, why_not, self._now())

    async def profile_changed(self, profile: Profile) -> None:
        await self._desk.people.follow_profile(profile, self._now())

    async def workspace_gone(self, workspace: str, at: datetime | None) -> None:
        await self._desk.workspaces.gone(workspace, self._now(), at)

    def menu(self, language: str, roles: Sequence[str]) -> Sequence[tuple[str, str]]:
        with speaking(language):
            return commands.menu(roles)
