"""An owner looks after the credits of one client: gives, adjusts and extends them; and the client reads of it."""

import re
from datetime import date

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Invalid, Line, Redirect, Row, Screen, Tone, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of
from bot.domain.credits import rules
from bot.domain.credits.grants import Entry, EntryKind, Holding
from bot.domain.credits.packages import end_of, months_after
from bot.domain.credits.parse_package import parse_validity
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.credits import entry_words, return_words
from bot.handlers.kit import credit_words, failures, offer_buttons, package_words, paging, phrases, refusals
from bot.services.credits.client_credits import EXTENDED, SESSIONS, GrantPage
from bot.services.credits.corrections import is_extendable
from bot.services.desk import Desk

MAY = Permission.KEEP_EVERY_BOOKING
ENTRIES, GRANTS = 8, 6
WHY_LENGTH = 200
_COUNT = re.compile(r"(?P<sign>[+−–-]?)\s*(?P<count>\d{1,3})")


async def of_client(turn: Turn, desk: Desk, person: int, page: int = 0) -> Screen:
    found = await desk.client_credits.of(person)
    if found is None:
        return failures.missing()
    name, grants = found
    lines: list[Line] = []
    page = min(page, max(0, len(grants) - 1) // GRANTS)
    shown = grants[page * GRANTS : (page + 1) * GRANTS]
    for held in shown:
        lines += _told(turn, held)
    rows = offer_buttons.by_name([each.grant for each in shown], lambda grant: address("grant", grant.id))
    if not grants:
        lines.append(Line(_("{name} has no credits. You can give some, or the client buys a package.", name=name)))
    head = ("client-credits", person)
    rows += paging.turns(head, page, GRANTS, len(grants), _("Newer credits"), _("Older credits"))
    rows.append((Button(_("Give credits"), address(*head, "give")),))
    rows.append((Button(_("Client"), address("client", person)), Button(_("Start"), "start")))
    return Screen(_("Credits of {name}", name=name), tuple(lines), tuple(rows))


def _told(turn: Turn, held: Holding) -> list[Line]:
    """`3 left, 1 reserved, valid until …`, below the name."""
    facts = [ngettext("{n} session left", "{n} sessions left", rules.left(held, turn.now))]
    if held.credits.reserved:
        facts.append(_("{n} booked", n=held.credits.reserved))
    ends = rules.last_end(held, turn.now)
    lines = [Line(held.grant.name, Tone.STRONG), Line(", ".join(facts))]
    if ends is None:
        return lines
    return [*lines, Line(_("Valid until {end}.", end=credit_words.last_moment(ends, turn.zone)), Tone.QUIET)]


async def one(turn: Turn, desk: Desk, grant: int, before: int | None = None) -> Screen:
    found = await desk.client_credits.page(grant, before, ENTRIES)
    if found is None:
        return failures.missing()
    lines = [Line(found.client_name), *_told(turn, found.held)]
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


async def give_form(turn: Turn, desk: Desk, person: int) -> Screen:
    found = await desk.client_credits.of(person)
    if found is None:
        return failures.missing()
    offers = [each for each in await desk.offers.all(turn.generation) if each.price]
    back = address("client-credits", person)
    if not offers:
        words = _("Credits are for an offer with a price, and there is none yet.")
        return Screen(_("Give credits"), (Line(words),), ((Button(_("Offers"), "offers"), Button(_("Back"), back)),))
    choices = tuple(Choice(str(each.id), each.name) for each in offers)
    zone = await package_words.zone_of_practice(turn, desk)

    def read_validity(raw: str) -> object:
        valid = parse_validity(raw, int(turn.now.timestamp()), zone)
        return (
            Wrong(_("Write a number of months, or the last day, such as 6 months or 30 June 2027."))
            if valid is None
            else valid
        )

    fields = (
        Field("offer", _("For which sessions?"), FieldKind.CHOICE, choices=choices),
        Field("sessions", _("How many?"), hint=_("A number from 1 to 100."), read=_read_sessions, max_length=10),
        Field(
            "validity", _("How long are they valid?"), hint=_("Months, or the last day. Leave it empty for no end."),
            optional=True, read=read_validity, max_length=40,
        ),
        _why(),
    )  # fmt: skip
    form = Form(turn.do("client-credits", person, "give", "yes"), fields, _("Give"), cancel_to=back)
    words = _("{name} reads of it, with your reason.", name=found[0])
    return Screen(_("Give credits"), (Line(words, Tone.QUIET),), (), form=form)


async def give(turn: Turn, desk: Desk, person: int) -> Screen | Redirect | Invalid:
    turn.require()
    offer, sessions, why = (turn.values.get(name) for name in ("offer", "sessions", "why"))
    if not (isinstance(offer, str) and offer.isdecimal() and isinstance(sessions, int) and isinstance(why, str)):
        return Redirect(address("client-credits", person, "give"))
    valid, zone = turn.values.get("validity"), await package_words.zone_of_practice(turn, desk)
    last = months_after(day_of(turn.now, zone), valid) if isinstance(valid, int) else valid
    ends = end_of(last, zone) if isinstance(last, date) else None
    act = turn.act("grant/{id}")
    outcome = await desk.client_credits.give(act, person, int(offer), sessions, ends, why)
    return _or_next(turn, outcome, address("client-credits", person), _("Given."), "validity")


async def adjust_form(turn: Turn, desk: Desk, grant: int) -> Screen:
    found = await desk.client_credits.page(grant, None, 1)
    if found is None:
        return failures.missing()
    hint = _("Such as 2 or +2 to add two, and -1 to take one away.")
    fields = (Field("by", _("How many more or fewer?"), hint=hint, read=_read_change, max_length=10), _why())
    to = turn.do("grant", grant, "adjust", "yes", stated=(found.held.credits.number,))
    form = Form(to, fields, _("Save"), cancel_to=address("grant", grant))
    return Screen(_("Adjust credits"), (Line(found.client_name), *_told(turn, found.held)), (), form=form)


async def adjust(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect | Invalid:
    found = await desk.client_credits.page(grant, None, 1)
    if found is None:
        return failures.missing()
    number = found.held.credits.number
    turn.require(number)
    by, why = turn.values.get("by"), turn.values.get("why")
    if not (isinstance(by, int) and isinstance(why, str)):
        return Redirect(address("grant", grant, "adjust"))
    outcome = await desk.client_credits.adjust(turn.act(address("grant", grant)), grant, number, by, why)
    return _or_next(turn, outcome, address("grant", grant), _("Saved."), "by")


async def extend_form(turn: Turn, desk: Desk, grant: int) -> Screen:
    found = await desk.client_credits.page(grant, None, 1)
    if found is None or not is_extendable(found.held.grant):
        return failures.missing()
    zone = await package_words.zone_of_practice(turn, desk)

    def read_day(raw: str) -> object:
        day = parse_validity(raw, int(turn.now.timestamp()), zone)
        return day if isinstance(day, date) else Wrong(_("Write the last day, such as 30 June 2027."))

    fields = (Field("day", _("Until which day?"), hint=_("The last day, such as 30 June 2027."), read=read_day), _why())
    to = turn.do("grant", grant, "extend", "yes", stated=(found.held.grant.version,))
    form = Form(to, fields, _("Extend"), cancel_to=address("grant", grant))
    lines = (*_told(turn, found.held), Line(_("This can be done once. What has expired is there again."), Tone.QUIET))
    return Screen(_("Extend credits"), lines, (), form=form)


async def extend(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect | Invalid:
    found = await desk.client_credits.page(grant, None, 1)
    if found is None:
        return failures.missing()
    turn.require(found.held.grant.version)
    day, why = turn.values.get("day"), turn.values.get("why")
    if not (isinstance(day, date) and isinstance(why, str)):
        return Redirect(address("grant", grant, "extend"))
    ends = end_of(day, await package_words.zone_of_practice(turn, desk))
    outcome = await desk.client_credits.extend(turn.act(address("grant", grant)), grant, ends, why)
    return _or_next(turn, outcome, address("grant", grant), _("Extended."), "day")


async def told(turn: Turn, desk: Desk, grant: int, number: int) -> Screen:
    """To the client: what an owner changed, and why."""
    page = await desk.client_credits.page(grant, None if number == EXTENDED else number + 1, 1)
    if page is None or page.held.grant.person_id != turn.person.id:
        return failures.missing()
    changed, why = _("The practice extended your credits."), page.extended_why
    if number != EXTENDED and page.entries:
        entry = page.entries[0]
        changed, why = _change_told(entry), entry.why
    lines = [*_told(turn, page.held)]
    if why is not None:
        lines.append(Line(_("Reason: {reason}", reason=with_links(why))))
    return Screen(changed, tuple(lines), ((Button(_("Book a session"), "book"), Button(_("Start"), "start")),))


def _change_told(entry: Entry) -> str:
    if entry.kind is EntryKind.GRANTED:
        return ngettext("The practice gave you {n} session", "The practice gave you {n} sessions", entry.amount)
    if entry.amount > 0:
        return ngettext("The practice added {n} session", "The practice added {n} sessions", entry.amount)
    return ngettext("The practice took {n} session away", "The practice took {n} sessions away", -entry.amount)


def _or_next(turn: Turn, outcome: Done | Refusal, back: str, said: str, asked: str) -> Screen | Redirect | Invalid:
    if isinstance(outcome, Done):
        return Redirect(outcome.next, said)
    if outcome.code is Code.NO_CREDIT:
        words = _("{n} are left, and no more can be taken away. To add to what has expired, extend it first.")
        return Invalid({asked: words.format(n=outcome.has)})
    if outcome.code is Code.LIMIT:
        words = _("{n} are left, and {most} is the most that there can be. Nothing was added.")
        return Invalid({asked: words.format(n=outcome.has, most=outcome.most)})
    if outcome.code is Code.CONTRADICTION:
        return Invalid({asked: _("That day is not later than the present end, or is over. Choose a later one.")})
    return refusals.screen(turn, outcome, back)


def _why() -> Field:
    return Field("why", _("Why?"), hint=_("The client reads it."), max_length=WHY_LENGTH)


def _read_sessions(raw: str) -> object:
    count = int(raw) if raw.isascii() and raw.isdecimal() else 0
    return count if count in SESSIONS else Wrong(_("Write a number from 1 to 100."))


def _read_change(raw: str) -> object:
    match = _COUNT.fullmatch(raw.strip())
    count = 0 if match is None else int(match["count"])
    if match is None or not count:
        return Wrong(_("Write how many more, such as 2, or how many fewer, such as -1."))
    return count if match["sign"] in ("", "+") else -count


ROUTES: tuple[Route, ...] = (
    show("client-credits/{person:id}", of_client, permission=MAY),
    show("client-credits/{person:id}/{page:id}", of_client, permission=MAY),
    show("client-credits/{person:id}/give", give_form, permission=MAY),
    do("client-credits/{person:id}/give/yes", give, back="client-credits/{person:id}/give", permission=MAY),
    show("grant/{grant:id}", one, permission=MAY),
    show("grant/{grant:id}/{before:id}", one, permission=MAY),
    show("grant/{grant:id}/adjust", adjust_form, permission=MAY),
    do("grant/{grant:id}/adjust/yes", adjust, back="grant/{grant:id}/adjust", permission=MAY),
    show("grant/{grant:id}/extend", extend_form, permission=MAY),
    do("grant/{grant:id}/extend/yes", extend, back="grant/{grant:id}/extend", permission=MAY),
)
