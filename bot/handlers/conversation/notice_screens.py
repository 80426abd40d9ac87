"""Draws notices: visits a notice's address as its reader when it is due, so that it tells the facts of that moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.chat.router import Router
from bot.chat.screen import Screen
from bot.chat.turn import Guard, Turn
from bot.chat.words import speaking
from bot.domain.notices.notices import NoticeKind, page_of
from bot.domain.people.people import Account
from bot.handlers.conversation.form_flow import Asking
from bot.handlers.kit import clock, unreadable
from bot.services.desk import Desk
from storage.engine import meeting

GONE = "gone"
START = "start"


class Visitor:
    def __init__(self, desk: Desk, router: Router[Desk], guard: Guard, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._router = router
        self._guard = guard
        self._now = now
        self._asking = Asking(desk, router)

    async def visit(self, person_id: int, account: Account, address: str) -> Screen | None:
        """The screen at an address as this person sees it on this account; None when it is no longer so."""
        person = await self._desk.people.find(person_id)
        if person is None:
            return None
        now = self._now()
        visit = Turn(person, account, now, f"visit:{account.id}:{address}", self._guard, account.platform.value)
        turn = await clock.with_practice_zone(visit, self._desk)
        with speaking(person.language), meeting() as left_out:
            screen = await self._screen(turn, address)
            if screen is None or screen.address in {None, GONE}:
                return None
            screen = await unreadable.told_of(turn, self._desk, screen, left_out)
        return replace(screen, form=None, language=person.language)

    async def _screen(self, turn: Turn, address: str) -> Screen | None:
        head, _slash, rest = address.partition("/")
        if head != page_of(NoticeKind.ANSWER):
            return await self._router.visit(turn, address)
        version, _slash, to = rest.partition("/")
        conversation = await self._desk.conversations.find(turn.account.id, turn.now)
        if version != str(conversation.version):
            return None
        turn = replace(turn, stands=conversation.chat_address or "")
        if conversation.form is not None:
            return await self._asking.shown(turn, conversation)
        return await self._router.visit(turn, to if self._router.is_show(to) else conversation.chat_address or START)
