"""Reads words that are typed outside of a question, in one order for everybody."""

from dataclasses import replace

from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.conversations import Conversation
from bot.handlers.bookings import typed_times
from bot.handlers.conversation import human_contact
from bot.handlers.conversation.form_flow import Asking
from bot.handlers.conversation.typed import typed_labels, typed_replies, typed_words
from bot.services.desk import Desk

START = "start"


class Typing:
    """Words are, in this order: another answer to a page of choices, the label of a shown button, a line for a coach's
    hours, a sentence or a time, a city where the clock was asked, an answer to what somebody wrote just now."""

    def __init__(self, desk: Desk, router: Router[Desk], asking: Asking) -> None:
        self._desk = desk
        self._router = router
        self._asking = asking

    async def screen(self, turn: Turn, conversation: Conversation) -> Screen:
        understood = await self._understood(turn)
        if understood is not None:
            if conversation.misses:
                await self._desk.conversations.understood(turn.account.id, turn.now)
            return understood
        if turn.led_to is not None:
            return await self._router.visit(turn, turn.led_to)
        await self._desk.conversations.missed(turn.account.id, turn.now, turn.order)
        human = await human_contact.not_understood(turn, self._desk)
        at = turn.stands if self._router.is_show(turn.stands) else START
        shown = await self._router.visit(turn, at)
        first = shown if shown.form is None and not shown.over else await self._router.visit(turn, START)
        return typed_words.not_understood(first, turn.text, conversation.misses + 1, human)

    async def _understood(self, turn: Turn) -> Screen | None:
        meant = await self._asking.meant(turn, turn.text)
        if meant is not None or turn.led_to is not None:
            return meant
        button = await typed_labels.button(turn, self._router)
        if button is not None and typed_labels.loses(button, self._router):
            note = _("Please tap the button for this: it cannot be undone.")
            return replace(await self._router.visit(turn, turn.stands), note=note)
        if button is not None:
            return await self._router.visit(turn, button.to)
        line = typed_words.line_of_hours(turn)
        if line is not None:
            return await self._asking.line(turn, "hours/line", line)
        to = typed_words.read(turn, self._router)
        if to is not None:  # a page that reads words itself is given only those that begin with its own
            return await self._router.visit(turn if to == "today" else replace(turn, text=""), to)
        clock_page = typed_times.clock_page(turn)
        meant = None if clock_page is None else await self._asking.meant(replace(turn, stands=clock_page), turn.text)
        if meant is not None:
            return meant
        answers = await typed_replies.just_now(turn, self._desk)
        return None if answers is None else await self._router.visit(turn, answers)
