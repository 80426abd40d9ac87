"""The second way to pay, beside the card page: inside the chat, where the platform collects money itself."""

from bot.chat import tell
from bot.chat.screen import Link, Row
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform
from bot.domain.subjects import Subject
from bot.services.desk import Desk


async def make(turn: Turn, desk: Desk, subject: Subject) -> None:
    """Its link, where this chat is on such a platform. Like the card page it is made by the act that asks for money."""
    if _can(turn, desk):
        await desk.invoices.make(subject, turn.now)


async def way(turn: Turn, desk: Desk, subject: Subject, price: Money) -> list[Row]:
    link = await desk.invoices.link(subject) if _can(turn, desk) else None
    words = _("Pay {price} in Telegram", price=tell.money(price))
    return [] if link is None else [(Link(words, link),)]


def _can(turn: Turn, desk: Desk) -> bool:
    return desk.invoices.on and turn.account.platform is Platform.TELEGRAM
