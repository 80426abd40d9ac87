"""Answers everything that a person says or does, the same way for every platform.

Each update becomes an address (a tap carries one; commands and words are looked up), the router visits it, and the
screen goes back to the window that the update came from.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat import loggable
from bot.chat.channel import Incoming, Reply
from bot.chat.moments import joined
from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Guard, Turn
from bot.chat.words import _, current_language, speaking
from bot.handlers.conversation import commands, help_page, late_updates
from bot.handlers.conversation.fair_share import FairShare
from bot.handlers.conversation.first_steps import greeted
from bot.handlers.conversation.form_flow import Asking, Overtaken, is_step, with_open_form
from bot.handlers.conversation.given_replies import GivenReplies
from bot.handlers.conversation.standing import HELP, Standing, home_opened, is_home
from bot.handlers.conversation.typed import typed_replies, typed_words
from bot.handlers.conversation.typed.typing import Typing
from bot.handlers.kit import clock, failures, unreadable
from bot.handlers.kit.typed import card_numbers
from bot.logs import begin_trail
from bot.services.desk import Desk
from bot.services.people.people import Met
from storage.engine import BadRow, StorageAway, meeting

log = logging.getLogger(__name__)

START = "start"


class ChatFront(GivenReplies):
    """Implements `bot.chat.channel.Front`.

    `answering` is called when a turn begins, `wrote` when it has ended: there may be messages to send. `monotonic` is
    the clock by which somebody who asked a lot may ask again.
    """

    def __init__(
        self,
        desk: Desk,
        router: Router[Desk],
        guard: Guard,
        now: Callable[[], datetime],
        wrote: Callable[[], None],
        answering: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = lambda: 0.0,
    ) -> None:
        super().__init__(desk, now)
        self._answering = answering
        self._wrote = wrote
        self._router = router
        self._guard = guard
        self._asking = Asking(desk, router)
        self._standing = Standing(desk, router)
        self._share = FairShare(monotonic)
        self._typing = Typing(desk, router, self._asking)

    async def turn(self, incoming: Incoming) -> Reply | None:
        """Answer one update. Another one of the same person at the same moment is done before it or after it."""
        if not self._share.admits(incoming.profile):
            return await self.turned_away(incoming)
        self._answering()
        patience = late_updates.LOOKS
        with self._share.taking_part():
            while True:
                try:
                    with meeting() as left_out:
                        return await self._take(incoming, patience, left_out)
                except Overtaken:
                    patience -= 1
                    await asyncio.sleep(late_updates.SECONDS_APART)

    async def turned_away(self, incoming: Incoming) -> Reply | None:
        trail = begin_trail()
        try:
            return await self._share.refuse(incoming, self._desk, self._now())
        except StorageAway:
            raise
        except Exception as error:  # noqa: BLE001 - as in `_take`
            return await self.unmet(incoming, error, trail)

    async def _take(self, incoming: Incoming, patience: int, left_out: Sequence[BadRow]) -> Reply | None:
        """Raises `Overtaken` and `StorageAway`; with no more `patience` whoever is waited for is taken for dead."""
        trail = begin_trail()
        now = self._now()
        try:
            met = await self._desk.people.meet(incoming.profile, now, incoming.key)
        except StorageAway:
            raise
        except Exception as error:  # noqa: BLE001 - as below, to somebody of whom no more is known than where they write
            return await self.unmet(incoming, error, trail)
        if met is None:
            return None
        met = with_open_form(met, incoming.key, patience)
        if late_updates.stands_already(incoming, met.conversation, late_updates.LOOKS - patience):
            return None
        who = {"person": met.person.id, "account": met.account.id}
        log.info("turn", extra={"ids": who | loggable.ids(self._router, incoming)})
        with speaking(met.person.language):
            try:
                turn = await clock.with_practice_zone(self._turn(incoming, met, now), self._desk)
                reply = await self._answer_turn(incoming, met, turn)
                screen = await unreadable.told_of(turn, self._desk, reply.screen, left_out)
                return reply if screen is reply.screen else replace(reply, screen=screen)
            except (StorageAway, Overtaken):
                raise
            except Exception as error:  # noqa: BLE001 - the person is told, with a reference that leads to the trail
                screen = await unreadable.fault(self._desk, error, trail, now)
                below, living = late_updates.is_below(incoming), met.conversation.living_ref
                return Reply(met.account, screen, met.person.language, living, new=below, key=incoming.key)
            finally:
                self._wrote()

    def _turn(self, incoming: Incoming, met: Met, now: datetime) -> Turn:
        order = late_updates.order(incoming, met.conversation)
        return Turn(
            person=met.person,
            account=met.account,
            now=now,
            key=incoming.key,
            led_to=met.led_to,
            generation=met.generation,
            guard=self._guard,
            via=met.account.platform.value,
            window=incoming.window,
            text=incoming.text or "",
            stands=_stands(incoming, met),
            asked=met.conversation.form is not None and incoming.window.private,
            order=order,
            late=late_updates.is_late(incoming, order, met.conversation),
            progress=self.progress(incoming, met.account, met.conversation.living_ref),
        )

    async def _answer_turn(self, incoming: Incoming, met: Met, turn: Turn) -> Reply:
        if incoming.answers is not None:
            return await self._submitted(incoming, met, turn)
        again = late_updates.only_shows(incoming, turn, met.conversation, self._router)
        shown = self._asking.as_it_stands(turn, met.conversation) if again else self._screen(incoming, met, turn)
        screen = await shown
        if incoming.modals and screen.picker is not None and screen.picker.first is not None:
            screen = replace(await self._router.visit(turn, screen.picker.first), note=screen.note)
        if screen.form is not None and not incoming.modals and not incoming.home:
            screen = await self._asking.begin(turn, screen)
        elif screen.form is not None and is_step(incoming):  # the next question stands in a modal
            await self._desk.conversations.open_form(turn.account.id, None, turn.now, order=turn.order)
        living_ref = await self._standing.remember(incoming, met, turn, screen)
        screen = help_page.reachable(screen) if turn.window.private else screen
        return self._reply(incoming, met, screen, living_ref, again=again)

    async def _screen(self, incoming: Incoming, met: Met, turn: Turn) -> Screen:
        if incoming.home:
            return await home_opened(turn, self._router, met.conversation)
        if incoming.address is not None:
            if is_step(incoming):
                return await self._asking.tapped(turn, met.conversation, incoming.address)
            return await self._leaving(incoming, turn, met, incoming.address)
        if card_numbers.are_in(incoming):
            return await self._wordless(met, turn, card_numbers.words())
        if incoming.command is not None:
            return await self._command(incoming, met, turn)
        if incoming.payload is not None:
            to = await self._desk.sharing.resolve(incoming.payload, met.person, turn.now)
            return await greeted(self._desk, met, await self._leaving(incoming, turn, met, to or "start/dead"))
        if not turn.text.strip():
            return await self._wordless(met, turn, _("I can only read text. Please write it, or use the buttons."))
        return await self._words(incoming, met, turn)

    async def _words(self, incoming: Incoming, met: Met, turn: Turn) -> Screen:
        answers = await typed_replies.pointed_at(turn, self._desk, incoming.replies_to)
        if answers is not None:
            return await self._router.visit(turn, answers)
        if met.conversation.form is not None:
            return await self._answered(met, turn)
        return await self._typing.screen(turn, met.conversation)

    async def _answered(self, met: Met, turn: Turn) -> Screen:
        """Take words typed while a question is open: its answer, or a word such as Back that every step understands."""
        if typed_words.asks_for_help(turn.text):
            return await self._router.visit(turn, HELP)
        way = typed_words.way_out(turn.text)
        if way is not None:
            return await self._asking.steps(turn, met.conversation, way)
        return await self._asking.typed(turn, met.conversation, turn.text)

    async def _wordless(self, met: Met, turn: Turn, words: str) -> Screen:
        """Say why what came is not read, such as a picture or a card number, and ask an open question again."""
        if met.conversation.form is not None:
            return await self._asking.again(turn, met.conversation, words)
        return replace(await self._router.visit(turn, START), note=words)

    async def _command(self, incoming: Incoming, met: Met, turn: Turn) -> Screen:
        found = commands.find(self._router, incoming.command or "", incoming.text or "")
        if found is None:
            said = f"{incoming.command} {incoming.text or ''}".strip()
            return await self._typing.screen(replace(turn, text=said), met.conversation)
        if not turn.may(found.permission):
            return failures.for_others(found.name, found.permission)
        if found.words and found.form_at is not None:
            return await self._asking.line(turn, found.form_at, found.words)
        turn = replace(turn, text=found.words)
        screen = await self._leaving(incoming, turn, met, typed_words.beside(turn, found.address))
        if found.words and screen.address == found.address and not screen.note:
            return replace(screen, note=typed_words.left_out(found.words))
        return screen

    async def _leaving(self, incoming: Incoming, turn: Turn, met: Met, to: str) -> Screen:
        """Go elsewhere; a form that was being asked is dropped, and the person is told.

        One that is asked now takes its place by itself, unless this update had opened that very form before.
        """
        screen = await self._router.visit(turn, to)
        if met.conversation.form is None or not turn.window.private or turn.late or screen.address == HELP:
            return screen
        if screen.form is None or incoming.modals:
            await self._desk.conversations.open_form(turn.account.id, None, turn.now, order=turn.order)
        dropped = _("The question before this one was put aside; nothing was changed.")
        return replace(screen, note=joined(" ", filter(None, (dropped, screen.note))))

    async def _submitted(self, incoming: Incoming, met: Met, turn: Turn) -> Reply:
        answers, at, to = incoming.answers or {}, incoming.form_at or "", incoming.form_to or ""
        errors = card_numbers.among(answers)
        if errors:
            outcome = await self._router.visit(turn, at)
        else:
            outcome, errors = await self._asking.submit(turn, at, to, dict(answers))
        living_ref = met.conversation.living_ref
        if not errors:
            living_ref = await self._standing.remember(incoming, met, turn, outcome)
        return replace(self._reply(incoming, met, outcome, living_ref), errors=errors)

    def _reply(
        self, incoming: Incoming, met: Met, screen: Screen, living_ref: str | None, *, again: bool = False
    ) -> Reply:
        return Reply(
            account=met.account,
            screen=screen,
            language=current_language(),
            living_ref=living_ref,
            new=late_updates.is_below(incoming),
            roles=met.person.roles,
            key=incoming.key,
            again=again,
        )


def _stands(incoming: Incoming, met: Met) -> str:
    """The page that the person looks at while they say or do this."""
    if not incoming.window.private:
        return ""
    if incoming.stays_in_window and incoming.form_at:
        return incoming.form_at
    return (met.conversation.home_address if is_home(incoming) else met.conversation.chat_address) or ""
