"""Welcomes a client who has not booked yet."""

from bot.chat.screen import Button, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk


async def welcome(_turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get()
    title = _("Welcome to {name}", name=practice.name or _("this practice"))
    return Screen(title, buttons=((Button(_("Book a session"), "book"),),))
