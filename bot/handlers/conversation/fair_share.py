"""Who is answered while more is asked than can be answered at once: nobody takes the part of the others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.chat.buckets import Buckets
from bot.chat.channel import Incoming, Reply
from bot.chat.words import speaking
from bot.domain.people.people import Platform, Profile
from bot.handlers.conversation import late_updates
from bot.handlers.kit import failures
from bot.services.desk import Desk

BUSY = 16
"""Turns under way. With fewer, nobody waits for anybody: whoever asks a lot is answered all the same."""

PERSON_BURST, PERSON_A_SECOND = 40, 2
WORKSPACE_BURST, WORKSPACE_A_SECOND = 400, 20
TOLD_A_SECOND = 1 / 60


class FairShare:
    """Counts the turns of each person and of each workspace; a person has one part on each of their accounts."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._under_way = 0
        self._persons = Buckets[tuple[Platform, str, str]](PERSON_BURST, PERSON_A_SECOND, monotonic)
        self._workspaces = Buckets[tuple[Platform, str]](WORKSPACE_BURST, WORKSPACE_A_SECOND, monotonic)
        self._told = Buckets[tuple[Platform, str, str]](1, TOLD_A_SECOND, monotonic)

    def admits(self, profile: Profile) -> bool:
        """Whether a turn of this account is taken now. It counts against them also while there is room."""
        person = self._persons.take((profile.platform, profile.workspace, profile.user_ref))
        # Everybody on Telegram is in no workspace: there they have nothing to share.
        together = not profile.workspace or self._workspaces.take((profile.platform, profile.workspace))
        return (person and together) or self._under_way < BUSY

    async def refuse(self, incoming: Incoming, desk: Desk, now: datetime) -> Reply | None:
        """What somebody who is not admitted reads: once a minute, since it costs an answer, else nothing."""
        profile = incoming.profile
        if not self._told.take((profile.platform, profile.workspace, profile.user_ref)):
            return None
        met = await desk.people.meet(profile, now, incoming.key)
        if met is None:
            return None
        with speaking(met.person.language):
            screen = failures.too_much()
        new = late_updates.is_below(incoming)
        return Reply(met.account, screen, met.person.language, met.conversation.living_ref, new=new, key=incoming.key)

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
