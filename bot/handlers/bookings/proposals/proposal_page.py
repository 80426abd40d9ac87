"""A coach's proposal of another time: the client answers. Unanswered, the old time stands."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.proposals import ProposalState
from bot.domain.refusals import Refusal
from bot.handlers.bookings.proposals import proposal_of_practice
from bot.handlers.kit import credit_words, failures, phrases, policy_lines, refusals
from bot.handlers.kit.paying import at_the_bank
from bot.services.bookings.reschedule import OpenProposal
from bot.services.desk import Desk


async def page(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None:
        return failures.missing()
    if not found.proposal.is_open(turn.now):
        return _answered(turn, found)
    if found.booking.person_id != turn.person.id:
        return proposal_of_practice.waiting(turn, found)
    return _asked(turn, found) if found.proposal.to_coach_id is None else _asked_to_change(turn, found)


def _asked(turn: Turn, found: OpenProposal) -> Screen:
    proposal, booking = found.proposal, found.booking
    name = proposal_of_practice.by(found)
    decline = _("Decline, with refund") if booking.paid.amount else _("Decline and cancel")
    accept = turn.do("proposal", proposal.id, "accept", stated=_facts(found))
    other = turn.do("proposal", proposal.id, "other", stated=_facts(found))
    return Screen(
        _("{name} asks for another time", name=name),
        (
            Line(phrases.with_coach(booking)),
            Line(_("Now: {when}", when=phrases.when_for_client(booking, turn.person.zone))),
            Line(_("Proposed: {when}", when=proposed_for_client(turn, found)), Tone.STRONG),
            Line(_("Until you answer, the session stays as it is. This uses up none of your moves."), Tone.QUIET),
        ),
        (
            (Button(_("Accept this time"), accept, Style.SUCCESS),),
            (
                Button(_("Other times"), other),
                Button(decline, address("proposal", proposal.id, "decline")),
            ),
            (Button(_("Message"), _write_to(found)), Button(_("My sessions"), "sessions")),
        ),
    )


def _asked_to_change(turn: Turn, found: OpenProposal) -> Screen:
    """Asks whether another coach may take the session over."""
    proposal, booking = found.proposal, found.booking
    zone, old = turn.person.zone or booking.client_zone, booking.coach_name
    if found.to is None or found.place is None:
        return _answered(turn, found)
    new = replace(booking, starts=proposal.starts, coach_name=found.to.name, coach_zone=found.to.zone)
    accept = turn.do("proposal", proposal.id, "accept", stated=_facts(found))
    decline = _("Cancel, with refund") if booking.paid.amount else _("Cancel session")
    until = tell.moment(proposal.expires_at, zone)
    return Screen(
        _("{name} would take your session over", name=found.to.name),
        (
            Line(_("{name} no longer coaches here.", name=old)),
            Line(_("Now: {when}", when=phrases.when_for_client(booking, zone))),
            Line(_("With {name}: {when}", name=found.to.name, when=phrases.when_for_client(new, zone)), Tone.STRONG),
            Line(phrases.place_to_come(found.place)),
            *policy_lines.paid(booking),
            Line(_("Nothing is to be paid for it.")),
            Line(_("Without an answer by {when} it stays with {name}.", when=until, name=old), Tone.QUIET),
            Line(_("Until then cancelling is free of charge."), Tone.QUIET),
        ),
        (
            (Button(_("Take {name}", name=found.to.name), accept, Style.PRIMARY),),
            (Button(decline, address("proposal", proposal.id, "decline"), Style.DANGER),),
            (Button(_("Message"), _write_to(found)), Button(_("My sessions"), "sessions")),
        ),
    )


def _facts(found: OpenProposal) -> tuple[object, ...]:
    facts = (found.proposal.version, found.booking.version, found.proposal.starts, found.booking.paid.amount)
    if found.place is None:
        return facts
    return (*facts, found.proposal.to_coach_id, found.place.kind.value, found.place.details)


def proposed_for_client(turn: Turn, found: OpenProposal) -> str:
    booking = found.booking
    zone = turn.person.zone or booking.client_zone
    return tell.both_clocks(found.proposal.starts, zone, booking.coach_zone, booking.coach_name)


def _write_to(found: OpenProposal) -> str:
    """Where the client writes to who proposed it."""
    by = found.proposal.by_person_id
    return address("write", found.booking.id) if by is None else address("write", found.booking.id, by)


def _answered(turn: Turn, found: OpenProposal) -> Screen:
    """Says what became of a proposal, for its message and for taps on an old one."""
    booking = found.booking
    own = booking.person_id == turn.person.id
    when = phrases.when_for_client if own else phrases.when_for_coach
    return Screen(
        phrases.session(booking, turn.person),
        (Line(_state(found)), Line(when(booking, turn.person.zone), Tone.STRONG)),
        (proposal_of_practice.session_row(booking),),
        over=True,
    )


def _state(found: OpenProposal) -> str:
    state = found.proposal.state
    if found.proposal.to_coach_id is not None and state in {ProposalState.ACCEPTED, ProposalState.LAPSED}:
        return _("The session is with {name}:", name=found.booking.coach_name)
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
            return _("This proposal is no longer open. The session as it is now:")
        case _:
            return _("The proposal was not answered, so this time stands:")


async def ask_decline(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None or found.booking.person_id != turn.person.id:
        return failures.missing()
    if not found.proposal.is_open(turn.now):
        return Redirect(address("proposal", proposal))
    outcome = desk.bookings.cancel_outcome(found.booking, Actor.COACH, turn.now)
    refund = outcome.refund
    lines = [
        Line(phrases.with_coach(found.booking)),
        Line(phrases.when_for_client(found.booking, turn.person.zone)),
    ]
    if refund is not None and refund.amount:
        words = _("The session is cancelled and {amount} goes back to you in full.", amount=tell.amount(refund))
        lines.append(Line(words, Tone.STRONG))
        lines += at_the_bank.lines(await at_the_bank.has(desk, found.booking))
    elif outcome.effect.change is not None:
        zone = turn.person.zone or found.booking.client_zone
        lines += [Line(_("The session is cancelled."), Tone.STRONG), Line(credit_words.returns(outcome, zone))]
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
        return refusals.screen(turn, outcome, back, near=lambda time: address("move", found.booking.id, time.starts))
    name = proposal_of_practice.by(found) if found.to is None else found.to.name
    return Redirect(outcome.next, _("Agreed, and I am letting {name} know.", name=name))


async def decline(turn: Turn, desk: Desk, proposal: int) -> Screen | Redirect:
    found = await _to_answer(turn, desk, proposal)
    if found is None:
        return failures.missing()
    act = turn.act(address("booking", found.booking.id))
    outcome = await desk.moves.decline(act, proposal, found.proposal.version)
    said = _("Declined, and I am letting {name} know.", name=proposal_of_practice.by(found))
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
    found = await desk.moves.proposal(turn.person, proposal, turn.now)
    if found is None or found.booking.person_id != turn.person.id:
        return None
    turn.require(*_facts(found))
    return found


ROUTES: tuple[Route, ...] = (
    show("proposal/{proposal:id}/decline", ask_decline),
    do("proposal/{proposal:id}/accept", accept, back="proposal/{proposal:id}"),
    do("proposal/{proposal:id}/other", other_times, back="proposal/{proposal:id}"),
    do("proposal/{proposal:id}/decline/yes", decline, back="proposal/{proposal:id}"),
)
