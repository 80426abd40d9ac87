"""The credits of one client, as an owner sees them; and what the client reads of a change that an owner made."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of
from bot.domain.credits import rules
from bot.domain.credits.grants import Entry, EntryKind, Holding
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.people.permissions import Permission
from bot.handlers.credits import entry_words, return_words
from bot.handlers.kit import credit_words, failures, offer_buttons, paging, phrases
from bot.services.credits.client_credits import EXTENDED, GrantPage
from bot.services.credits.corrections import is_extendable
from bot.services.desk import Desk

MAY = Permission.KEEP_EVERY_BOOKING
ENTRIES, GRANTS = 8, 6


async def of_client(turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen:
    found = await desk.client_credits.of(person)
    if found is None:
        return failures.missing()
    name, grants = found
    lines: list[Line] = []
    page = min(page, max(0, len(grants) - 1) // GRANTS)
    shown = grants[page * GRANTS : (page + 1) * GRANTS]
    for held in shown:
        lines += facts(turn, held)
    rows = offer_buttons.by_name([each.grant for each in shown], lambda grant: address("grant", grant.id))
    if not grants:
        lines.append(Line(_("{name} has no credits. You can give some, or the client buys a package.", name=name)))
    head = ("client-credits", person)
    rows += paging.turns(head, page, GRANTS, len(grants), _("Newer credits"), _("Older credits"))
    rows.append((Button(_("Give credits"), address(*head, "give")),))
    rows.append((Button(_("Client"), address("client", person)), Button(_("Start"), "start")))
    return Screen(_("Credits of {name}", name=name), tuple(lines), tuple(rows))


def facts(turn: Turn, held: Holding) -> list[Line]:
    """The name, `3 sessions left, 1 booked`, and until when what is left can be used."""
    counts = [ngettext("{n} session left", "{n} sessions left", rules.left(held, turn.now))]
    if held.credits.reserved:
        counts.append(_("{n} booked", n=held.credits.reserved))
    ends = rules.last_end(held, turn.now)
    lines = [Line(held.grant.name, Tone.STRONG), Line(", ".join(counts))]
    if ends is None:
        return lines
    return [*lines, Line(_("Valid until {end}.", end=credit_words.last_moment(ends, turn.zone)), Tone.QUIET)]


async def one(turn: Turn, desk: Desk, grant: int, before: int | None = None) -> Screen:
    found = await desk.client_credits.page(grant, before, ENTRIES)
    if found is None:
        return failures.missing()
    lines = [Line(found.client_name), *facts(turn, found.held)]
    if found.extended_why is not None:
        lines.append(Line(_("Extended: {why}", why=found.extended_why), Tone.QUIET))
    lines += await return_words.so_far(desk, grant, to_client=False)
    lines += [Line(_entry(turn, found, each)) for each in found.entries]
    acts = [Button(_("Adjust"), address("grant", grant, "adjust"))]
    if is_extendable(found.held.grant):
        acts.append(Button(_("Extend"), address("grant", grant, "extend")))
    rows: list[Row] = [tuple(acts)]
    if await desk.package_returns.look(grant, turn.now) is not Unreturnable.NEVER_PAID:
        rows.append((Button(_("Give money back"), address("grant", grant, "return")),))
    if found.entries and found.entries[-1].number > 1:
        rows.append((Button(_("Earlier"), address("grant", grant, found.entries[-1].number)),))
    rows.append((Button(_("All credits"), address("client-credits", found.held.grant.person_id)),))
    return Screen(_("Credits: {name}", name=found.held.grant.name), tuple(lines), tuple(rows))


def _entry(turn: Turn, page: GrantPage, entry: Entry) -> str:
    """`Tue 1 Dec: booked, Single with Olga, Thu 3 Dec, 10:00 (Berlin). 4 left.`"""
    what = entry_words.what(entry)
    booking = None if entry.booking_id is None else page.bookings.get(entry.booking_id)
    if booking is not None:
        session, when = phrases.with_coach(booking), tell.moment(booking.starts, turn.zone)
        what = _("{what}, {session}, {when}", what=what, session=session, when=when)
    if entry.why is not None:
        what = _("{what} ({why})", what=what, why=entry.why)
    day = tell.day(day_of(entry.at, turn.zone))
    return _("{day}: {what}. {n} left.", day=day, what=what, n=entry.balance)


async def told(turn: Turn, desk: Desk, grant: int, number: int) -> Screen:
    """To the client: what an owner changed, and why."""
    page = await desk.client_credits.page(grant, None if number == EXTENDED else number + 1, 1)
    if page is None or page.held.grant.person_id != turn.person.id:
        return failures.missing()
    changed, why = _("The practice extended your credits."), page.extended_why
    if number != EXTENDED and page.entries:
        entry = page.entries[0]
        changed, why = _change_told(entry), entry.why
    lines = [*facts(turn, page.held)]
    if why is not None:
        lines.append(Line(_("Reason: {reason}", reason=with_links(why))))
    return Screen(changed, tuple(lines), ((Button(_("Book a session"), "book"), Button(_("Start"), "start")),))


def _change_told(entry: Entry) -> str:
    if entry.kind is EntryKind.GRANTED:
        return ngettext("The practice gave you {n} session", "The practice gave you {n} sessions", entry.amount)
    if entry.amount > 0:
        return ngettext("The practice added {n} session", "The practice added {n} sessions", entry.amount)
    return ngettext("The practice took {n} session away", "The practice took {n} sessions away", -entry.amount)


ROUTES: tuple[Route, ...] = (
    show("client-credits/{person:id}", of_client, permission=MAY),
    show("client-credits/{person:id}/{page:id}", of_client, permission=MAY),
    show("grant/{grant:id}", one, permission=MAY),
    show("grant/{grant:id}/{before:id}", one, permission=MAY),
)
