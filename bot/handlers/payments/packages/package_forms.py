"""A new package, proposed from an offer's price or typed in one line, and the forms that change one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Row, Screen, Tone, Wrong
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import end_of_day, last_day
from bot.domain.credits.packages import MONTHS, NAME_LENGTH, Package, PackageMistake, PackageProposal, usual_months
from bot.domain.credits.parse_package import PackageLine, parse_package_line, parse_validity
from bot.domain.payments.money import Ambiguous
from bot.domain.people.permissions import Permission
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, offer_buttons, package_words, refusals, typed_amounts
from bot.handlers.payments.packages.package_pages import LIST, ONE, can_be_covered, kept, or_next
from bot.services.desk import Desk


async def new(turn: Turn, desk: Desk) -> Screen | Redirect:
    """For which offer: its price is what the proposals are made from."""
    offers = can_be_covered(await desk.offers.all(turn.generation))
    if len(offers) == 1:
        return Redirect(address(LIST, "of", offers[0].id))
    if not offers:
        words = _("A package is for an offer with a price, and there is none yet.")
        return Screen(_("A new package"), (Line(words),), ((Button(_("Offers"), "offers"), Button(_("Back"), LIST)),))
    rows = offer_buttons.by_name(offers, lambda offer: address(LIST, "of", offer.id))
    line = Line(_("Others can be added afterwards."), Tone.QUIET)
    return Screen(_("Which sessions is it for?"), (line,), (*rows, (Button(_("Back"), LIST),)))


async def proposed(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = await _offer(turn, desk, offer)
    if found is None:
        return failures.missing()
    single = tell.amount(found.price)
    lines = [Line(_("From {price} for one session of {offer}:", price=single, offer=found.name))]
    rows: list[Row] = []
    for each in desk.packages.proposals(found):
        lines.append(Line(_proposal(each)))
        words = _("{n} sessions, {price}", n=each.sessions, price=tell.amount(each.price))
        to = turn.do(LIST, "make", offer, each.sessions, stated=(found.version,))
        rows.append((Button(words, to),))
    lines.append(Line(_("Everything can be changed before it is sold."), Tone.QUIET))
    other = Button(_("Something else"), address(LIST, "line", offer))
    return Screen(_("A new package"), tuple(lines), (*rows, (other, Button(_("Back"), LIST))))


def _proposal(proposal: PackageProposal) -> str:
    price, percent = tell.amount(proposal.price), package_words.per_cent(proposal.percent)
    return ngettext(
        "{sessions} sessions: {price}, {percent} less, valid for {n} month",
        "{sessions} sessions: {price}, {percent} less, valid for {n} months",
        proposal.months, sessions=proposal.sessions, price=price, percent=percent,
    )  # fmt: skip


async def make_proposed(turn: Turn, desk: Desk, offer: int, sessions: int) -> Screen | Redirect | Invalid:
    found = await _offer(turn, desk, offer)
    if found is None:
        return failures.missing()
    proposal = next((each for each in desk.packages.proposals(found) if each.sessions == sessions), None)
    if proposal is None:
        return failures.missing()
    turn.require(found.version)
    name = _named(found, sessions)
    package = Package(0, name, sessions, proposal.price, (offer,), validity_months=proposal.months)
    return _made(turn, await desk.packages.create(turn.act(f"{ONE}/{{id}}"), package), address(LIST, "of", offer))


async def line_form(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = await _offer(turn, desk, offer)
    if found is None:
        return failures.missing()
    currency = found.price.currency

    def read(raw: str) -> object:
        line = parse_package_line(raw, currency)
        if line is None:
            return Wrong(_("Write a number of sessions and a price, such as: Starter 5 sessions 200"))
        return typed_amounts.which(line) if isinstance(line, Ambiguous) else line

    hint = _("A name, the number of sessions, and the price of all of them in {currency}.", currency=currency)
    example = _("Starter 5 sessions 200")
    field = Field(
        "answer", _("What do clients buy?"), hint=hint, default=example, suggested=True, read=read, max_length=120
    )
    form = Form(turn.do(LIST, "save", offer), (field,), _("Save"), cancel_to=address(LIST, "of", offer))
    return Screen(_("A new package"), (), (), form=form)


async def make_of_line(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect | Invalid:
    turn.require()
    found, line = await _offer(turn, desk, offer), turn.values.get("answer")
    if found is None:
        return failures.missing()
    if not isinstance(line, PackageLine):
        return Redirect(address(LIST, "line", offer))
    package = Package(
        0, line.name or _named(found, line.sessions), line.sessions, line.price, (offer,),
        validity_months=usual_months(line.sessions),
    )  # fmt: skip
    return _made(turn, await desk.packages.create(turn.act(f"{ONE}/{{id}}"), package), address(LIST, "of", offer))


def _named(offer: Offer, sessions: int) -> str:
    """A name for what was given none, no longer than a name can be."""
    return shorten(f"{sessions} × {offer.name}", NAME_LENGTH)


def _made(turn: Turn, outcome: Done | Refusal, back: str) -> Screen | Redirect | Invalid:
    if isinstance(outcome, Done):
        return Redirect(outcome.next, _("Added. Look it over, then sell it."))
    if outcome.code is Code.CONTRADICTION and turn.values:
        return Invalid({"answer": refusals.words(outcome)})
    return refusals.screen(turn, outcome, back)


async def _offer(turn: Turn, desk: Desk, offer: int) -> Offer | None:
    offers = can_be_covered(await desk.offers.all(turn.generation))
    return next((each for each in offers if each.id == offer), None)


@dataclass(frozen=True)
class Group:
    """Settings that are asked together. `validity` is one question for two of them; the others have their names."""

    title: str
    fields: tuple[Field, ...]


def _basics(package: Package, _turn: Turn, _zone: str) -> Group:
    name = Field("name", _("Name"), default=package.name, max_length=NAME_LENGTH)
    count = Field(
        "sessions", _("How many sessions?"), default=str(package.sessions), read=typed_amounts.read_count, max_length=4
    )
    return Group(_("Name and sessions"), (name, count))


def _price(package: Package, _turn: Turn, _zone: str) -> Group:
    currency = package.price.currency
    hint = _("For all sessions together, in {currency}.", currency=currency)
    now, read = typed_amounts.price(package.price), typed_amounts.read_price(currency)
    return Group(_("Price"), (Field("price", _("Price"), hint=hint, default=now, read=read, max_length=30),))


def _validity(package: Package, turn: Turn, zone: str) -> Group:
    def read(raw: str) -> object:
        if typed_amounts.is_none(raw):
            return ()
        found = parse_validity(raw, int(turn.now.timestamp()), zone)
        if found is None:
            return Wrong(_("Write a number of months, or a day to come, such as 6 months or 30 June 2027."))
        if isinstance(found, int) and found not in MONTHS:
            return Wrong(package_words.mistake(PackageMistake.MONTHS) or "")
        return found

    if package.validity_months is not None:
        now = ngettext("{n} month", "{n} months", package.validity_months)
    else:
        until = package.valid_until
        now = _("none") if until is None else last_day(until, zone).isoformat()
    hint = _("Months from the purchase, or the last day. For no end, write: {none}", none=_("none"))
    field = Field("validity", _("How long is it valid?"), hint=hint, default=now, read=read, max_length=40)
    return Group(_("How long it is valid"), (field,))


def _week(package: Package, _turn: Turn, _zone: str) -> Group:
    now, hint = typed_amounts.cap(package.weekly_cap), _("A number, or none")
    field = Field(
        "weekly_cap", _("Most of these sessions a week, for a client"), hint=hint, default=now, optional=True,
        read=typed_amounts.read_cap, max_length=10,
    )  # fmt: skip
    return Group(_("Most a week"), (field,))


GROUPS: dict[str, Callable[[Package, Turn, str], Group]] = {
    "basics": _basics,
    "price": _price,
    "validity": _validity,
    "week": _week,
}
ASKED_IN = {PackageMistake.SESSIONS: "sessions", PackageMistake.TOO_SLOW: "sessions", PackageMistake.DEARER: "sessions"}
"""The question to ask again where it is not the first of its form."""


async def edit(turn: Turn, desk: Desk, package: int, group: str) -> Screen:
    found = await kept(turn, desk, package)
    if found is None or group not in GROUPS:
        return failures.missing()
    asked = GROUPS[group](found, turn, await _zone(turn, desk))
    to = turn.do(ONE, package, "save", group, stated=(found.version,))
    form = Form(to, asked.fields, _("Save"), cancel_to=address(ONE, package))
    words = _("{name}. What was bought stays as it was bought.", name=found.name)
    return Screen(asked.title, (Line(words, Tone.QUIET),), (), form=form)


async def save(turn: Turn, desk: Desk, package: int, group: str) -> Screen | Redirect | Invalid:
    found = await kept(turn, desk, package)
    if found is None or group not in GROUPS:
        return failures.missing()
    turn.require(found.version)
    zone = await _zone(turn, desk)
    names = [field.name for field in GROUPS[group](found, turn, zone).fields]
    fields = {name: turn.values[name] for name in names if name in turn.values}
    if "validity" in fields:
        fields |= _valid(fields.pop("validity"), zone)
    outcome = await desk.packages.change(turn.act(address(ONE, package)), package, found.version, **fields)
    if isinstance(outcome, Done):
        return Redirect(outcome.next, _("Saved."))
    if outcome.code is Code.CONTRADICTION:
        again = ASKED_IN.get(PackageMistake(outcome.reason or ""), names[0])
        return Invalid({again if again in names else names[0]: refusals.words(outcome)})
    return or_next(turn, outcome, address(ONE, package))


def _valid(answer: object, zone: str) -> dict[str, object]:
    """Months and last day, of which there is one or none."""
    return {
        "validity_months": answer if isinstance(answer, int) else None,
        "valid_until": end_of_day(answer, zone) if isinstance(answer, date) else None,
    }


async def _zone(turn: Turn, desk: Desk) -> str:
    return await package_words.zone_of_practice(turn, desk)


ROUTES: tuple[Route, ...] = (
    show(f"{LIST}/new", new, permission=Permission.KEEP_OFFERS),
    show(f"{LIST}/of/{{offer:id}}", proposed, permission=Permission.KEEP_OFFERS),
    do(
        f"{LIST}/make/{{offer:id}}/{{sessions:id}}",
        make_proposed,
        back=f"{LIST}/of/{{offer:id}}",
        permission=Permission.KEEP_OFFERS,
    ),
    show(f"{LIST}/line/{{offer:id}}", line_form, permission=Permission.KEEP_OFFERS),
    do(f"{LIST}/save/{{offer:id}}", make_of_line, back=f"{LIST}/line/{{offer:id}}", permission=Permission.KEEP_OFFERS),
    show(f"{ONE}/{{package:id}}/edit/{{group:word}}", edit, permission=Permission.KEEP_OFFERS),
    do(
        f"{ONE}/{{package:id}}/save/{{group:word}}",
        save,
        back=f"{ONE}/{{package:id}}/edit/{{group:word}}",
        permission=Permission.KEEP_OFFERS,
    ),
)
