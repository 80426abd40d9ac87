"""Payments: intended with the hold, frozen before the provider is asked, then closed or settled once."""

import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.money import Money
from bot.domain.payments.orders import Order
from bot.domain.payments.payments import Parameters, Payment, PaymentState
from bot.domain.payments.tax import TaxBehavior
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import SCHEMA, literal
from storage.instants import from_epoch, to_epoch
from storage.journal.claims import claiming
from storage.journal.set_aside import Reader, known, read_claimed, read_each, why_of
from storage.journal.unreadable import read_if, read_one
from storage.payments import tax_contents
from storage.ready import Ready
from storage.sealing import Unreadable
from storage.sound import check
from storage.tables import bookings, payments, practice
from storage.tx import BadRow, CannotRead, Tx

PATIENCE = timedelta(seconds=5)
"""Who made the hold asks for its page at once; after this long the sweep does."""

CHECKOUT_URL = "payments.checkout_url_sealed"
_PARAMETERS = "payments.parameters_sealed"

LIVE = (PaymentState.INTENDED, PaymentState.OPEN)
UNSETTLED = (*LIVE, PaymentState.CLOSING, PaymentState.CLOSED)

_BOOKING = sa.bindparam("booking", type_=sa.BigInteger)
# Whether a payment pays for this: it is about it, or pays the order that does.
PAYS_FOR = sa.or_(
    subjects.about_bound(payments),
    payments.c.order_id == sa.bindparam("order", type_=sa.BigInteger),
    payments.c.order_id == sa.select(bookings.c.order_id).where(bookings.c.id == _BOOKING).scalar_subquery(),
)
_NEWEST = sa.select(payments).where(PAYS_FOR).order_by(payments.c.id.desc())
_ONE = Ready(_NEWEST.where(payments.c.id == sa.bindparam("payment", type_=sa.BigInteger)))
# Not by the index of states, by which all that were ever accepted would be looked at.
_IS_ACCEPTED = sa.case((payments.c.state == literal((PaymentState.ACCEPTED,))[0], sa.true()), else_=sa.false())
_ACCEPTED = Ready(_NEWEST.where(_IS_ACCEPTED).limit(sa.literal_column("1")))
_EVERY, _LIVE = Ready(_NEWEST), Ready(_NEWEST.where(payments.c.state.in_(literal(LIVE))).limit(sa.literal_column("1")))
_UNHEARD = sa.and_(payments.c.state == literal((PaymentState.INTENDED,))[0], payments.c.asked_at.is_(None))
_CLOSED, _CLOSING = literal((PaymentState.CLOSED, PaymentState.CLOSING))
_CLOSE = (
    sa.update(payments)
    .where(PAYS_FOR, payments.c.state.in_(literal(LIVE)))
    .values(
        state=sa.case((_UNHEARD, _CLOSED), else_=_CLOSING),
        next_at=sa.case((_UNHEARD, sa.null()), else_=sa.bindparam("now", type_=sa.BigInteger)),
        lease_until=sa.case((_UNHEARD, payments.c.lease_until), else_=sa.null()),
        failures=sa.case((_UNHEARD, payments.c.failures), else_=sa.literal_column("0")),
        version=sa.case((_UNHEARD, payments.c.version), else_=payments.c.version + sa.literal_column("1")),
    )
)


def intend(
    tx: Tx, order: Order, expires_at: datetime, now: datetime, *, card_id: int | None = None, keep: bool | None = None,
    instead_of: int | None = None,
) -> int:  # fmt: skip
    """An intent to charge what the order asks for. What the page says is frozen when it is first asked for:
    the provider's shortest life of a page is counted from that moment. How tax is reckoned stays as it was told first.

    `card_id`: with this kept card. `keep`: whether the card that pays is kept; None: as for the attempt before.
    `instead_of`: the order that this one takes the place of."""
    of_it = sa.or_(subjects.about(payments, order.about), payments.c.order_id.in_({order.id, instead_of or order.id}))
    first = sa.select(payments.c.tax).where(of_it).order_by(payments.c.id).limit(1).scalar_subquery()
    last = sa.select(payments.c.keep_card).where(of_it).order_by(_LATEST).limit(1).scalar_subquery()
    today = sa.select(practice.c.tax).limit(1).scalar_subquery()
    attempts = sa.func.coalesce(sa.func.max(payments.c.attempt), 0).label("attempts")
    asked = sa.select(attempts, first.label("first"), last.label("kept"), today.label("today")).where(of_it)
    before: Any = tx.execute(asked).one()
    told = _intent(order.id, order.about, order.amount, int(before.attempts) + 1, expires_at, now)
    how = {"card_id": card_id, "keep_card": (before.kept or 0) if keep is None else int(keep)}
    return tx.insert(_INTEND, told | how | {"tax": before.first if before.attempts or order.fee else before.today})


