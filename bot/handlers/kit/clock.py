"""The clock of a reader who has not told theirs: the practice's, said as such."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk


async def with_practice_zone(turn: Turn, desk: Desk) -> Turn:
    """The turn as it can tell times to anybody."""
    if turn.person.zone is not None:
        return turn
    practice = await desk.practice.get(turn.generation)
    return replace(turn, practice_zone=practice.zone)


def asked(turn: Turn) -> list[Line]:
    """On the way to a time: the question whether this clock is theirs, which costs nobody a tap for whom it is."""
    if turn.person.zone is not None:
        return []
    time, city = tell.clock(turn.now, turn.zone), tell.city(turn.zone)
    words = _(
        "Is it {time} where you are? I show {city} time; if yours is different, tap Change zone.",
        time=time,
        city=city,
    )
    return [Line(words, Tone.STRONG)]


def taken_for_yours(turn: Turn) -> list[Line]:
    """Beside a time that was taken."""
    if turn.person.zone is not None:
        return []
    words = _(
        "I do not know your clock, so this is the one in {city}. Change it under Settings.", city=tell.city(turn.zone)
    )
    return [Line(words, Tone.QUIET)]
