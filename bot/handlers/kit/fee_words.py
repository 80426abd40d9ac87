"""Sentences about fees for a late cancel and for not coming: what is agreed to, what one costs, and how it stands."""

from datetime import datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.screen import Button, Line, Row, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Policy
from bot.domain.payments.cards import Card
from bot.domain.payments.fees import FeeKind, Fees
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderState
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code
from bot.handlers.kit import card_words, phrases
from bot.services.desk import Desk
from bot.services.fees.fees import ChargedFee


def agreement(desk: Desk, fees: Fees, policy: Policy) -> str:
    """What a client agrees to: these words are stored, with the day and the language."""
    said, ceiling = [], fees.ceiling
    assert ceiling is not None
    if fees.late_cancel is not None:
        before, fee = tell.minutes(policy.cancel_cutoff_min), tell.amount(fees.late_cancel)
        said.append(_("If you cancel less than {length} before it starts, you pay {fee}.", length=before, fee=fee))
    if fees.no_show is not None:
        said.append(_("If you do not come, your coach can charge you {fee}.", fee=tell.amount(fees.no_show)))
    most, provider = tell.amount(ceiling), phrases.provider(desk)
    words = _("It is charged once, {most} at most, to the card that {provider} keeps.")
    said.append(words.format(most=most, provider=provider))
    said.append(_("For that you tap nothing more. You can take this back for later bookings: /settings, Cards."))
    return str(joined(" ", said))


def not_coming(fees: Fees) -> list[Line]:
    if fees.no_show is None:
        return []
    return [Line(_("Not coming costs {fee}.", fee=tell.amount(fees.no_show)), Tone.TERMS)]


def of_offer(offer: Offer) -> list[str]:
    """For whoever keeps it: what is charged, and when."""
    said = []
    if offer.fees.late_cancel is not None:
        said.append(_("Fee for a late cancel: {fee}", fee=tell.amount(offer.fees.late_cancel)))
    if offer.fees.no_show is not None:
        said.append(_("Fee for not coming: {fee}", fee=tell.amount(offer.fees.no_show)))
    return said


def when_asked(offer: Offer) -> str:
    """Of which sessions of this offer a fee is asked."""
    if not offer.price:
        return _("Nobody pays for this offer, so each client agrees to its fees when they book, and has a card kept.")
    return _(
        "A fee is asked only where a code makes the session free. Whoever pays for it, or has a credit, "
        "loses that by a late cancel, and pays no fee."
    )


def untaxed() -> str:
    """For owners, while tax is on."""
    return _("No tax is calculated on fees. If your country taxes them, the tax is in the amount that you ask for.")


def plainly(code: Code) -> str | None:
    """Why nothing was booked, for who has yet to agree."""
    match code:
        case Code.NO_CARD:
            return _("For this a card must be kept. Nothing was booked.")
        case Code.ONE_BY_ONE:
            return _("Its fees are agreed to at each booking, so book these sessions one by one. Nothing was booked.")
    return None


def name(kind: FeeKind) -> str:
    return _("Fee for not coming") if kind is FeeKind.NO_SHOW else _("Fee for cancelling late")


def state(fee: ChargedFee, *, own: bool) -> list[str]:
    """How it stands, to who owes it (`own`), or to the side of the practice."""
    card, who = _("the kept card") if fee.card is None else card_words.short(fee.card), fee.booking.client_name
    match fee.state:
        case OrderState.PAID if fee.booking.fee is None:
            return [_("It was paid, and goes back to the card; that can take some days.")]
        case OrderState.PAID:
            return [_("It is paid.")]
        case OrderState.CLOSED:
            return [_("It is not to be paid any more.")]
    if fee.tries_again and fee.declined is None:
        return [_("I charge it to {card}.", card=card)]
    said = [_("You owe it.") if own else _("{name} owes it.", name=who)]
    if fee.declined is not None and not (own and fee.in_hand):  # the ways to pay say so
        said.append(_("The bank did not let me charge {card}.", card=card))
    if fee.tries_again:
        said.append(_("I try that card once more, the day after the fee came up, and never again."))
    elif fee.card is None and not own:
        said.append(_("There was no kept card to charge."))
    return said


async def beside(turn: Turn, desk: Desk, booking: Booking) -> tuple[list[Line], list[Row]]:
    """On the page of a session: its fee, how that stands, and the way to its own page."""
    fee = await desk.fees.of_booking(booking)
    if fee is None:
        return [], []
    own = fee.person_id == turn.person.id
    what = _("{what}: {price}.", what=name(fee.kind), price=tell.amount(fee.amount))
    said = joined(" ", [what, *state(fee, own=own)])
    pay = own and fee.is_owed and not (fee.tries_again and fee.declined is None)
    words = _("Pay the fee") if pay else _("The fee")
    return [Line(said)], [(Button(words, address("fee", fee.order_id), Style.PRIMARY if pay else Style.PLAIN),)]


async def card_of(desk: Desk, person_id: int, now: datetime) -> Card | None:
    """The kept card that a fee of this client is charged to; None where none is good."""
    kept = (await desk.cards.of(person_id, now)).cards
    return next((each for each in kept if each.is_good(now)), None)


async def charged_to(turn: Turn, desk: Desk, fee: Money) -> str:
    """Before the tap that brings the fee about: where it is charged."""
    card = await card_of(desk, turn.person.id, turn.now)
    if card is None:
        return _("No card of yours is kept any more, so I give you a page to pay {fee}.", fee=tell.amount(fee))
    return _("I charge it to {card}.", card=card_words.short(card))
