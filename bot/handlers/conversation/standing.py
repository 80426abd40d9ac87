"""Stores which page chat and Home show after a turn, and which updates were answered.

Home shows what the last act there came to, until the next tap, and the home page otherwise.
"""

from dataclasses import replace
from typing import Any

from bot.chat.channel import Incoming
from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Turn, WindowKind
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.conversations import Conversation
from bot.handlers.conversation import late_updates
from bot.handlers.conversation.form_flow import Overtaken
from bot.services.desk import Desk
from bot.services.people.people import Met
from storage.engine import StorageAway

HELP = "help"


class Standing:
    def __init__(self, desk: Desk, router: Router[Any]) -> None:
        self._desk = desk
        self._router = router

    async def remember(self, incoming: Incoming, met: Met, turn: Turn, screen: Screen) -> str | None:
        """Store it, so that typed words and `/help` are about the page that is shown; the living message of now.

        A database that can be read only still shows its pages; what was done before is done.
        Raises `Overtaken` where another copy of this update is being answered, or something newer was.
        """
        try:
            return await self._remember(incoming, met, turn, screen)
        except StorageAway:
            return met.conversation.living_ref

    async def _remember(self, incoming: Incoming, met: Met, turn: Turn, screen: Screen) -> str | None:
        """`/help` is no such page. What is shown in a window leaves the page that it lies over as it was; a day or time
        that is typed after days and times were shown there is about those."""
        living_ref = met.conversation.living_ref
        at = screen.address
        over = (screen.is_step and incoming.modals) or incoming.stays_in_window
        if over and (screen.picker is None or is_home(incoming)):
            await self._opens(incoming, met)
            return living_ref
        if is_home(incoming):
            await _remember_home(self._desk, turn, self._router, incoming, met.conversation, screen)
            return living_ref
        private = turn.window.private
        news = at not in {None, HELP, met.conversation.chat_address} and private and self._router.is_show(at or "")
        if incoming.key in met.conversation.answered:
            late_updates.require_last(incoming, await self._desk.conversations.find(turn.account.id, turn.now))
            return living_ref
        if not (news or late_updates.is_below(incoming)):
            return living_ref
        order = turn.order if private else met.conversation.newest
        elsewhere = (over and not late_updates.may_be_wanted_again(incoming)) or not private
        answered = await self._desk.conversations.answers(
            turn.account.id, incoming.key, at if news else None, order, shown=elsewhere
        )
        if answered is None or (news and answered.chat_address != at):
            raise Overtaken
        return answered.living_ref

    async def _opens(self, incoming: Incoming, met: Met) -> None:
        """A second delivery opens no window, nor asks in the chat what the first one asks: its trigger is spent."""
        if late_updates.may_be_wanted_again(incoming):
            return
        found = met.conversation
        opened = await self._desk.conversations.answers(found.account_id, incoming.key, None, found.newest, shown=True)
        if opened is None:
            raise Overtaken


def is_home(incoming: Incoming) -> bool:
    return incoming.home or incoming.window.kind is WindowKind.HOME


async def home_opened(turn: Turn, router: Router[Any], conversation: Conversation) -> Screen:
    """Slack tells of each time that somebody looks at it, which is no reason to take an outcome away."""
    if conversation.home_note is None or conversation.home_address is None:
        return await router.visit(turn, "home")
    screen = await router.visit(turn, conversation.home_address)
    return replace(screen, note=conversation.home_note or screen.note)


async def _remember_home(
    desk: Desk, turn: Turn, router: Router[Any], incoming: Incoming, before: Conversation, screen: Screen
) -> None:
    """Store where Home stands now, and whether an act led there."""
    if incoming.home and before.home_note is not None:
        return
    to = incoming.address
    acted = incoming.answers is not None or (to is not None and not router.is_show(to))
    note = (screen.note or "") if acted else None
    await desk.conversations.at_home(turn.account.id, screen.address or "home", note)
    if screen.kept is not None:  # Home holds no messages: the one about it is sent without waiting
        what = screen.kept
        await desk.replies.say_now(turn.account, NoticeKind(what.kind), what.subject, turn.now)
