"""Answers a chat platform that collects money itself: whether it may take it, and that it came."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.chat.words import _, known_language, speaking
from bot.domain.payments.invoices import Collected, NotNow, Question
from bot.domain.people.people import Profile
from bot.services.desk import Desk
from storage.engine import StorageAway

log = logging.getLogger(__name__)

ANSWER_S = 8.0
"""The platform cancels the payment when it hears nothing for ten seconds."""


class ChatTill:
    """Implements `bot.chat.till.Till`. `wake`: there may be messages to send."""

    def __init__(self, desk: Desk, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._desk = desk
        self._now = now
        self._wake = wake

    async def asked(self, profile: Profile, question: Question) -> str | None:
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._answer(profile, question)
        except (StorageAway, TimeoutError):
            log.warning("till.away")
        except Exception:  # whatever it is, no money may be taken for what nobody could look at
            log.exception("till.failed")
        with speaking(known_language(profile.language)):
            return _("I cannot check this just now. Nothing was charged; please try again in a minute.")

    async def _answer(self, profile: Profile, question: Question) -> str | None:
        now = self._now()
        met = await self._desk.people.meet(profile, now)
        refusal = NotNow.OVER if met is None else await self._desk.invoices.ask(question, met.person.id, now)
        self._wake()
        if refusal is None:
            return None
        with speaking(known_language(profile.language) if met is None else met.person.language):
            return _words(refusal)

    async def collected(self, money: Collected) -> None:
        await self._desk.invoices.came(money, self._now())
        self._wake()


def _words(refusal: NotNow) -> str:
    match refusal:
        case NotNow.OVER:
            return _("This can no longer be paid. Nothing was charged. Open the chat to see how things stand.")
        case NotNow.CHANGED:
            return _("The price has changed since. Nothing was charged. Open the chat to see what is asked for now.")
        case NotNow.ANOTHERS:
            return _("This invoice is for somebody else. Nothing was charged.")
