"""Reads a booking from one joined row, with names and places decrypted and payments summed."""

from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState, Outcome, Terms
from bot.domain.bookings.cover import Cover, of_price
from bot.domain.bookings.policy import Policy
from bot.domain.bookings.proposals import ProposalState
from bot.domain.bookings.reasons import Reason, Usual
from bot.domain.credits.freezes import FreezeState
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.payments.orders import FOR_A_SESSION
from bot.domain.payments.payments import PAST_US
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import Place, PlaceKind
from storage import subjects
from storage.columns import literal
from storage.identity import surviving
from storage.instants import from_epoch
from storage.journal.set_aside import Reader, known
from storage.journal.unreadable import name_of
from storage.sound import check
from storage.tables import (
    bookings,
    coaches,
    credit_entries,
    freezes,
    grants,
    order_lines,
    payments,
    persons,
    proposals,
    refunds,
    sessions,
)
from storage.tx import Tx

PLACE, PHONE = "bookings.place_sealed", "bookings.phone_sealed"
REASON = "bookings.end_reason_sealed"

clients = persons.alias("clients")
coach_persons = persons.alias("coach_persons")
enders = persons.alias("enders")
asked = proposals.alias("asked")

# A payment is for this booking alone, or for an order with a line about it: one of several sessions, or the difference
# to another offer, to which it moved.
_alone = payments.c.booking_id == bookings.c.id
_text = subjects.text_of_booking(bookings.c.id)
_among = payments.c.booking_id.is_(None)
_paid_alone = (
    sa.select(sa.func.coalesce(sa.func.sum(payments.c.amount), 0))
    .where(_alone, payments.c.state == "accepted")
    .scalar_subquery()
)
# Its part of tax that came on top of the prices was paid with it.
_on_top = sa.case((payments.c.tax == "exclusive", sa.func.coalesce(order_lines.c.tax_amount, 0)), else_=0)
_paid_among = (
    sa.select(sa.func.coalesce(sa.func.sum(order_lines.c.amount + _on_top), 0))
    .select_from(order_lines.join(payments, payments.c.order_id == order_lines.c.order_id))
    .where(
        order_lines.c.subject == _text, order_lines.c.kind.in_(literal(FOR_A_SESSION)),
        _among, payments.c.state == "accepted",
    )
    .scalar_subquery()
)  # fmt: skip
_accepted = _paid_alone + _paid_among