def intend_first(tx: Tx, booking: Booking, tax: TaxBehavior | None, now: datetime) -> None:
    """As `intend`, for a booking that this very transaction makes: written along with it."""
    assert booking.order_id is not None
    ends = booking.hold_ends or now
    told = _intent(booking.order_id, booking.subject, booking.terms.price, 1, ends, now)
    tx.batch_insert(_INTEND, told | {"tax": None if tax is None else tax.value})


_INTEND, _LATEST = sa.insert(payments), payments.c.attempt.desc()


def _intent(
    order_id: int, about: Subject, amount: Money, attempt: int, expires_at: datetime, now: datetime
) -> dict[str, object]:
    return {
        **subjects.columns(about),
        "order_id": order_id,
        "attempt": attempt,
        "state": PaymentState.INTENDED.value,
        "amount": amount.amount,
        "currency": amount.currency,
        "expires_at": to_epoch(expires_at),
        "next_at": to_epoch(now + PATIENCE),
        "created_at": to_epoch(now),
        "writer": SCHEMA,
    }


def close(tx: Tx, subject: Subject, now: datetime) -> None:
    """The hold, or the order, has ended: an intent that nobody heard of is over, a page that may be there is to be
    closed. It is put off."""
    tx.batch_update(_CLOSE, {"now": to_epoch(now), **bound_for(subject)}, of={})


def find(tx: Tx, payment_id: int) -> Payment | None:
    return _first(tx, payments.c.id == payment_id)


def find_for(tx: Tx, subject: Subject, payment_id: int) -> Payment | None:
    """As `find`; None for one that does not pay for this."""
    return read_if(tx, PAYMENTS, tx.execute(_ONE, {"payment": payment_id, **bound_for(subject)}).first())


def by_ref(tx: Tx, checkout_ref: str) -> Payment | None:
    """By the provider's id of its page."""
    return _first(tx, payments.c.checkout_ref == checkout_ref)


def by_intent(tx: Tx, intent_ref: str | None, charge_ref: str | None = None) -> Payment | None:
    """By the provider's id of the money's way. Of what was collected elsewhere we know its charge instead."""
    return _first(tx, payments.c.intent_ref.in_({ref for ref in (intent_ref, charge_ref) if ref is not None}))


def accepted_of(tx: Tx, subject: Subject) -> Payment | None:
    """The one payment that paid for it, perhaps among other things."""
    return read_if(tx, PAYMENTS, tx.execute(_ACCEPTED, bound_for(subject)).first())


def lock_accepted(tx: Tx, subject: Subject) -> Payment | None:
    """As `accepted_of`, held until the transaction ends: what is left of it is counted by one at a time. Rows that only
    name the payment do not wait."""
    payment = accepted_of(tx, subject)
    if payment is not None:
        lock(tx, payment.id)
    return payment


def lock(tx: Tx, payment_id: int) -> None:
    """Hold it until the transaction ends, as `lock_accepted` does."""
    if tx.postgres:
        tx.execute(sa.select(payments.c.id).where(payments.c.id == payment_id).with_for_update(key_share=True))


def live(tx: Tx, subject: Subject) -> Payment | None:
    """The newest one that has a page to pay on, or is to get one."""
    return read_if(tx, PAYMENTS, tx.execute(_LIVE, bound_for(subject)).first())


def of_subject(tx: Tx, subject: Subject) -> list[Payment]:
    """All of them, the newest first."""
    return every_of(tx, subject)[0]


def every_of(tx: Tx, subject: Subject) -> tuple[list[Payment], bool]:
    """As `of_subject`, and whether there are others, which cannot be read: then nobody knows what was paid."""
    rows = tx.execute(_EVERY, bound_for(subject)).all()
    found = read_each(tx, PAYMENTS, rows)
    return found, len(found) < len(rows)


def parameters(tx: Tx, payment_id: int) -> Parameters:
    """What the provider was, or is to be, asked with; empty until it is frozen."""
    return read_one(tx, _FROZEN, tx.execute(_FROZEN.select.where(payments.c.id == payment_id)).one())


