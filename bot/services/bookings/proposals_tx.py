"""Makes, answers and ends a coach's proposal to reschedule, inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Ending
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.proposals import Proposal, ProposalState
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Person
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Place
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import booking_changes, handover_tx, reschedule_tx
from bot.services.calendar.free_times import Moving
from bot.services.kit.audit_note import note
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings, proposals
from storage.engine import Tx
from storage.instants import to_epoch
from storage.journal import audit
from storage.journal.unreadable import each_alone
from storage.notices import outbox
from storage.people import people
from storage.practice import coaches, offers

WITHDRAWN = "booking.proposal_withdrawn"


@dataclass(frozen=True)
class OpenProposal:
    """A proposal and the booking that it is about. `to` would take it over, at `place`; None: only its time moves."""

    proposal: Proposal
    booking: Booking
    to: Coach | None = None
    place: Place | None = None


def find(tx: Tx, person: Person, proposal_id: int, now: datetime) -> OpenProposal | None:
    proposal = proposals.find(tx, proposal_id)
    booking = None if proposal is None else bookings.find(tx, proposal.booking_id)
    if proposal is None or booking is None:
        return None
    had_it = booking.ends > now and _had_it(tx, person, proposal)
    if booking_changes.side(person, booking, now) is None and not had_it:
        return None
    if proposal.to_coach_id is None:
        return OpenProposal(proposal, booking)
    to, offer = coaches.find(tx, proposal.to_coach_id), offers.find(tx, booking.offer_id)
    return OpenProposal(proposal, booking, to, None if to is None or offer is None else to.place_for(offer))


def _had_it(tx: Tx, person: Person, proposal: Proposal) -> bool:
    """Whether it was this person's session before somebody else took it over."""
    coach = None if proposal.from_coach_id is None else coaches.find(tx, proposal.from_coach_id)
    return coach is not None and coach.person_id == person.id


def propose(tx: Tx, act: Act, booking_id: int, version: int, at: datetime) -> int | Refusal:
    """Propose a time without taking it: it is checked again when the client accepts."""
    booking = bookings.find(tx, booking_id)
    if booking is None or booking_changes.side(act.person, booking, act.now) is not Actor.COACH:
        return Refusal(Code.NOT_FOUND)
    if booking.state is not BookingState.CONFIRMED or booking.starts <= act.now:
        return Refusal(Code.ALREADY_OVER)
    if booking.version != version:
        return Refusal(Code.CHANGED)
    before = None if booking.proposal is None else proposals.find(tx, booking.proposal)
    if before is not None and before.is_open(act.now) and (before.starts, before.by_person_id) == (at, act.person.id):
        return before.id  # asked once more: the question stands
    refusal = reschedule_tx.hindrance(tx, Moving(booking, by_coach=True), at, act.now)
    if refusal is not None:
        return refusal
    proposals.close(tx, booking.id, ProposalState.WITHDRAWN)
    outbox.cancel(tx, subject=booking.subject, kinds={NoticeKind.PROPOSAL}, note="withdrawn")
    outbox.ask_correction(tx, booking.subject, act.now, {NoticeKind.PROPOSAL})
    made = proposals.insert(tx, booking.id, act.person.id, at, min(at, booking.starts), act.now)
    note(tx, act, "booking.move_proposed", booking.subject, after={"proposal": made, "starts": to_epoch(at)})
    _tell_proposed(tx, act, booking, made, min(at, booking.starts))
    return made


def _tell_proposed(tx: Tx, act: Act, booking: Booking, proposal_id: int, expires: datetime) -> None:
    """Ask the client, and let the coach know where somebody else of the practice proposed it."""
    told = {booking.person_id: f"proposal:{proposal_id}"}
    if booking.coach_person_id not in (act.person.id, booking.person_id):
        told[booking.coach_person_id] = f"proposal:{proposal_id}:coach"
    address = address_of(NoticeKind.PROPOSAL, proposal_id)
    notices = [
        Notice(key, person_id, NoticeKind.PROPOSAL, address, act.now, expires, booking.subject)
        for person_id, key in told.items()
    ]
    outbox.put_all(tx, notices, act.now)


def accept(tx: Tx, react: Reaction, act: Act, proposal_id: int, version: int) -> int | Refusal:
    found = _to_answer(tx, act, proposal_id, version)
    if isinstance(found, Refusal):
        return found
    proposal, booking = found.proposal, found.booking
    if proposal.to_coach_id is not None:
        taken = handover_tx.take_over(tx, react, act, proposal, booking)
        if not isinstance(taken, Refusal):
            _tell_answer(tx, proposal, booking, act.now)
        return taken
    tx.lock_coach(booking.coach_id)
    done = reschedule_tx.relocate(
        tx, react, act, Moving(booking, by_coach=True), proposal.starts,
        reschedule_tx.outcome_of(booking, Actor.COACH, act.now), answers=ProposalState.ACCEPTED,
    )  # fmt: skip
    if not isinstance(done, Refusal):
        _tell_answer(tx, proposal, booking, act.now)
    return done


