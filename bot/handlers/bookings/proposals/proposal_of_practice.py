"""A proposal of another time as coach and owner see it: open it is seen and withdrawn, and its answer is told."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.proposals import Proposal, ProposalState
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.kit.credit_words import is_bound
from bot.services.bookings.reschedule import OpenProposal
from bot.services.desk import Desk

SHOWN = 3


async def of(turn: Turn, desk: Desk, booking: Booking) -> OpenProposal | None:
    """The proposal about this booking that can still be answered."""
    found = None if booking.proposal is None else await desk.moves.proposal(turn.person, booking.proposal, turn.now)
    return found if found is not None and found.proposal.is_open(turn.now) else None


def proposed(turn: Turn, found: OpenProposal) -> str:
    booking = found.booking
    zone = turn.person.zone or booking.coach_zone
    if found.proposal.to_coach_id is not None:
        name = found.to.name if found.to is not None else _("another coach")
        return _("with {name}, {when}", name=name, when=tell.moment(found.proposal.starts, zone))
    return tell.both_clocks(found.proposal.starts, zone, booking.client_zone, booking.client_name)


def by(found: OpenProposal) -> str:
    return found.proposal.by_name or found.booking.coach_name


def is_own(turn: Turn, found: OpenProposal) -> bool:
    return turn.person.id == (found.proposal.by_person_id or found.booking.coach_person_id)


def _proposed_by(turn: Turn, found: OpenProposal) -> str:
    """The time and who proposed it, for the practice."""
    when = proposed(turn, found)
    if is_own(turn, found):
        return _("You proposed: {when}", when=when)
    return _("{name} proposed: {when}", name=by(found), when=when)


def lines(turn: Turn, found: OpenProposal) -> list[Line]:
    return [
        Line(_proposed_by(turn, found), Tone.STRONG),
        Line(_("{name} has not answered yet. Until then the session stays as it is.", name=found.booking.client_name)),
    ]


def withdraw_button(turn: Turn, found: OpenProposal) -> Button:
    to = turn.do("proposal", found.proposal.id, "withdraw", stated=(found.proposal.version,))
    return Button(_("Withdraw proposal"), to)


def session_row(booking: Booking) -> Row:
    return (Button(_("The session"), address("booking", booking.id)), Button(_("Start"), "start"))


def waiting(turn: Turn, found: OpenProposal) -> Screen:
    booking = found.booking
    acts: Row = (withdraw_button(turn, found),)
    if not booking.coach_gone:
        acts = (*acts, Button(_("Propose another"), address("propose", booking.id)))
    return Screen(
        phrases.session(booking, turn.person),
        (Line(_("Now: {when}", when=phrases.when_for_coach(booking, turn.person.zone))), *lines(turn, found)),
        (acts, session_row(booking)),
    )


async def asked(turn: Turn, desk: Desk, those: tuple[Proposal, ...]) -> tuple[list[Line], list[Row]]:
    """Words and a button for the first of the proposals that wait for their client, or whose client wants others."""
    said: list[Line] = []
    rows: list[Row] = []
    for proposal in those[:SHOWN]:
        found = await desk.moves.proposal(turn.person, proposal.id, turn.now)
        if found is None:
            continue
        name = found.booking.client_name
        if proposal.state is ProposalState.OPEN:
            words = _("Proposed to {name}: {when}. No answer yet.", name=name, when=proposed(turn, found))
            button = Button(_("Proposal to {name}", name=name), address("proposal", proposal.id))
        else:
            when = phrases.when_for_coach(found.booking, turn.person.zone)
            words = _("{name} would like another time than {when}.", name=name, when=when)
            button = Button(_("Propose to {name}", name=name), address("propose", found.booking.id))
        said.append(Line(words, Tone.STRONG))
        rows.append((button,))
    return said, rows


async def withdraw(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None or found.booking.person_id == turn.person.id:
        return failures.missing()
    turn.require(found.proposal.version)
    back = address("booking", found.booking.id)
    outcome = await desk.moves.withdraw(turn.act(back), proposal, found.proposal.version)
    return refusals.or_next(turn, outcome, back, _("Withdrawn: the session stays where it is."))


async def withdrawn(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    """Tells those who know of it and did not withdraw it."""
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None or found.proposal.state is not ProposalState.WITHDRAWN:
        return Redirect("gone")
    booking, who = found.booking, await desk.moves.withdrawn_by(found)
    name = by(found) if who is None else who[1]
    if booking.person_id == turn.person.id:
        words = _("{name} no longer asks for another time. It stays:", name=name)
        if found.to is not None:
            words = _("{name} no longer asks you to change to {coach}. It stays:", name=name, coach=found.to.name)
        when = phrases.when_for_client(booking, turn.person.zone)
    else:
        words = _("{name} withdrew the proposal of another time. It stays:", name=name)
        if found.to is not None:
            words = _("{name} withdrew the proposal that {coach} takes over. It stays:", name=name, coach=found.to.name)
        when = phrases.when_for_coach(booking, turn.person.zone)
    return Screen(
        phrases.session(booking, turn.person),
        (Line(words), Line(when, Tone.STRONG)),
        (session_row(booking),),
        over=booking.state is not BookingState.CONFIRMED,
    )


async def told(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    """Tells the coach how the client answered, or that nobody did."""
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None or found.booking.person_id == turn.person.id:
        return Redirect("gone")
    booking, state = found.booking, found.proposal.state
    if found.proposal.to_coach_id is not None:
        return _handed_over(turn, found)
    first = Button(_("The session"), address("booking", booking.id))
    row: Row = (first, Button(_("Message"), address("write", booking.id)))
    if state is ProposalState.OTHER:
        row = (Button(_("Propose a time"), address("propose", booking.id), Style.PRIMARY), *row)
    lines = [
        Line(phrases.session(booking, turn.person)),
        Line(_proposed_by(turn, found)),
        Line(_answer_words(state, booking), Tone.STRONG),
    ]
    if booking.state is BookingState.CONFIRMED:
        when = phrases.when_for_coach(booking, turn.person.zone)
        moved = state in {ProposalState.ACCEPTED, ProposalState.MOVED}
        lines.append(Line(_("The session: {when}", when=when) if moved else _("No change: {when}", when=when)))
    title = _("Your proposal to {name}", name=booking.client_name)
    if not is_own(turn, found):
        title = _("The proposal to {name}", name=booking.client_name)
    return Screen(title, tuple(lines), (row,))


def _handed_over(turn: Turn, found: OpenProposal) -> Screen:
    """What became of the question whether another coach takes a session over: for who asked, and whose it was."""
    booking, client = found.booking, found.booking.client_name
    names = {"client": client, "name": found.to.name if found.to is not None else _("another coach")}
    match found.proposal.state:
        case ProposalState.ACCEPTED:
            words = _("{client} agreed: {name} has taken the session over.", **names)
        case ProposalState.DECLINED:
            words = _("{client} cancelled it, and what was paid goes back.", **names)
            if is_bound(booking.credit):
                words = _("{client} cancelled it.", **names)
        case ProposalState.LAPSED:
            words = _("{client} did not answer. It stays with {coach}.", client=client, coach=booking.coach_name)
        case _:
            words = _("This proposal is no longer open.")
    lines = [Line(_("{offer} with {client}", offer=booking.terms.offer_name, client=client)), Line(words, Tone.STRONG)]
    row: Row = (Button(_("Start"), "start"),)
    if turn.person.id == booking.coach_person_id or turn.may(Permission.KEEP_EVERY_BOOKING):
        row = session_row(booking)
        if booking.state is BookingState.CONFIRMED:
            lines.append(Line(_("The session: {when}", when=phrases.when_for_coach(booking, turn.person.zone))))
    return Screen(_("Another coach for {name}", name=client), tuple(lines), (row,))


def _answer_words(state: ProposalState, booking: Booking) -> str:
    name = booking.client_name
    match state:
        case ProposalState.ACCEPTED:
            return _("{name} accepted the new time.", name=name)
        case ProposalState.DECLINED:
            if is_bound(booking.credit):
                return _("{name} declined, so the session is cancelled.", name=name)
            return _("{name} declined, so the session is cancelled and what was paid goes back.", name=name)
        case ProposalState.OTHER:
            return _("{name} would like another time and can choose one.", name=name)
        case ProposalState.MOVED:
            return _("{name} chose another time.", name=name)
        case ProposalState.WITHDRAWN:
            return _("This proposal is no longer open.")
        case _:
            return _("{name} did not answer, so the session stays as it was.", name=name)


ROUTES: tuple[Route, ...] = (do("proposal/{proposal:id}/withdraw", withdraw, back="proposal/{proposal:id}"),)
