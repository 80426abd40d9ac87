"""What Rapport cannot read and leaves alone, for the owners: each with the reference that finds more."""

from collections.abc import Mapping

from bot.chat import tell
from bot.chat.moments import joined
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.records import SetAside, Why
from bot.services.desk import Desk
from storage.payments.whose import Whose

SHOWN = 8


async def page(turn: Turn, desk: Desk) -> Screen:
    found = await desk.set_aside.everything()
    back = ((Button(_("Setup"), "setup"), Button(_("Start"), "start")),)
    if not found:
        return Screen(_("Set aside"), (Line(_("I can read everything. Nothing is set aside.")),), back, over=True)
    zone = turn.person.zone or (await desk.practice.get(turn.generation)).zone or "UTC"
    whose = await desk.set_aside.whose(found[:SHOWN])
    lines = [
        Line(_("There are entries that I cannot read. I leave them alone; everything else goes on."), Tone.STRONG),
        *(Line(_one(each, zone, whose.get(each.row) if each.table == "payments" else None)) for each in found[:SHOWN]),
    ]
    if len(found) > SHOWN:
        lines.append(Line(_("And {number} more.", number=str(len(found) - SHOWN)), Tone.QUIET))
    lines.append(Line(_("More about each: rapport trace, with its six letters and digits."), Tone.QUIET))
    return Screen(_("Set aside"), tuple(lines), back)


def _one(each: SetAside, zone: str, whose: Whose | None) -> str:
    words = _("{reference}: {what}, since {when}. {why}")
    said = words.format(
        reference=each.reference, what=_what(each.table), when=tell.moment(each.since, zone), why=_why(each.why)
    )
    if whose is None:
        return said
    if whose.amount is None:
        return joined(" ", (said, _("The client is {name}.", name=whose.name)))
    price = tell.amount(whose.amount)
    return joined(" ", (said, _("The client is {name}, the price {price}.", name=whose.name, price=price)))


def _what(table: str) -> str:
    known: Mapping[str, str] = {
        "outbox": _("a message"),
        "inbox": _("news of a vendor"),
        "payments": _("a payment"),
        "refunds": _("a refund"),
        "accounts": _("somebody’s chat"),
        "persons": _("a person"),
        "bookings": _("a session"),
    }
    return known.get(table, _("an entry"))


def _why(why: Why) -> str:
    match why:
        case Why.SEALED:
            return _("No key in SECRET_KEYS opens it.")
        case Why.KIND:
            return _("I do not know this kind.")
        case Why.UNREADABLE:
            return _("It makes no sense.")
        case Why.CONTENTS:
            return _("What it is about cannot be read.")
        case Why.NEWER:
            return _("A newer version wrote it, and none came to act on it.")
