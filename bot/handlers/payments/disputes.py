"""To owners: what a client's bank says against a payment, until when to answer with what, and what follows."""

from collections.abc import Callable, Mapping

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import NoticeKind, address_of, page_of
from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.orders import LineKind
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, phrases, refusals
from bot.services.desk import Desk
from bot.services.disputes.disputes import DisputePage

PAGE = page_of(NoticeKind.DISPUTE)
MOST_NAMED = 4

# What banks say, by the provider's word for it; any other is shown as it is.
_REASONS: Mapping[str, Callable[[], str]] = {
    "credit_not_processed": lambda: _("The client waits for money that was to go back."),
    "duplicate": lambda: _("The client says that it was charged twice."),
    "fraudulent": lambda: _("The card holder says that they did not pay this."),
    "made_with_stolen_card": lambda: _("The card is thought to be stolen."),
    "made_with_lost_card": lambda: _("The card is thought to be lost."),
    "product_not_received": lambda: _("The client says that they did not get it."),
    "product_unacceptable": lambda: _("The client says that it was not what was told."),
    "unrecognized": lambda: _("The card holder does not recognise it."),
}


async def page(turn: Turn, desk: Desk, dispute: int) -> Screen | Redirect:
    found = await desk.disputes.page(dispute)
    if found is None:
        return failures.missing()
    provider = phrases.provider(desk)
    paid, amount = tell.amount(found.payment.amount), tell.amount(found.dispute.amount)
    lines = [
        Line(_("{amount} from {name}: {what}", amount=paid, name=found.client_name, what=_what(turn, found))),
        Line(_happened(found, provider, amount), Tone.STRONG),
        *_reason(found),
        *_what_follows(turn, found, provider),
        *_sessions(turn, found),
    ]
    return Screen(_title(found.dispute.state), tuple(lines), tuple(_rows(turn, found)))


def _title(state: DisputeState) -> str:
    match state:
        case DisputeState.WARNED:
            return _("A payment may be fraud")
        case DisputeState.SPARED:
            return _("A warning is settled")
        case DisputeState.ASKED | DisputeState.ASKED_REVIEW:
            return _("A bank asks about a payment")
        case DisputeState.OPEN | DisputeState.REVIEW:
            return _("A payment is disputed")
        case DisputeState.DROPPED:
            return _("The bank asks no more")
        case DisputeState.WON:
            return _("The dispute is won")
        case DisputeState.LOST:
            return _("The dispute is lost")


def _happened(found: DisputePage, provider: str, amount: str) -> str:
    match found.dispute.state:
        case DisputeState.WARNED:
            return _("The card network thinks that this payment was fraud.")
        case DisputeState.SPARED:
            return _("The card network's warning needs nothing more.")
        case DisputeState.ASKED:
            return _("The client's bank asks what it was for. No money has moved.")
        case DisputeState.ASKED_REVIEW | DisputeState.REVIEW:
            return _("The bank has your answer and decides.")
        case DisputeState.OPEN:
            return _("The client's bank has taken {amount} back, until it is decided whose it is.", amount=amount)
        case DisputeState.DROPPED:
            return _("No money has moved, and nothing changes.")
        case DisputeState.WON:
            return _("{provider} has put {amount} back to you.", provider=provider, amount=amount)
        case DisputeState.LOST:
            return _("The client's bank keeps {amount}.", amount=amount)


def _reason(found: DisputePage) -> list[Line]:
    if not found.dispute.reason or not found.dispute.is_open:
        return []
    known = _REASONS.get(found.dispute.reason)
    words = _("Reason: {reason}", reason=found.dispute.reason.replace("_", " "))
    return [Line(words if known is None else known())]


def _what_follows(turn: Turn, found: DisputePage, provider: str) -> list[Line]:
    dispute = found.dispute
    lines = []
    if dispute.due_by is not None:
        until = tell.moment(dispute.due_by, turn.zone)
        lines.append(Line(_("Answer in {provider} until {until}.", provider=provider, until=until), Tone.STRONG))
        lines += _to_send(turn, found)
    if dispute.state is DisputeState.OPEN:
        lines.append(Line(_("Booked sessions stay until you decide. Nothing can go back to the client meanwhile.")))
    if dispute.state in (DisputeState.OPEN, DisputeState.REVIEW) and found.frozen:
        lines.append(Line(_on_hold(found.frozen)))
    if dispute.state is DisputeState.LOST:
        lines += _lost(found)
    if dispute.state in (DisputeState.WON, DisputeState.LOST) and dispute.fee:
        fee = tell.amount(dispute.fee)
        lines.append(Line(_("{provider} kept {fee} for it.", provider=provider, fee=fee), Tone.QUIET))
    if dispute.state is DisputeState.WON and found.frozen:
        lines.append(Line(_("What was on hold can be used again, for as much longer as it was on hold.")))
    return [*lines, *_to_spare(found, provider)]


