"""What App Home shows: what the last act there came to, until the next tap, and the home page otherwise."""

from dataclasses import replace
from typing import Any

from bot.chat.channel import Incoming
from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Turn
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.conversations import Conversation
from bot.services.desk import Desk


async def opened(turn: Turn, router: Router[Any], conversation: Conversation) -> Screen:
    """Slack tells of each time that somebody looks at it, which is no reason to take an outcome away."""
    if conversation.home_note is None or conversation.home_address is None:
        return await router.visit(turn, "home")
    screen = await router.visit(turn, conversation.home_address)
    return replace(screen, note=conversation.home_note or screen.note)


async def remember(
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
