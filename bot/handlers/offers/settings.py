"""Forms for the settings of an offer: those that belong together stand in one form."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission
from bot.domain.practice.offer_rules import DESCRIPTION_LENGTH, NAME_LENGTH
from bot.domain.practice.offer_settings import SETTINGS, Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, fee_words, refusals, setup_fields, typed_amounts
from bot.handlers.offers import setting_fields, what_would_change
from bot.handlers.offers.setting_fields import BASICS, CAPS, CUTOFFS, TIMES, WHO
from bot.handlers.team import coach_page
from bot.services.desk import Desk

OWN_PLACE = "own"
PRICE, FEES = "price", "fees"
KEPT = (Code.CONTRADICTION, Code.PAYMENTS_OFF, Code.NO_PLACE)
"""Refusals that another answer in the same form can mend."""


@dataclass(frozen=True)
class Group:
    """Settings that are asked together. Each field has the name of the offer's own."""

    title: str
    fields: tuple[Field, ...]


def _basics(offer: Offer) -> Group:
    name = Field("name", _("Name"), default=offer.name, read=setup_fields.one_answer, max_length=NAME_LENGTH)
    return Group(_("Name and length"), (name, *setting_fields.fields(offer, BASICS)))


def _description(offer: Offer) -> Group:
    hint = _("Clients read it before they choose. To have none, write: {none}", none=_("none"))

    def read(raw: str) -> object:
        return None if typed_amounts.is_none(raw) else raw.strip()

    field = Field(
        "description", _("What is it about?"), FieldKind.LONG, hint, default=offer.description, optional=True,
        read=read, max_length=DESCRIPTION_LENGTH,
    )  # fmt: skip
    return Group(_("Description"), (field,))


def _price(offer: Offer) -> Group:
    hint = _("An amount in {currency}; 0 is free.", currency=offer.price.currency)
    read = typed_amounts.read_price(offer.price.currency)
    now = typed_amounts.price(offer.price)
    return Group(_("Price"), (Field("price", _("Price"), hint=hint, default=now, read=read, max_length=30),))


def _place(offer: Offer) -> Group:
    asked = setup_fields.place(coach_page.place_line(offer.place))

    def read(raw: str) -> object:
        return None if raw.casefold() in {OWN_PLACE, _("own")} else asked.read(raw)

    hint = _("A link, a phone number, “I call from +43 …” or an address. Or “own”: each coach's own place.")
    own = (Choice(OWN_PLACE, _("Each coach's own")),)
    field = Field("place", asked.label, hint=hint, choices=own, default=asked.default, read=read, max_length=200)
    return Group(_("Place"), (field,))


def _times(offer: Offer) -> Group:
    return Group(_("Buffers and notice"), setting_fields.fields(offer, TIMES))


def _caps(offer: Offer) -> Group:
    return Group(_("Limits"), setting_fields.fields(offer, CAPS))


def _cutoffs(offer: Offer) -> Group:
    return Group(_("Cancel and move"), setting_fields.fields(offer, CUTOFFS))


def _fees(offer: Offer) -> Group:
    currency = offer.price.currency
    hint = _("An amount in {currency}. For no fee, write: {none}", currency=currency, none=_("none"))
    read_price = typed_amounts.read_price(currency)

    def read(raw: str) -> object:
        found = None if typed_amounts.is_none(raw) else read_price(raw)
        return None if found == Money(0, currency) else found

    asked = (
        ("late_cancel_fee", _("For cancelling late"), offer.late_cancel_fee),
        ("no_show_fee", _("For not coming"), offer.no_show_fee),
    )
    fields = (
        Field(
            name, label, hint=hint, default=_("none") if fee is None else typed_amounts.price(fee), read=read,
            optional=True, max_length=30,
        )
        for name, label, fee in asked
    )  # fmt: skip
    return Group(_("Fees"), tuple(fields))


def _who(offer: Offer) -> Group:
    return Group(_("Who can book it"), setting_fields.fields(offer, WHO))


GROUPS: dict[str, Callable[[Offer], Group]] = {
    BASICS: _basics,
    "description": _description,
    PRICE: _price,
    "place": _place,
    TIMES: _times,
    CAPS: _caps,
    CUTOFFS: _cutoffs,
    WHO: _who,
    FEES: _fees,
}

FIELD_OF: dict[str, str] = {
    Contradiction.CAPS: "weekly_cap",
    Contradiction.LONGER_THAN_HOURS: "length_min",
}
"""The field to ask again where two settings, or one and the hours, contradict each other."""


async def edit(turn: Turn, desk: Desk, offer: int, group: str) -> Screen:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is OfferState.ARCHIVED or group not in GROUPS:
        return failures.missing()
    asked = GROUPS[group](found)
    to = turn.do("offer", offer, "save", group, stated=(found.version,))
    form = Form(to, asked.fields, _("Save"), cancel_to=address("offer", offer))
    words = _("{name}. What is booked keeps what was agreed when it was booked.", name=found.name)
    lines = [Line(words, Tone.QUIET)]
    if group == FEES and not desk.fees.on:
        off = _("Fees are charged to a kept card, so they are off: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.")
        return Screen(asked.title, (Line(off),), ((Button(_("Back"), address("offer", offer)),),))
    if group == FEES:
        lines.append(Line(fee_words.when_asked(found), Tone.QUIET))
        if (await desk.practice.get(turn.generation)).tax is not None:
            lines.append(Line(fee_words.untaxed(), Tone.QUIET))
    if group in (PRICE, CUTOFFS, FEES):
        lines += await what_would_change.lines(turn, desk, found, price=group == PRICE)
    return Screen(asked.title, tuple(lines), (), form=form)


async def save(turn: Turn, desk: Desk, offer: int, group: str) -> Screen | Redirect | Invalid:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or group not in GROUPS:
        return failures.missing()
    turn.require(found.version)
    names = [field.name for field in GROUPS[group](found).fields]
    fields = {name: turn.values[name] for name in names if name in turn.values}
    outcome = await desk.offers.change(turn.act(address("offer", offer)), offer, found.version, **fields)
    if isinstance(outcome, Done):
        return Redirect(outcome.next, _("Saved."))
    if outcome.code in KEPT:
        return Invalid({_to_ask_again(outcome, names): refusals.words(outcome)})
    return refusals.screen(turn, outcome, address("offer", offer))


def _to_ask_again(refusal: Refusal, names: list[str]) -> str:
    """The answer of a form that was refused; the first where it is none in particular."""
    reason = refusal.reason or ""
    for name in names:
        limits = SETTINGS.get(name)
        if FIELD_OF.get(reason) == name or (limits is not None and reason in {limits.otherwise, limits.beyond}):
            return name
    return names[0]


ROUTES: tuple[Route, ...] = (
    show("offer/{offer:id}/edit/{group:word}", edit, permission=Permission.KEEP_OFFERS),
    do(
        "offer/{offer:id}/save/{group:word}",
        save,
        back="offer/{offer:id}/edit/{group:word}",
        permission=Permission.KEEP_OFFERS,
    ),
)
