"""Forms for the settings of an offer: those that belong together stand in one form."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Choice, Field, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.offer_rules import BUFFERS, HORIZONS, LENGTHS, MOVES, NAME_LENGTH, Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Code, Done
from bot.handlers.kit import failures, refusals, setup_fields, typed_amounts
from bot.handlers.kit.typed_amounts import DAY, HOUR, Range
from bot.handlers.team import coach_page
from bot.services.desk import Desk

OWN_PLACE = "own"
KEPT = (Code.CONTRADICTION, Code.PAYMENTS_OFF, Code.NO_PLACE)
"""Refusals that another answer in the same form can mend."""


@dataclass(frozen=True)
class Group:
    """Settings that are asked together. Each field has the name of the offer's own."""

    title: str
    fields: tuple[Field, ...]


def _basics(offer: Offer) -> Group:
    length, step = typed_amounts.length(offer.length_min), typed_amounts.length(offer.step_min)
    return Group(
        _("Name and length"),
        (
            Field("name", _("Name"), default=offer.name, max_length=NAME_LENGTH),
            _length("length_min", _("How long is a session?"), length, 1, Range(LENGTHS, Contradiction.LENGTH)),
            _length(
                "step_min",
                _("How often can one start?"),
                step,
                1,
                Range(LENGTHS, Contradiction.STEP),
                _("30 min: at 9:00, 9:30, 10:00"),
            ),
        ),
    )


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
    before, after = typed_amounts.length(offer.buffer_before_min), typed_amounts.length(offer.buffer_after_min)
    notice, horizon = typed_amounts.length(offer.notice_min), typed_amounts.length(offer.horizon_days * DAY)
    read = typed_amounts.within(Range(HORIZONS, Contradiction.HORIZON), typed_amounts.read_days)
    days = Field("horizon_days", _("How far ahead can it be booked?"), default=horizon, read=read, max_length=10)
    buffers = Range(BUFFERS, Contradiction.BUFFER)
    ahead = Range(range(HORIZONS[-1] * DAY), Contradiction.NOTICE_BEYOND_HORIZON)
    return Group(
        _("Buffers and notice"),
        (
            _length("buffer_before_min", _("Time kept free before"), before, 1, buffers),
            _length("buffer_after_min", _("Time kept free after"), after, 1, buffers),
            _length("notice_min", _("Shortest notice"), notice, HOUR, ahead),
            days,
        ),
    )


def _caps(offer: Offer) -> Group:
    def limit(name: str, label: str, now: int | None) -> Field:
        hint = _("A number, or none")
        return Field(
            name,
            label,
            hint=hint,
            default=typed_amounts.cap(now),
            optional=True,
            read=typed_amounts.read_cap,
            max_length=10,
        )

    return Group(
        _("Limits"),
        (
            limit("daily_cap", _("Most sessions a day, for a coach"), offer.daily_cap),
            limit("weekly_cap", _("Most sessions a week, for a coach"), offer.weekly_cap),
        ),
    )


def _cutoffs(offer: Offer) -> Group:
    cancel, move = typed_amounts.length(offer.cancel_cutoff_min), typed_amounts.length(offer.move_cutoff_min)
    moves = Field(
        "max_moves",
        _("How often can it be moved?"),
        default=str(offer.max_moves),
        read=typed_amounts.within(Range(MOVES, Contradiction.MOVES), typed_amounts.read_count),
        max_length=4,
    )
    before = _("How long before the start")
    ahead = range(offer.horizon_days * DAY)
    in_time = Range(ahead, Contradiction.CANCEL_BEYOND_HORIZON), Range(ahead, Contradiction.MOVE_BEYOND_HORIZON)
    return Group(
        _("Cancel and move"),
        (
            _length("cancel_cutoff_min", _("Cancel free of charge until"), cancel, HOUR, in_time[0], before),
            _length("move_cutoff_min", _("Move until"), move, HOUR, in_time[1], before),
            moves,
        ),
    )


def _length(name: str, label: str, now: str, bare: int, allowed: Range, hint: str | None = None) -> Field:
    read = typed_amounts.within(allowed, typed_amounts.read_length(bare))
    return Field(name, label, hint=hint, default=now, read=read, max_length=20)


GROUPS: dict[str, Callable[[Offer], Group]] = {
    "basics": _basics,
    "price": _price,
    "place": _place,
    "times": _times,
    "caps": _caps,
    "cutoffs": _cutoffs,
}

FIELD_OF: dict[str, str] = {
    Contradiction.LENGTH: "length_min",
    Contradiction.STEP: "step_min",
    Contradiction.BUFFER: "buffer_before_min",
    Contradiction.HORIZON: "horizon_days",
    Contradiction.NOTICE: "notice_min",
    Contradiction.NOTICE_BEYOND_HORIZON: "notice_min",
    Contradiction.MOVES: "max_moves",
    Contradiction.MOVE_CUTOFF: "move_cutoff_min",
    Contradiction.MOVE_BEYOND_HORIZON: "move_cutoff_min",
    Contradiction.WEEKLY_CAP: "weekly_cap",
    Contradiction.CAPS: "weekly_cap",
    Contradiction.LONGER_THAN_HOURS: "length_min",
}
"""Which answer to ask again, where it is not the first."""


async def edit(turn: Turn, desk: Desk, offer: int, group: str) -> Screen:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is OfferState.ARCHIVED or group not in GROUPS:
        return failures.missing()
    asked = GROUPS[group](found)
    to = turn.do("offer", offer, "save", group, stated=(found.version,))
    form = Form(to, asked.fields, _("Save"), cancel_to=address("offer", offer))
    words = _("{name}. What is booked keeps what was agreed when it was booked.", name=found.name)
    return Screen(asked.title, (Line(words, Tone.QUIET),), (), form=form)


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
        wrong = FIELD_OF.get(outcome.reason or "", "")
        return Invalid({wrong if wrong in names else names[0]: refusals.words(outcome)})
    return refusals.screen(turn, outcome, address("offer", offer))


ROUTES: tuple[Route, ...] = (
    show("offer/{offer:id}/edit/{group:word}", edit, permission=Permission.KEEP_OFFERS),
    do(
        "offer/{offer:id}/save/{group:word}", save, back="offer/{offer:id}/edit/{group:word}",
        permission=Permission.KEEP_OFFERS,
    ),
)
