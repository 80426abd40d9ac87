"""An owner gives credits to a client, adjusts and extends them, each time with a reason that the client reads."""

import re
from datetime import date

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Invalid, Line, Redirect, Screen, Tone, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of, end_of_day, months_after
from bot.domain.credits.parse_package import parse_validity
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.credits.client_credits import facts
from bot.handlers.kit import failures, package_words, refusals
from bot.services.credits.client_credits import SESSIONS
from bot.services.credits.corrections import is_extendable
from bot.services.desk import Desk

MAY = Permission.KEEP_EVERY_BOOKING
WHY_LENGTH = 200
_COUNT = re.compile(r"(?P<sign>[+−–-]?)\s*(?P<count>\d{1,3})")


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
    ends = end_of_day(last, zone) if isinstance(last, date) else None
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
    return Screen(_("Adjust credits"), (Line(found.client_name), *facts(turn, found.held)), (), form=form)


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
    lines = (*facts(turn, found.held), Line(_("This can be done once. What has expired is there again."), Tone.QUIET))
    return Screen(_("Extend credits"), lines, (), form=form)


async def extend(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect | Invalid:
    found = await desk.client_credits.page(grant, None, 1)
    if found is None:
        return failures.missing()
    turn.require(found.held.grant.version)
    day, why = turn.values.get("day"), turn.values.get("why")
    if not (isinstance(day, date) and isinstance(why, str)):
        return Redirect(address("grant", grant, "extend"))
    ends = end_of_day(day, await package_words.zone_of_practice(turn, desk))
    outcome = await desk.client_credits.extend(turn.act(address("grant", grant)), grant, ends, why)
    return _or_next(turn, outcome, address("grant", grant), _("Extended."), "day")


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
    show("client-credits/{person:id}/give", give_form, permission=MAY),
    do("client-credits/{person:id}/give/yes", give, back="client-credits/{person:id}/give", permission=MAY),
    show("grant/{grant:id}/adjust", adjust_form, permission=MAY),
    do("grant/{grant:id}/adjust/yes", adjust, back="grant/{grant:id}/adjust", permission=MAY),
    show("grant/{grant:id}/extend", extend_form, permission=MAY),
    do("grant/{grant:id}/extend/yes", extend, back="grant/{grant:id}/extend", permission=MAY),
)
