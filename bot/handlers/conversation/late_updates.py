"""Recognises second deliveries, and updates that arrive after the person's next one."""

from typing import Any

from bot.chat.channel import Incoming
from bot.chat.forms import OpenForm
from bot.chat.router import Router
from bot.chat.turn import Turn, WindowKind
from bot.domain.people.conversations import Conversation
from bot.handlers.conversation import commands
from bot.handlers.conversation.form_flow import Overtaken, is_step

LOOKS, SECONDS_APART = 36, 0.05
"""How long another copy that is being answered is waited for: a platform that is slow or asks to wait takes seconds."""

LOOKS_FOR_A_CHANGE = 5
"""Of those, where the answer changes a message."""


def order(incoming: Incoming, conversation: Conversation) -> float | None:
    """None for what goes on with its own form, which is on its way since a process died: that is never late."""
    form = conversation.form
    its_own = form is not None and OpenForm.from_json(form).sent_by == incoming.key
    return None if its_own else incoming.order


def is_late(incoming: Incoming, order: float | None, conversation: Conversation) -> bool:
    """Only the private chat has an order; a Home, a modal or a group shows what was asked for there."""
    if incoming.window.kind is not WindowKind.MESSAGE or not incoming.window.private:
        return False
    return incoming.key in conversation.answered or conversation.is_past(order)


def is_below(incoming: Incoming) -> bool:
    """Whether the answer is a new message: to words, and to a tap on a message that stays as it is."""
    return (incoming.address is None and incoming.answers is None) or incoming.window.notice


def may_be_wanted_again(incoming: Incoming) -> bool:
    """Whether the platform takes the answer from the response to what was sent: the second delivery brings it, where
    whoever carried the first one lost it."""
    return incoming.submitted or incoming.answers is not None


def stands_already(incoming: Incoming, conversation: Conversation, tries: int) -> bool:
    """Whether a second delivery finds its answer in the chat, or what came after it. One on its way is waited for.

    Raises `Overtaken`, for the first `tries`; then its process is taken for dead, and the answer is shown. Where it
    changes a message nobody tells that it stands, so less time is given to it: shown twice it does no harm.
    """
    if incoming.home or incoming.key not in conversation.answered:
        return False
    if incoming.key != conversation.answered[0] or conversation.shown == incoming.key:
        return True
    if tries < (LOOKS if is_below(incoming) or incoming.submitted else LOOKS_FOR_A_CHANGE):
        raise Overtaken
    return False


def require_last(incoming: Incoming, conversation: Conversation) -> None:
    """Raises `Overtaken` where the person went on while the answer to a second delivery was made, which takes a moment:
    what stands in the chat by now may be the message about a booking."""
    if conversation.answered[:1] != (incoming.key,):
        raise Overtaken


def only_shows(incoming: Incoming, turn: Turn, conversation: Conversation, router: Router[Any]) -> bool:
    """Whether a late update does nothing any more: what the chat stands at is its answer."""
    if not turn.late:
        return False
    return incoming.key in conversation.answered or turn.led_to is not None or not _acts(incoming, router)


def _acts(incoming: Incoming, router: Router[Any]) -> bool:
    """Whether a late update is done all the same, since it needs no context: a button's act, a command with words.

    A page that was asked for was followed by another one; words were said to a page or a question of their time.
    """
    if incoming.command is not None:
        found = commands.find(router, incoming.command, incoming.text or "")
        return found is not None and bool(found.words) and found.form_at is not None
    to = incoming.address
    return to is not None and not is_step(incoming) and not router.is_show(to)
