"""The last step to a session that nothing is paid for: its client agrees to the fees, for which a card is kept."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Kept, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.fees import Fees
from bot.handlers.bookings import hold_page
from bot.handlers.kit import card_words, failures, fee_words, phrases, policy_lines, refusals
from bot.services.desk import Desk

PAGE = "hold/{booking:id}/fees"


async def page(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    if not hold_page.waits_for_fees(found, turn.now) or found.hold_ends is None:
        return Redirect(address("hold", booking))
    fees, zone = await _fees(desk, found), turn.person.zone or found.client_zone
    if not fees:
        return _nothing_asked(turn, found)
    words = fee_words.agreement(desk, fees, found.terms.policy)
    card = await fee_words.card_of(desk, turn.person.id, turn.now)
    lines = [
        Line(phrases.when_for_client(found, zone), Tone.STRONG),
        Line(phrases.price(found.terms)),
        *policy_lines.policy(found.terms, found.starts, zone, turn.now, fees=fees),
        Line(words, Tone.TERMS),
        Line(phrases.held_until(found.hold_ends, zone)),
    ]
    if card is None:
        lines.append(Line(_("For this a card must be kept. Nothing is charged now.")))
        wait = turn.do("hold", booking, "card-first", stated=(found.version,))
        first: Row = (Button(_("Keep a card"), wait, Style.PRIMARY),)
    else:
        lines.append(Line(_("The card is {card}. Nothing is charged now.", card=card_words.short(card))))
        agreed = turn.do("hold", booking, "agree", stated=(found.version, words))
        first = (Button(_("I agree, book it"), agreed, Style.SUCCESS),)
    return Screen(_title(found), tuple(lines), (first, _last(turn, found)), kept=_kept(found))


def _nothing_asked(turn: Turn, booking: Booking) -> Screen:
    """The practice asks for no fee any more: who lets it go can book it at once."""
    lines = (Line(_("No fee is asked for this any more. Let it go and book it again: then it is booked at once.")),)
    return Screen(_title(booking), lines, (_last(turn, booking),), kept=_kept(booking))


def _title(booking: Booking) -> str:
    return _("One more step: {what}", what=phrases.with_coach(booking))


def _kept(booking: Booking) -> Kept:
    return Kept(NoticeKind.HOLD, booking.subject)


def _last(turn: Turn, booking: Booking) -> Row:
    release = turn.do("hold", booking.id, "release", stated=(booking.version,))
    times = Button(_("Other times"), address("days", booking.offer_id, booking.coach_id))
    return (Button(_("Let it go"), release, Style.DANGER), times)


async def agree(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    fees = await _fees(desk, found)
    if not fees:
        return Redirect(address("hold", booking))
    words = fee_words.agreement(desk, fees, found.terms.policy)
    turn.require(found.version, words)
    act = turn.act("notice/booked/{id}")
    outcome = await desk.fees.agree(act, booking, found.version, fees, words)
    return refusals.or_next(turn, outcome, address("hold", booking))


async def card_first(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    """The time stays held for as long as a hold can last, and the page of a card follows."""
    found = await hold_page.own(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.fees.wait_for_card(turn.act("cards/add"), booking, found.version)
    return refusals.or_next(turn, outcome, address("hold", booking))


async def _fees(desk: Desk, booking: Booking) -> Fees:
    return desk.fees.asked(await desk.offers.find(booking.offer_id), booking.terms.price)


ROUTES: tuple[Route, ...] = (
    show(PAGE, page),
    do("hold/{booking:id}/agree", agree, back=PAGE),
    do("hold/{booking:id}/card-first", card_first, back=PAGE),
)