def with_parameters(tx: Tx, payment_id: int) -> tuple[Payment | None, Parameters | None]:
    """As `find` and `parameters`, in one look; None for parameters that cannot be read, and the row is set aside."""
    row = tx.execute(sa.select(payments).where(payments.c.id == payment_id)).first()
    if row is None:
        return None, None
    payment = read_one(tx, PAYMENTS, row)
    try:
        return payment, read_one(tx, _FROZEN, row)
    except CannotRead as met:
        tx.bad_rows.append(met.bad)
        return payment, None


def freeze(tx: Tx, payment_id: int, asked: Parameters, expires_at: datetime, now: datetime) -> Parameters:
    """Write down what the provider is about to be asked with, unless somebody did; returns what is frozen."""
    sealed = tx.sealer.seal(json.dumps(dict(asked)), _PARAMETERS, payment_id)
    tx.execute(
        sa.update(payments)
        .where(payments.c.id == payment_id, payments.c.asked_at.is_(None))
        .values(parameters_sealed=sealed, expires_at=to_epoch(expires_at), asked_at=to_epoch(now))
    )
    return parameters(tx, payment_id)


def ask_at(tx: Tx, payment_id: int, at: datetime | None, failures: int = 0) -> None:
    """When the provider is to be asked about it next; None when all is known."""
    values = {"next_at": to_epoch(at), "lease_until": None, "failures": failures}
    tx.execute(sa.update(payments).where(payments.c.id == payment_id).values(**values))


def claim(tx: Tx, now: datetime, limit: int, lease_s: int) -> list[Payment]:
    """Take those that the provider is to be asked about; what nobody finishes within `lease_s` seconds
    comes back."""
    taken = claiming(payments, now, limit, lease_s).returning(payments)
    return read_claimed(tx, PAYMENTS, sorted(tx.execute(taken), key=lambda row: row.id), now)


def bound_for(subject: Subject) -> dict[str, str | int | None]:
    """The parameters of `PAYS_FOR`."""
    return {**subjects.bound(subject), "order": subject.number("order")}


def _first(tx: Tx, *conditions: sa.ColumnElement[bool]) -> Payment | None:
    row = tx.execute(sa.select(payments).where(*conditions).order_by(payments.c.id.desc()).limit(1)).first()
    return read_if(tx, PAYMENTS, row)


def _opened(tx: Tx, row: Any) -> Parameters:
    sealed = row.parameters_sealed
    found: Parameters = {} if sealed is None else json.loads(tx.sealer.open(sealed, _PARAMETERS, row.id))
    return found


def _judged(tx: Tx, row: Any) -> None:
    _read(tx, row)
    _opened(tx, row)
    if row.checkout_url_sealed is not None:
        tx.sealer.open(row.checkout_url_sealed, CHECKOUT_URL, row.id)


def _url(tx: Tx, row: Any) -> str | None:
    """None where no key opens it: the page can be asked about, paid on and closed by its id all the same."""
    try:
        return None if (sealed := row.checkout_url_sealed) is None else tx.sealer.open(sealed, CHECKOUT_URL, row.id)
    except Unreadable as error:
        tx.bad_rows.append(BadRow("payments", str(row.id), why_of(error)))
        return None


def _read(tx: Tx, row: Any) -> Payment:
    check(payments, row)
    subject = subjects.read(row)
    assert subject is not None
    return Payment(
        id=row.id,
        subject=subject,
        attempt=row.attempt,
        state=known(PaymentState, row.state),
        amount=Money(row.amount, row.currency),
        checkout_ref=row.checkout_ref,
        checkout_url=_url(tx, row),
        intent_ref=row.intent_ref,
        expires_at=from_epoch(row.expires_at),
        version=row.version,
        charge_ref=row.charge_ref,
        failures=row.failures,
        left=row.left_at is not None,
        reference=row.reference,
        order_id=row.order_id,
        tax=None if row.tax is None else known(TaxBehavior, row.tax),
        card_id=row.card_id,
        keep_card=bool(row.keep_card),
        declined=row.declined,
        reckoned=tax_contents.read_reckoning(row.tax_reckoned, row.currency),
    )


_WAITS = payments.c.next_at.is_not(None)
PAYMENTS = Reader(sa.select(payments), payments.c.id, _read, due=payments.c.next_at, waits=_WAITS)
WHOLE = Reader(sa.select(payments), payments.c.id, _judged, due=payments.c.next_at, waits=_WAITS)
"""As somebody looks again: elsewhere what is sealed is opened only by those who use it."""
_FROZEN = Reader(sa.select(payments.c.id, payments.c.parameters_sealed), payments.c.id, _opened)
