"""A page that names the practice and leads to the client's sessions."""

from bot.chat.router import Route, show
from bot.chat.screen import Button, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk


async def page(_turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get()
    return Screen(practice.name or _("this practice"), buttons=((Button(_("My sessions"), "sessions"),),))


ROUTES: tuple[Route, ...] = (show("about", page),)
