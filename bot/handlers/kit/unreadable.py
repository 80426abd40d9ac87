"""Says what cannot be read: in one line of a page that shows the rest, or instead of the page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.chat.screen import Button, Line, Screen
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures
from bot.services.desk import Desk
from bot.services.kit.references import References
from storage.engine import BadRow, CannotRead, left_out

NAMED = 3
OF_EVERYBODY = frozenset({"practice", "offers", "coaches", "catalogue"})
"""Read for everybody at once, by whoever comes first: their owner reads of them where they are listed, or set aside."""

LISTS = frozenset({"offers", "setup", "team", "today"})
"""How the addresses of the lists of offers and coaches begin."""


def instead(reference: str) -> Screen:
    """The page where what it is about, or this person's own entry, is there and cannot be read."""
    return Screen(
        _("I cannot read this"),
        (
            Line(_("An entry that belongs here cannot be read at the moment. It stays as it is; nothing was changed.")),
            Line(_("The practice is told. It comes back as soon as it can be read. Reference: {ref}", ref=reference)),
        ),
        ((Button(_("My sessions"), "sessions"), Button(_("Start again"), "start")),),
    )


async def instead_of_offers(desk: Desk) -> Screen | None:
    """The page where nothing is on offer only because none of it can be read; None where all can."""
    rows = [each for each in await desk.practice.unreadable() if each.table in {"offers", "coaches"}]
    if not rows:
        return None
    return instead(", ".join((await desk.set_aside.references(rows))[:NAMED]))


def leaves_out(table: str) -> bool:
    """Whether rows of this table were met that the page leaves out, as `told_of` will say: it cannot say there are
    none."""
    return any(each.table == table for each in left_out())


async def fault(desk: Desk, error: Exception, trail: Sequence[dict[str, Any]], now: datetime) -> Screen:
    """What is said where an error left no page to show, under a reference that leads to the trail, or to the row."""
    reference = await References(desk.faults, desk.set_aside).of(error, trail, now)
    return instead(reference) if isinstance(error, CannotRead) else failures.unexpected(reference)


async def told_of(turn: Turn, desk: Desk, screen: Screen, missing: Sequence[BadRow]) -> Screen:
    """The page with a line about what it leaves out."""
    rows = [each for each in missing if each.table not in OF_EVERYBODY]
    if (screen.address or "").partition("/")[0] in LISTS and turn.may(Permission.SET_UP):
        rows += await desk.practice.unreadable()
    if not rows:
        return screen
    references = await desk.set_aside.references(rows)
    words = ngettext(
        "{n} entry cannot be read and is left out here. The practice is told. Reference: {refs}",
        "{n} entries cannot be read and are left out here. The practice is told. References: {refs}",
        len(references),
        refs=", ".join(references[:NAMED]),
    )
    return replace(screen, body=(*screen.body, Line(words)))
