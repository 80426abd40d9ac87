"""A coach's proposal of another time: the client answers, the coach sees. Unanswered, the old time stands."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.proposals import Proposal, ProposalState
from bot.domain.refusals import Refusal
from bot.handlers.kit import failures, phrases, refusals
from bot.services.bookings.reschedule import OpenProposal
from bot.services.desk import Desk


async def page(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await desk.moves.proposal(turn.person, proposal)
    if found is None:
        return failures.missing()
    if not _is_open(turn, found.proposal):
        return _answered(turn, found)
    if found.booking.person_id != turn.person.id:
        return _waiting(turn, found)
    return _asked(turn, found)


def _is_open(turn: Turn, proposal: Proposal) -> bool:
    return proposal.state is ProposalState.OPEN and turn.now < proposal.expires_at


def _asked(turn: Turn, found: OpenProposal) -> Screen:
    proposal, booking = found.proposal, found.booking
    name = _by(found)
    decline = _("Decline, with refund") if booking.paid.amount else _("Decline and cancel")
    accept = turn.do("proposal", proposal.id, "accept", stated=_facts(found))
    other = turn.do("proposal", proposal.id, "other", stated=_facts(found))
    return Screen(
        _("{name} asks for another time", name=name),
        (
            Line(phrases.with_coach(booking)),
            Line(_("Now: {when}", when=phrases.when_for_client(booking, turn.person.zone))),
            Line(_("Proposed: {when}", when=_proposed_for_client(turn, found)), Tone.STRONG),
            Line(_("As long as you do not answer, the time of now stands. None of your moves is used up."), Tone.QUIET),
        ),
        (
            (Button(_("Accept this time"), accept, Style.PRIMARY),),
            (
                Button(_("Other times"), other),
                Button(decline, address("proposal", proposal.id, "decline"), Style.DANGER),
            ),
            (Button(_("Message"), address("write", booking.id)), Button(_("My sessions"), "sessions")),
        ),
    )


def _facts(found: OpenProposal) -> tuple[object, ...]:
    return (found.proposal.version, found.booking.version, found.proposal.starts, found.booking.paid.amount)


def _proposed_for_client(turn: Turn, found: OpenProposal) -> str:
    booking = found.booking
    zone = turn.person.zone or booking.client_zone
    return tell.both_clocks(found.proposal.starts, zone, booking.coach_zone, booking.coach_name)


def _proposed_for_coach(turn: Turn, found: OpenProposal) -> str:
    booking = found.booking
    zone = turn.person.zone or booking.coach_zone
    return tell.both_clocks(found.proposal.starts, zone, booking.client_zone, booking.client_name)


def _by(found: OpenProposal) -> str:
    return found.proposal.by_name or found.booking.coach_name


def _proposed(turn: Turn, found: OpenProposal) -> str:
    """The time and who proposed it, for the practice."""
    when = _proposed_for_coach(turn, found)
    if turn.person.id == (found.proposal.by_person_id or found.booking.coach_person_id):
        return _("You proposed: {when}", when=when)
    return _("{name} proposed: {when}", name=_by(found), when=when)


def _waiting(turn: Turn, found: OpenProposal) -> Screen:
    booking = found.booking
    return Screen(
        phrases.session(booking, turn.person),
        (
            Line(_("Now: {when}", when=phrases.when_for_coach(booking, turn.person.zone))),
            Line(_proposed(turn, found), Tone.STRONG),
            Line(_("{name} has not answered yet. Until then the time of now stands.", name=booking.client_name)),
        ),
        (_session_row(booking),),
    )


def _answered(turn: Turn, found: OpenProposal) -> Screen:
    """Says what became of a proposal, for its message and for taps on an old one."""
    booking = found.booking
    own = booking.person_id == turn.person.id
    when = phrases.when_for_client if own else phrases.when_for_coach
    return Screen(
        phrases.session(booking, turn.person),
        (Line(_state(found.proposal.state)), Line(when(booking, turn.person.zone), Tone.STRONG)),
        (_session_row(booking),),
        over=True,
    )


def _state(state: ProposalState) -> str:
    match state:
        case ProposalState.ACCEPTED:
            return _("The new time was accepted.")
        case ProposalState.DECLINED:
            return _("The proposal was declined and the session cancelled.")
        case ProposalState.OTHER:
            return _("Other times were asked for instead. Until one is chosen, this time stands:")
        case ProposalState.MOVED:
            return _("Another time was chosen instead. The session as it is now:")
        case ProposalState.WITHDRAWN:
            return _("This proposal no longer holds. The session as it is now:")
        case _:
            return _("The proposal was not answered, so this time stands:")


def _session_row(booking: Booking) -> Row:
    return (Button(_("The session"), address("booking", booking.id)), Button(_("Start"), "start"))


async def ask_decline(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await desk.moves.proposal(turn.person, proposal)
    if found is None or found.booking.person_id != turn.person.id:
        return failures.missing()
    if not _is_open(turn, found.proposal):
        return Redirect(address("proposal", proposal))
    refund = desk.bookings.cancel_outcome(found.booking, Actor.COACH, turn.now).refund
    lines = [
        Line(phrases.with_coach(found.booking)),
        Line(phrases.when_for_client(found.booking, turn.person.zone)),
    ]
    if refund is not None and refund.amount:
        words = _("The session is cancelled and {amount} goes back to you in full.", amount=tell.amount(refund))
        lines.append(Line(words, Tone.STRONG))
    else:
        lines.append(Line(_("The session is cancelled. It costs you nothing."), Tone.STRONG))
    yes = turn.do("proposal", proposal, "decline", "yes", stated=_facts(found))
    return Screen(
        _("Decline and cancel?"),
        tuple(lines),
        (
            (Button(_("Cancel session"), yes, Style.DANGER),),
            (Button(_("Back"), address("proposal", proposal)),),
        ),
    )


async def accept(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await _to_answer(turn, desk, proposal)
    if found is None:
        return failures.missing()
    act = turn.act(address("booking", found.booking.id))
    outcome = await desk.moves.accept(act, proposal, found.proposal.version)
    if isinstance(outcome, Refusal):
        back = address("booking", found.booking.id)
        return refusals.screen(
            turn, outcome, back, near=lambda time: address("move", found.booking.id, time.starts)
        )
    return Redirect(outcome.next, _("Agreed, and {name} is told.", name=_by(found)))


async def decline(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await _to_answer(turn, desk, proposal)
    if found is None:
        return failures.missing()
    act = turn.act(address("booking", found.booking.id))
    outcome = await desk.moves.decline(act, proposal, found.proposal.version)
    said = _("Declined, and {name} is told.", name=_by(found))
    return refusals.or_next(turn, outcome, address("booking", found.booking.id), said)


async def other_times(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await _to_answer(turn, desk, proposal)
    if found is None:
        return failures.missing()
    act = turn.act(address("move", found.booking.id))
    outcome = await desk.moves.other_times(act, proposal, found.proposal.version)
    said = _("Choose a time that suits you; this move is free and not counted.")
    return refusals.or_next(turn, outcome, address("booking", found.booking.id), said)


async def _to_answer(turn: Turn, desk: Desk, proposal: int) -> OpenProposal | None:
    found = await desk.moves.proposal(turn.person, proposal)
    if found is None or found.booking.person_id != turn.person.id:
        return None
    turn.require(*_facts(found))
    return found


async def told(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    """Tells the coach how the client answered, or that nobody did."""
    found = await desk.moves.proposal(turn.person, proposal)
    if found is None or found.booking.person_id == turn.person.id:
        return Redirect("gone")
    booking, state = found.booking, found.proposal.state
    first = Button(_("The session"), address("booking", booking.id))
    row: Row = (first, Button(_("Message"), address("write", booking.id)))
    if state is ProposalState.OTHER:
        row = (Button(_("Propose a time"), address("propose", booking.id), Style.PRIMARY), *row)
    lines = [
        Line(phrases.session(booking, turn.person)),
        Line(_proposed(turn, found)),
        Line(_answer_words(state, booking), Tone.STRONG),
    ]
    if booking.state is BookingState.CONFIRMED:
        lines.append(Line(_("It is on: {when}", when=phrases.when_for_coach(booking, turn.person.zone))))
    title = _("Your proposal to {name}", name=booking.client_name)
    if turn.person.id != (found.proposal.by_person_id or booking.coach_person_id):
        title = _("The proposal to {name}", name=booking.client_name)
    return Screen(title, tuple(lines), (row,))


def _answer_words(state: ProposalState, booking: Booking) -> str:
    name = booking.client_name
    match state:
        case ProposalState.ACCEPTED:
            return _("{name} accepted the new time.", name=name)
        case ProposalState.DECLINED:
            return _("{name} declined, so the session is cancelled and what was paid goes back.", name=name)
        case ProposalState.OTHER:
            return _("{name} would like another time and can choose one.", name=name)
        case ProposalState.MOVED:
            return _("{name} chose another time.", name=name)
        case ProposalState.WITHDRAWN:
            return _("This proposal no longer holds.")
        case _:
            return _("{name} did not answer, so the time stands.", name=name)


ROUTES: tuple[Route, ...] = (
    show("proposal/{proposal:id}/decline", ask_decline),
    do("proposal/{proposal:id}/accept", accept, back="proposal/{proposal:id}"),
    do("proposal/{proposal:id}/other", other_times, back="proposal/{proposal:id}"),
    do("proposal/{proposal:id}/decline/yes", decline, back="proposal/{proposal:id}"),
)
