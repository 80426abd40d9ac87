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
    lines = (
        Line(_("I could not write to my database. It is over."), Tone.STRONG),
        Line(_("It lasted about {how_long}, until {when}.", how_long=how_long, when=tell.moment(until, zone))),
        Line(_("Nothing was changed by halves. Whoever wrote meanwhile was told so, or is answered now."), Tone.QUIET),
    )
    return Screen(_("My database was away"), lines, ((Button(_("Start"), "start"),),))