def _refunded(amount: sa.ColumnElement[int], *which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Two looks, each by an index of its own: asked for in one, the database goes through all refunds there are."""
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(amount), 0))
        .select_from(refunds.join(payments, refunds.c.payment_id == payments.c.id))
        .where(payments.c.state == "accepted", *which)
    )
    among = total.where(_among, refunds.c.subject == _text)
    return total.where(_alone).scalar_subquery() + among.scalar_subquery()


_failures = refunds.alias("failures")
_first_failure = (
    sa.select(sa.func.min(_failures.c.id))
    .where(
        _failures.c.payment_id == refunds.c.payment_id,
        sa.or_(payments.c.booking_id.is_not(None), _failures.c.subject == refunds.c.subject),
        _failures.c.state == "failed",
        _failures.c.reason.not_in(PAST_US),
    )
    .scalar_subquery()
)
_did_fail = refunds.c.state == "failed"
_given_back = _refunded(refunds.c.amount, ~_did_fail)
# What was to go back and did not, less what has gone back since, which takes its place.
_failed = _refunded(
    sa.case((_did_fail, refunds.c.amount), else_=-refunds.c.amount),
    sa.or_(~_did_fail, refunds.c.reason.not_in(PAST_US)),
    refunds.c.id >= _first_failure,
)

_newest_proposal = (
    sa.select(sa.func.max(proposals.c.id)).where(proposals.c.booking_id == bookings.c.id).scalar_subquery()
)


_newest = credit_entries.alias("newest_credit")
_any = credit_entries.alias("any_credit")


def _of_grant(column: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """What the grant says whose credit the booking has.

    No join, nor is that of its entries: with more than eight tables Postgres joins them as they are written
    (`join_collapse_limit`), which is through all persons there are.
    """
    return sa.select(column).where(grants.c.id == bookings.c.grant_id).scalar_subquery()


def _of_last_entry(column: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """What the booking's newest entry in its grant says."""
    mine = sa.select(column).where(_any.c.booking_id == bookings.c.id, _any.c.grant_id == bookings.c.grant_id)
    return mine.order_by(_any.c.id.desc()).limit(1).scalar_subquery()


_available = (
    sa.select(_newest.c.balance)
    .where(_newest.c.grant_id == bookings.c.grant_id)
    .order_by(_newest.c.number.desc())
    .limit(1)
    .scalar_subquery()
)


# `freezes.bound`: what is lost counts before what is frozen.
_bound = (
    sa.select(sa.func.max(freezes.c.state))
    .where(
        freezes.c.grant_id == bookings.c.grant_id,
        freezes.c.dispute_id.is_not(None),
        freezes.c.state.in_(literal((FreezeState.FROZEN, FreezeState.TAKEN))),
    )
    .scalar_subquery()
)


def select() -> sa.Select[Any]:
    """All columns that `read` needs; callers add conditions on `bookings`, `sessions` and the order."""
    return sa.select(
        bookings,
        sessions.c.starts,
        clients.c.id.label("client_id"),
        clients.c.name_sealed.label("client_sealed"),
        coach_persons.c.name_sealed.label("coach_sealed"),
        enders.c.id.label("ender_id"),
        enders.c.name_sealed.label("ender_sealed"),
        coaches.c.person_id.label("coach_person_id"),
        coaches.c.state.label("coach_state"),
        _accepted.label("accepted"),
        _given_back.label("given_back"),
        _failed.label("failed"),
        asked.c.id.label("proposal_id"),
        asked.c.state.label("proposal_state"),
        asked.c.to_coach_id,
        _of_grant(grants.c.name).label("credit_name"),
        _of_grant(grants.c.expires_at).label("credit_expires_at"),
        _of_grant(surviving(grants.c.person_id)).label("credit_owner"),
        _of_last_entry(_any.c.kind).label("credit_kind"),
        _of_last_entry(_any.c.until).label("credit_until"),
        _available.label("credits_available"),
        _bound.label("credit_bound"),
    ).select_from(
        bookings.join(sessions, bookings.c.session_id == sessions.c.id)
        .join(clients, surviving(bookings.c.person_id) == clients.c.id)
        .join(coaches, bookings.c.coach_id == coaches.c.id)
        .join(coach_persons, coaches.c.person_id == coach_persons.c.id)
        .outerjoin(enders, surviving(bookings.c.ended_by_person_id) == enders.c.id)
        .outerjoin(asked, asked.c.id == _newest_proposal)
    )


def _read(tx: Tx, row: Any) -> Booking:
    check(bookings, row)
    paid = int(row.accepted) - int(row.given_back)
    return Booking(
        id=row.id,
        session_id=row.session_id,
        person_id=row.client_id,
        client_name=name_of(tx, row.client_id, row.client_sealed),
        coach_id=row.coach_id,
        coach_name=name_of(tx, row.coach_person_id, row.coach_sealed),
        coach_person_id=row.coach_person_id,
        offer_id=row.offer_id,
        state=known(BookingState, row.state),
        starts=from_epoch(row.starts),
        terms=_terms(tx, row),
        client_zone=row.client_zone,
        coach_zone=row.coach_zone,
        paid=Money(paid, row.currency),
        owed=Money(max(0, min(int(row.failed), paid)), row.currency),
        tax_on_top=_tax_on_top(row),
        made_at=from_epoch(row.created_at),
        moves=row.moves,
        moved_from=from_epoch(row.moved_from),
        cancel_late=bool(row.cancel_late),
        hold_ends=from_epoch(row.hold_ends),
        outcome=None if row.outcome is None else known(Outcome, row.outcome),
        outcome_at=from_epoch(row.outcome_at),
        ended_by=row.ended_by,
        ended_by_person_id=row.ender_id,
        ended_by_name=None if row.ender_sealed is None else name_of(tx, row.ender_id, row.ender_sealed),
        end_reason=_reason(tx, row),
        version=row.version,
        proposal=row.proposal_id if row.proposal_state == ProposalState.OPEN.value else None,
        handed_to=row.to_coach_id if row.proposal_state == ProposalState.OPEN.value else None,
        chooses=row.proposal_state == ProposalState.OTHER.value,
        coach_gone=row.coach_state == CoachState.REMOVED.value,
        cover=of_price(Money(row.price, row.currency)) if row.cover is None else known(Cover, row.cover),
        order_id=row.order_id,
        credit=_credit(row),
        plan_id=row.plan_id,
        phone=None if row.phone_sealed is None else tx.sealer.open(row.phone_sealed, PHONE, row.id),
        fees=Fees(_sum_of(row.late_cancel_fee, row.currency), _sum_of(row.no_show_fee, row.currency)),
        fee=_sum_of(row.fee, row.currency),
        client_filed=bool(row.client_filed),
        coach_filed=bool(row.coach_filed),
    )


def _sum_of(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


def _tax_on_top(row: Any) -> int:
    """Of money alone: a credit has its share of tax that was paid with its package."""
    if not row.tax_amount or row.grant_id is not None:
        return 0
    return 0 if all(rate["included"] for rate in row.tax_rates or ()) else int(row.tax_amount)


def _reason(tx: Tx, row: Any) -> Reason | None:
    if row.end_reason_sealed is None:
        return None
    words = tx.sealer.open(row.end_reason_sealed, REASON, row.id)
    return Reason(words, None if row.end_usual is None else Usual(row.end_usual))


def _credit(row: Any) -> BookedCredit | None:
    if row.grant_id is None:
        return None
    return BookedCredit(
        grant_id=row.grant_id,
        name=row.credit_name,
        kind=known(EntryKind, row.credit_kind),
        expires_at=from_epoch(row.credit_expires_at),
        until=from_epoch(row.credit_until),
        others=int(row.credits_available) if row.credit_owner == row.client_id else None,
        bound=None if row.credit_bound is None else known(FreezeState, row.credit_bound),
    )


def _terms(tx: Tx, row: Any) -> Terms:
    return Terms(
        offer_name=row.offer_name,
        length_min=row.length_min,
        price=Money(row.price, row.currency),
        place=Place(known(PlaceKind, row.place_kind), tx.sealer.open(row.place_sealed, PLACE, row.id)),
        policy=Policy(row.cancel_cutoff_min, row.move_cutoff_min, row.max_moves),
    )


BOOKINGS = Reader(select(), bookings.c.id, _read)
"""Bookings as `select` gives them."""
