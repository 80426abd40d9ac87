"""Tells the owners that the database was away, for how long, and that it is over."""

from datetime import datetime

from bot.chat import tell
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk


async def page(turn: Turn, desk: Desk, minutes: int, until: datetime) -> Screen:
    zone = turn.person.zone or (await desk.practice.get(turn.generation)).zone or "UTC"
    how_long = tell.minutes(minutes)
    words = _("Nothing was left half done. Everyone who wrote in the meantime was told, or gets an answer now.")
    lines = (
        Line(_("I could not write to my database. It is over."), Tone.STRONG),
        Line(_("It lasted about {how_long}, until {when}.", how_long=how_long, when=tell.moment(until, zone))),
        Line(words, Tone.QUIET),
    )
    return Screen(_("My database was away"), lines, ((Button(_("Start"), "start"),),))