def _on_hold(number: int) -> str:
    return ngettext("{n} unused session is on hold.", "{n} unused sessions are on hold.", number)


def _to_send(turn: Turn, found: DisputePage) -> list[Line]:
    """What helps there, as far as it is known here."""
    said = [_("what was agreed on cancelling, and your messages with the client")]
    held = [each for each in found.sessions if _is_over(each, turn)]
    if held:
        days = ", ".join(tell.moment(each.starts, turn.zone) for each in held[-MOST_NAMED:])
        one, count = _("{n} session that took place: {days}", n=1, days=days), len(held)
        said.insert(0, one if count == 1 else _("{n} sessions that took place: {days}", n=count, days=days))
    if found.receipt is not None:
        said.insert(0, _("the receipt {number}", number=found.receipt))
    return [Line(_("You can send: {what}.", what="; ".join(said)))]


def _lost(found: DisputePage) -> list[Line]:
    lines = []
    if found.frozen:
        lines.append(Line(ngettext("{n} unused session is lost with it.", "{n} unused sessions are lost with it.",
                                   found.frozen)))  # fmt: skip
    if found.twice:
        amount, name = tell.amount(found.twice), found.client_name
        words = _("Paid twice: {name} got {amount} from you and from the bank.", name=name, amount=amount)
        lines.append(Line(words, Tone.STRONG))
    return lines


def _to_spare(found: DisputePage, provider: str) -> list[Line]:
    if not found.may_be_spared:
        return []
    lines = [Line(_("Giving it back now may spare you a dispute and {provider}'s fee for it.", provider=provider))]
    if _is_package(found):
        lines.append(Line(_("What is unused of the package is lost then. Booked sessions stay until you cancel them.")))
    else:
        lines.append(Line(_("The session stays booked until you cancel it.")))
    return lines


def _sessions(turn: Turn, found: DisputePage) -> list[Line]:
    """Those to come, which the owner decides about; the client's page has those that are not named."""
    coming = _to_come(turn, found)
    lines = [
        Line(_("{what}, {when}", what=phrases.session(each, turn.person), when=tell.moment(each.starts, turn.zone)))
        for each in coming[:MOST_NAMED]
    ]
    more = len(coming) - len(lines)
    return [*lines, Line(ngettext("And {n} more.", "And {n} more.", more))] if more else lines


def _to_come(turn: Turn, found: DisputePage) -> list[Booking]:
    return [each for each in found.sessions if each.state is BookingState.CONFIRMED and each.starts > turn.now]


def _is_over(booking: Booking, turn: Turn) -> bool:
    return booking.state is BookingState.CONFIRMED and booking.ends <= turn.now


def _is_package(found: DisputePage) -> bool:
    return found.order is not None and bool(found.order.of_kind(LineKind.PACKAGE))


def _what(turn: Turn, found: DisputePage) -> str:
    named = [] if found.order is None else [line.name for line in found.order.lines if line.name is not None]
    paid = [phrases.session(each, turn.person) for each in found.sessions if each.credit is None]
    return ", ".join((*named, *paid)) or _("an order")


def _rows(turn: Turn, found: DisputePage) -> list[Row]:
    rows: list[Row] = []
    if found.may_be_spared:
        back = turn.do("dispute", found.dispute.id, "give-back", stated=(found.left.amount,))
        rows.append((Button(_("Give back {amount}", amount=tell.amount(found.left)), back, Style.DANGER),))
    rows += [
        (Button(tell.moment(each.starts, turn.zone), address("booking", each.id)),)
        for each in _to_come(turn, found)[:MOST_NAMED]
    ]
    client = (Button(_("The client"), address("client", found.person_id)),) if found.person_id else ()
    return [*rows, (*client, Button(_("Start"), "start"))]


async def give_back(turn: Turn, desk: Desk, dispute: int) -> Screen | Redirect:
    found = await desk.disputes.page(dispute)
    if found is None:
        return failures.missing()
    turn.require(found.left.amount)
    back = address_of(NoticeKind.DISPUTE, dispute)
    outcome = await desk.disputes.give_back(turn.act(back), dispute, found.left)
    return refusals.or_next(turn, outcome, back, _("It goes back."))


ROUTES: tuple[Route, ...] = (
    do("dispute/{dispute:id}/give-back", give_back, back=f"{PAGE}/{{dispute:id}}", permission=Permission.SET_UP),
)
"""The page itself is that of its notice."""
