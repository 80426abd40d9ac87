"""Changes a booking that was read in the same transaction. Each is put off, and gives the booking as it is then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.changes import Ending
from bot.domain.bookings.cover import Cover
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from storage.bookings import booking_rows
from storage.instants import to_epoch
from storage.tables import bookings
from storage.tx import Tx


def confirm(tx: Tx, booking: Booking) -> Booking:
    """Mark a hold, ended or not, as confirmed; the booking as it is then."""
    after = replace(booking, state=BookingState.CONFIRMED, hold_ends=None, ended_by=None, version=booking.version + 1)
    values = {"state": after.state.value, "hold_ends": None, "ended_by": None, "ended_at": None}
    _change(tx, booking, values)
    return after


def end(tx: Tx, booking: Booking, ending: Ending) -> Booking:
    """Mark it as cancelled or expired; the booking as it is then. What did not take place has no outcome."""
    reason, signed = ending.reason, ending.signed
    after = replace(
        booking,
        state=ending.state,
        ended_by=ending.by,
        ended_by_person_id=None if signed is None else signed.id,
        ended_by_name=None if signed is None else signed.name,
        end_reason=reason,
        version=booking.version + 1,
        proposal=None,
        handed_to=None,
        chooses=False,
        outcome=None,
        outcome_at=None,
        fee=None if ending.outcome is None else ending.outcome.effect.fee,
    )
    values = {
        "fee": None if after.fee is None else after.fee.amount,
        "outcome": None,
        "outcome_at": None,
        "state": after.state.value,
        "ended_by": after.ended_by,
        "ended_by_person_id": after.ended_by_person_id,
        "end_reason_sealed": None if reason is None else tx.sealer.seal(reason.words, booking_rows.REASON, booking.id),
        "end_usual": None if reason is None or reason.usual is None else reason.usual.value,
        "ended_at": to_epoch(ending.cause.now),
    }
    _change(tx, booking, values)
    return after


def move(tx: Tx, booking: Booking, after: Booking) -> None:
    """Keep how often, and from when, it was moved; `sessions.place` moves its time."""
    values = {"moves": after.moves, "moved_from": to_epoch(after.moved_from), "cancel_late": int(after.cancel_late)}
    _change(tx, booking, values)


def switch(tx: Tx, booking: Booking, after: Booking) -> None:
    """As `move`, and keep of which offer it is from now on, with the terms of that and what pays for it."""
    terms = after.terms
    values = {
        "moves": after.moves,
        "moved_from": to_epoch(after.moved_from),
        "cancel_late": int(after.cancel_late),
        "offer_id": after.offer_id,
        "offer_name": terms.offer_name,
        "length_min": terms.length_min,
        "price": terms.price.amount,
        "place_kind": terms.place.kind.value,
        "place_sealed": tx.sealer.seal(terms.place.details, booking_rows.PLACE, booking.id),
        "cancel_cutoff_min": terms.policy.cancel_cutoff_min,
        "move_cutoff_min": terms.policy.move_cutoff_min,
        "max_moves": terms.policy.max_moves,
        "cover": after.cover.value,
        "order_id": after.order_id,
    }
    _change(tx, booking, values)


def hand_over(tx: Tx, booking: Booking, after: Booking) -> None:
    """As `move`, and keep whose session it is from now on, where, and on which clock."""
    values = {
        "moved_from": to_epoch(after.moved_from),
        "coach_id": after.coach_id,
        "coach_zone": after.coach_zone,
        "place_kind": after.terms.place.kind.value,
        "place_sealed": tx.sealer.seal(after.terms.place.details, booking_rows.PLACE, booking.id),
        "coach_filed": int(after.coach_filed),
    }
    _change(tx, booking, values)


def put_on_order(tx: Tx, booking: Booking, order_id: int | None, cover: Cover) -> Booking:
    """Let something else pay for it; the booking as it is then."""
    after = replace(booking, order_id=order_id, cover=cover, version=booking.version + 1)
    _change(tx, booking, {"order_id": order_id, "cover": cover.value})
    return after


def wait_longer(tx: Tx, booking: Booking, until: datetime) -> None:
    """A hold ends later than it was told."""
    _change(tx, booking, {"hold_ends": to_epoch(until)})


def agree_to(tx: Tx, booking: Booking, fees: Fees) -> Booking:
    """Its client agreed to these fees; the booking as it is then."""
    amounts = {"late_cancel_fee": fees.late_cancel, "no_show_fee": fees.no_show}
    _change(tx, booking, {name: None if fee is None else fee.amount for name, fee in amounts.items()})
    return replace(booking, fees=fees, version=booking.version + 1)


def set_fee(tx: Tx, booking: Booking, fee: Money | None) -> Booking:
    """Keep that this fee was charged for it, or None: that it is not any more; the booking as it is then."""
    _change(tx, booking, {"fee": None if fee is None else fee.amount})
    return replace(booking, fee=fee, version=booking.version + 1)


def set_outcome(
    tx: Tx, booking: Booking, outcome: Outcome | None, now: datetime, fee: Money | None = None
) -> Booking:  # fmt: skip
    """Keep how the session went, or None: not settled any more. `fee`: what is charged for that; the booking as it is
    then."""
    at = None if outcome is None else to_epoch(now)
    _change(tx, booking, {"outcome": outcome, "outcome_at": at, "fee": None if fee is None else fee.amount})
    outcome_at = None if outcome is None else now
    return replace(booking, outcome=outcome, outcome_at=outcome_at, fee=fee, version=booking.version + 1)


def note_files(tx: Tx, bookings_of: Sequence[Booking], person_id: int) -> None:
    """Keep that this person, their client or their coach, has them as a calendar file. It changes nothing that any page
    states, so the version stays."""
    for column, whose in (("client_filed", "person_id"), ("coach_filed", "coach_person_id")):
        mine = [each.id for each in bookings_of if getattr(each, whose) == person_id]
        if mine:
            tx.execute(sa.update(bookings).where(bookings.c.id.in_(mine)).values({column: 1}))


def touch(tx: Tx, booking: Booking) -> None:
    """What its pages say has changed elsewhere, such as its money: what they stated holds no more."""
    _change(tx, booking, {})


def _change(tx: Tx, booking: Booking, values: Mapping[str, object]) -> None:
    """Give it the next version, if it still has the one that was read (`Outdated`)."""
    told = {f"new_{name}": value for name, value in values.items()}
    change = _changing(tuple(values))
    tx.batch_update(change, {**told, "row": booking.id, "was": booking.version}, of={"id": booking.id}, as_read=True)


@cache
def _changing(names: tuple[str, ...]) -> sa.Update:
    new = {name: sa.bindparam(f"new_{name}", type_=bookings.c[name].type) for name in names}
    mine = bookings.c.id == sa.bindparam("row"), bookings.c.version == sa.bindparam("was")
    return sa.update(bookings).where(*mine).values(version=bookings.c.version + sa.literal_column("1"), **new)
