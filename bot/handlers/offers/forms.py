"""A new offer: from a template by one tap, or from one line."""

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.parse_offer import OfferLine
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import refusals, setup_fields, typed_amounts
from bot.services.desk import Desk

INTRO_MIN, SINGLE_MIN = 20, 50
DEFAULT_CURRENCY = "EUR"


async def new(turn: Turn, _desk: Desk) -> Screen:
    return Screen(
        _("What would you like to offer?"),
        (Line(_("Everything can be changed before it is opened."), Tone.QUIET),),
        (
            (Button(_("Free intro, 20 minutes"), turn.do("offers", "intro")),),
            (Button(_("Single session, 50 minutes"), "offers/single"),),
            (Button(_("Something else"), "offers/line"), Button(_("Back"), "offers")),
        ),
    )


async def make_intro(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    draft = OfferDraft(_("Intro"), Money(0, await currency_of(desk)), length_min=INTRO_MIN)
    return _made(turn, await desk.offers.create(turn.act("offer/{id}"), draft), "offers/new")


async def single_form(turn: Turn, desk: Desk) -> Screen:
    currency = await currency_of(desk)
    asked = Field(
        "answer",
        _("What does a session cost?"),
        hint=_("An amount in {currency}; 0 is free.", currency=currency),
        read=typed_amounts.read_price(currency),
        max_length=30,
    )
    form = Form(turn.do("offers", "single", "save"), (asked,), _("Save"), cancel_to="offers")
    return Screen(_("Single session"), (), (), form=form)


async def make_single(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    price = turn.values.get("answer")
    if not isinstance(price, Money):
        return Redirect("offers/single")
    draft = OfferDraft(_("Single session"), price, length_min=SINGLE_MIN)
    return _made(turn, await desk.offers.create(turn.act("offer/{id}"), draft), "offers/new")


async def line_form(turn: Turn, desk: Desk) -> Screen:
    asked = setup_fields.offer(await currency_of(desk))
    form = Form(turn.do("offers", "line", "save"), (asked,), _("Save"), cancel_to="offers")
    return Screen(_("A new offer"), (), (), form=form)


async def make_of_line(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    line = turn.values.get("answer")
    if not isinstance(line, OfferLine):
        return Redirect("offers/line")
    draft = OfferDraft(line.name, line.price, length_min=line.length_min)
    return _made(turn, await desk.offers.create(turn.act("offer/{id}"), draft), "offers/new")


def _made(turn: Turn, outcome: Done | Refusal, back: str) -> Screen | Redirect | Invalid:
    if isinstance(outcome, Done):
        return Redirect(outcome.next, _("Added. Look it over, then open it for booking."))
    if outcome.code is Code.CONTRADICTION and turn.values:
        return Invalid({"answer": refusals.words(outcome)})
    return refusals.screen(turn, outcome, back)


async def currency_of(desk: Desk) -> str:
    """Of the prices that are proposed and typed."""
    return (await desk.practice.get()).currency or DEFAULT_CURRENCY


ROUTES: tuple[Route, ...] = (
    show("offers/new", new, permission=Permission.KEEP_OFFERS),
    do("offers/intro", make_intro, back="offers/new", permission=Permission.KEEP_OFFERS),
    show("offers/single", single_form, permission=Permission.KEEP_OFFERS),
    do("offers/single/save", make_single, back="offers/single", permission=Permission.KEEP_OFFERS),
    show("offers/line", line_form, permission=Permission.KEEP_OFFERS),
    do("offers/line/save", make_of_line, back="offers/line", permission=Permission.KEEP_OFFERS),
)
