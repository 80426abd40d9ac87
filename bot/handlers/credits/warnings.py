"""Messages about credits that somebody may lose or forget, judged by the facts of the moment they are drawn."""

from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.reminders import ReminderKind
from bot.domain.credits import rules
from bot.domain.credits.warnings import WarningKind
from bot.handlers.kit import credit_words, package_words
from bot.handlers.people.settings import stop_button
from bot.services.desk import Desk


async def warning(turn: Turn, desk: Desk, grant: int, kind: str) -> Screen | Redirect:
    mine = [each.holding for each in await desk.balances.of_person(turn.person.id) if each.holding.grant.id == grant]
    held = next((each for each in mine if each.grant.person_id == turn.person.id), None)
    left = 0 if held is None else rules.left(held, turn.now)
    known = kind in {each.value for each in WarningKind}
    if held is None or not left or not known or ReminderKind.CREDITS in turn.person.stopped:
        return Redirect("gone")
    name = held.grant.name
    lines = [Line(ngettext("{n} session is left.", "{n} sessions are left.", left))]
    ends = sorted(each.ends for each in rules.available(held) if each.ends is not None and turn.now < each.ends)
    if ends:
        first = ends.count(ends[0])
        end = credit_words.last_moment(ends[0], await package_words.zone_of_practice(turn, desk))
        valid = ngettext("{n} of them can be used until {end}.", "{n} of them can be used until {end}.", first, end=end)
        if first == left:
            valid = _("A session on them must start by {end}.", end=end)
        lines.append(Line(valid))
    rows: list[Row] = [(Button(_("Book a session"), "book", Style.PRIMARY), Button(_("My packages"), "packages"))]
    again = None if held.grant.package_id is None else await desk.packages.find(held.grant.package_id, turn.generation)
    sold = again is not None and any(each.id == again.id for each in await desk.packages.for_sale(turn.now))
    if again is not None and sold and left == 1:
        rows.append((Button(_("Buy the same again"), address("package", again.id)),))
    rows.append((stop_button(turn, ReminderKind.CREDITS),))
    return Screen(_title(WarningKind(kind), name), tuple(lines), tuple(rows))


def _title(kind: WarningKind, name: str) -> str:
    match kind:
        case WarningKind.ENDING:
            return _("Your package ends soon: {name}", name=name)
        case WarningKind.LAST:
            return _("One session is left: {name}", name=name)
        case WarningKind.IDLE:
            return _("Nothing is booked on your package: {name}", name=name)
