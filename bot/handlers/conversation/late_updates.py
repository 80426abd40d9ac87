"""Recognises updates that arrive after the person's next one: second deliveries, and first ones that took long."""

from typing import Any

from bot.chat.channel import Incoming
from bot.chat.forms import OpenForm
from bot.chat.router import Router
from bot.chat.turn import Window, WindowKind
from bot.domain.people.conversations import Conversation
from bot.handlers.conversation import commands
from bot.handlers.conversation.form_flow import is_step


def order(incoming: Incoming, conversation: Conversation) -> float | None:
    """None for what goes on with its own form, which is on its way since a process died: that is never late."""
    form = conversation.form
    its_own = form is not None and OpenForm.from_json(form).sent_by == incoming.key
    return None if its_own else incoming.order


def is_late(window: Window, order: float | None, conversation: Conversation) -> bool:
    """Only the private chat has an order; a Home, a modal or a group shows what was asked for there."""
    return window.kind is WindowKind.MESSAGE and window.private and conversation.is_past(order)


def acts(incoming: Incoming, router: Router[Any]) -> bool:
    """Whether a late update is done all the same, since it needs no context: a button's act, a command with words.

    A page that was asked for was followed by another one; words were said to a page or a question of their time.
    """
    if incoming.command is not None:
        found = commands.find(router, incoming.command, incoming.text or "")
        return found is not None and bool(found.words) and found.form_at is not None
    to = incoming.address
    return to is not None and not is_step(incoming) and not router.is_show(to)
