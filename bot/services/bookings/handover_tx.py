"""Hands a session over to another coach, inside a transaction. The client is asked; it stays as it is until a yes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, moved
from bot.domain.bookings.changes import Moved
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.proposals import Proposal, ProposalState, answer_by
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Place
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import booking_changes, reschedule_tx
from bot.services.calendar import free_times
from bot.services.calendar.free_times import Moving
from bot.services.kit.audit_note import note
from bot.services.kit.reaction import Reaction
from storage.bookings import changing, proposals, sessions, standing
from storage.engine import Tx
from storage.instants import to_epoch
from storage.notices import outbox
from storage.practice import catalogue, coaches, offers


@dataclass(frozen=True)
class Takeover:
    """`coach` would do a session at `place`, and begin `at`."""

    coach: Coach
    place: Place
    at: datetime


def who_could(tx: Tx, booking: Booking, those: Iterable[Coach], now: datetime) -> list[Takeover]:
    """Which of these coaches could take the session over: at its time where they are free then, or at the nearest."""
    if booking.hold_ends is not None or booking.starts <= now:
        return []
    found = (_takeover(tx, booking, coach, now) for coach in those if coach.id != booking.coach_id)
    return [each for each in found if each is not None]


def _takeover(tx: Tx, booking: Booking, coach: Coach, now: datetime) -> Takeover | None:
    offer = offers.find(tx, booking.offer_id)
    place = None if offer is None or not coach.can_do(offer) else coach.place_for(offer)
    if offer is None or place is None:
        return None
    moving, start = Moving(booking, by_coach=True), to_epoch(booking.starts)
    if free_times.load(tx, offer, coach, start, start + 1, now, moving).reason_against(start) is None:
        return Takeover(coach, place, booking.starts)
    near = free_times.nearest(tx, offer, [coach], booking.starts, now, 1, moving)
    return Takeover(coach, place, near[0].starts) if near else None


def ask(tx: Tx, act: Act, booking: Booking, takeover: Takeover) -> int:
    """Ask the client; the proposal. Price and policy stay, and until the answer cancelling is free."""
    until = answer_by(min(takeover.at, booking.starts), act.now)
    made = proposals.insert(
        tx, booking.id, act.person.id, takeover.at, until, act.now,
        to_coach=takeover.coach.id, from_coach=booking.coach_id,
    )  # fmt: skip
    facts = {"proposal": made, "coach": takeover.coach.id, "starts": to_epoch(takeover.at)}
    note(tx, act, "booking.handover_proposed", booking.subject, after=facts)
    address = address_of(NoticeKind.PROPOSAL, made)
    key, kind = f"proposal:{made}", NoticeKind.PROPOSAL
    outbox.put(tx, Notice(key, booking.person_id, kind, address, act.now, until, booking.subject), act.now)
    return made


def take_over(tx: Tx, react: Reaction, act: Act, proposal: Proposal, booking: Booking) -> int | Refusal:
    """The client agreed: under the locks of both coaches it is the new one's, with their place and clock."""
    assert proposal.to_coach_id is not None
    for coach_id in sorted((booking.coach_id, proposal.to_coach_id)):
        tx.lock_coach(coach_id)
    around = standing.around(tx, proposal.to_coach_id, booking, act.now)
    catalogue.see(tx, around.generation)
    offer, coach = offers.find(tx, booking.offer_id), coaches.find(tx, proposal.to_coach_id)
    place = None if offer is None or coach is None or not coach.can_do(offer) else coach.place_for(offer)
    if offer is None or coach is None or place is None:
        return Refusal(Code.COACH_AWAY)
    start = to_epoch(proposal.starts)
    calendar = free_times.load(tx, offer, coach, start, start + 1, act.now, Moving(booking, by_coach=True))
    if calendar.reason_against(start) is not None:
        return Refusal(Code.TAKEN)
    after = _with(booking, coach, place, proposal.starts, act.now)
    booking_changes.expire(tx, react, around.over, act.now)
    changing.hand_over(tx, booking, after)
    sessions.hand_over(tx, booking.session_id, coach.id, proposal.starts, booking.terms.length_min)
    react(tx, Moved(booking, after, act.cause, ProposalState.ACCEPTED, around.both))
    before, now = {"coach": booking.coach_id}, {"coach": coach.id}
    times = ({}, {}) if after.starts == booking.starts else ({"starts": to_epoch(booking.starts)}, {"starts": start})
    note(tx, act, "booking.handed_over", booking.subject, {**before, **times[0]}, {**now, **times[1]})
    return booking.id


def _with(booking: Booking, coach: Coach, place: Place, at: datetime, now: datetime) -> Booking:
    after = moved(booking, at, reschedule_tx.outcome_of(booking, Actor.COACH, now))
    return replace(
        after,
        moved_from=booking.moved_from if at == booking.starts else booking.starts,
        coach_id=coach.id,
        coach_name=coach.name,
        coach_person_id=coach.person_id,
        coach_zone=coach.zone,
        coach_gone=False,
        coach_filed=False,
        terms=replace(booking.terms, place=place),
    )