def decline(tx: Tx, react: Reaction, act: Act, proposal_id: int, version: int) -> int | Refusal:
    found = _to_answer(tx, act, proposal_id, version)
    if isinstance(found, Refusal):
        return found
    proposal, booking = found.proposal, found.booking
    if not proposals.answer(tx, proposal, ProposalState.DECLINED):
        return Refusal(Code.CHANGED)
    everything = booking_changes.outcome_of(booking, Actor.COACH, act.now)
    ending = Ending(BookingState.CANCELLED, "client", act.cause, outcome=everything, refund_for="declined")
    booking_changes.end(tx, react, booking, ending)
    _tell_answer(tx, proposal, booking, act.now)
    return booking.id


def other_times(tx: Tx, act: Act, proposal_id: int, version: int) -> int | Refusal:
    found = _to_answer(tx, act, proposal_id, version)
    if isinstance(found, Refusal):
        return found
    if not proposals.answer(tx, found.proposal, ProposalState.OTHER):
        return Refusal(Code.CHANGED)
    note(tx, act, "booking.other_times_wanted", found.booking.subject, after={"proposal": proposal_id})
    outbox.ask_correction(tx, found.booking.subject, act.now, {NoticeKind.PROPOSAL})
    _tell_answer(tx, found.proposal, found.booking, act.now)
    return found.booking.id


def withdraw(tx: Tx, act: Act, proposal_id: int, version: int) -> int | Refusal:
    """End it before an answer. Told is who proposed it, or was told of it, and did not end it."""
    found = find(tx, act.person, proposal_id, act.now)
    if found is None or booking_changes.side(act.person, found.booking, act.now) is not Actor.COACH:
        return Refusal(Code.NOT_FOUND)
    proposal, booking = found.proposal, found.booking
    if not proposal.is_open(act.now) or proposal.version != version:
        return Refusal(Code.CHANGED)
    if not proposals.answer(tx, proposal, ProposalState.WITHDRAWN):
        return Refusal(Code.CHANGED)
    note(tx, act, WITHDRAWN, booking.subject, after={"proposal": proposal_id})
    outbox.cancel(tx, subject=booking.subject, kinds={NoticeKind.PROPOSAL}, note="withdrawn")
    outbox.ask_correction(tx, booking.subject, act.now, {NoticeKind.PROPOSAL})
    kind = NoticeKind.PROPOSAL_WITHDRAWN
    key, address = f"proposal:{proposal.id}:withdrawn", address_of(kind, proposal.id)
    notices = [
        Notice(f"{key}:{each}", each, kind, address, act.now, booking.starts, booking.subject)
        for each in sorted(_who_know(tx, proposal, booking) - {act.person.id})
    ]
    outbox.put_all(tx, notices, act.now)
    return booking.id


def withdrawn_by(tx: Tx, found: OpenProposal) -> tuple[int, str] | None:
    """The id and the name of who withdrew it; None where that was not kept."""
    for entry in audit.of_subject(tx, found.booking.subject):
        ended = entry.act == WITHDRAWN and (entry.after or {}).get("proposal") == found.proposal.id
        if ended and entry.person_id is not None:
            return entry.person_id, people.names(tx, [entry.person_id])[entry.person_id]
    return None


def _who_know(tx: Tx, proposal: Proposal, booking: Booking) -> set[int]:
    """Who proposed it, and who may have read of it."""
    rows = outbox.of_subjects(tx, [booking.subject], {NoticeKind.PROPOSAL})
    address = address_of(NoticeKind.PROPOSAL, proposal.id)
    out = (Delivery.SENDING, Delivery.SENT, Delivery.UNCERTAIN)
    told = {row.notice.person_id for row in rows if row.notice.address == address and row.state in out}
    return told | {proposal.by_person_id or booking.coach_person_id}


def lapse(tx: Tx, now: datetime) -> int:
    """End proposals that nobody answered: the old time stands, and the coach hears of it."""

    def one(proposal: Proposal) -> bool:
        booking = bookings.find(tx, proposal.booking_id)
        if not proposals.answer(tx, proposal, ProposalState.LAPSED):
            return False
        if booking is not None:
            outbox.ask_correction(tx, booking.subject, now, {NoticeKind.PROPOSAL})
            _tell_answer(tx, proposal, booking, now)
        return True

    return sum(bool(each_alone(tx, partial(one, proposal))) for proposal in proposals.over(tx, now))


def _to_answer(tx: Tx, act: Act, proposal_id: int, version: int) -> OpenProposal | Refusal:
    found = find(tx, act.person, proposal_id, act.now)
    if found is None or found.booking.person_id != act.person.id:
        return Refusal(Code.NOT_FOUND)
    if not found.proposal.is_open(act.now) or found.proposal.version != version:
        return Refusal(Code.CHANGED)
    return found


def _tell_answer(tx: Tx, proposal: Proposal, booking: Booking, now: datetime) -> None:
    """Tell the coach of the answer, and who proposed it where that was somebody else; once."""
    address = address_of(NoticeKind.PROPOSAL_ANSWERED, proposal.id)
    told = {booking.coach_person_id: f"proposal:{proposal.id}:answered"}
    if proposal.by_person_id not in (None, booking.coach_person_id):
        told[proposal.by_person_id] = f"proposal:{proposal.id}:answered:{proposal.by_person_id}"
    notices = [
        Notice(key, person_id, NoticeKind.PROPOSAL_ANSWERED, address, now, subject=booking.subject)
        for person_id, key in told.items()
    ]
    outbox.put_all(tx, notices, now)
