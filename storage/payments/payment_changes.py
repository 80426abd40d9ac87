"""Changes payments: each function acts only on the states that it may follow, and returns False on others."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.payments.tax import TaxReckoning
from storage.columns import literal
from storage.instants import to_epoch
from storage.payments import tax_contents
from storage.payments.payments import CHECKOUT_URL, LIVE, UNSETTLED
from storage.tables import payments
from storage.tx import Tx

_PAID = (PaymentState.ACCEPTED, PaymentState.REFUSED)


def open_page(tx: Tx, payment_id: int, ref: str, url: str | None, ask_at: datetime) -> bool:
    """The provider made the page to pay on; False when the hold ended meanwhile. `ask_at`: if it stays silent."""
    values = {**_page(tx, payment_id, ref, url), "next_at": to_epoch(ask_at), "lease_until": None, "failures": 0}
    return _change(tx, payment_id, (PaymentState.INTENDED,), {"state": PaymentState.OPEN.value, **values})


def keep_page_to_close(tx: Tx, payment_id: int, ref: str, url: str | None, now: datetime) -> bool:
    """The page was made after its hold had ended: it is to be closed at once."""
    at_once = {"next_at": to_epoch(now), "lease_until": None}
    return _change(tx, payment_id, (PaymentState.CLOSING,), {**_page(tx, payment_id, ref, url), **at_once})


def adopt_page(tx: Tx, payment_id: int, ref: str, now: datetime) -> bool:
    """A new intent stands for a page that is there already: nobody is to be asked for another."""
    return _change(tx, payment_id, (PaymentState.INTENDED,), {"checkout_ref": ref, "asked_at": to_epoch(now)})


def keep_reckoning(tx: Tx, payment_id: int, found: TaxReckoning) -> None:
    """What it comes to with tax where a kept card pays; what was told first stays."""
    unknown = (payments.c.id == payment_id, payments.c.tax_reckoned.is_(None))
    tx.execute(sa.update(payments).where(*unknown).values(tax_reckoned=tax_contents.written_reckoning(found)))


def name_page(tx: Tx, payment_id: int, ref: str) -> bool:
    """Keep the provider's id of the page."""
    return _change(tx, payment_id, UNSETTLED, {"checkout_ref": ref})


def close(tx: Tx, payment_id: int, ref: str | None = None) -> bool:
    """Nobody can pay any more, on the page `ref` or because there is none; the provider is asked nothing more."""
    page = {} if ref is None else {"checkout_ref": ref}
    closed = {"state": PaymentState.CLOSED.value, "next_at": None, "failures": 0}
    return _change(tx, payment_id, UNSETTLED, {**page, **closed})


def decline(tx: Tx, payment_id: int, ref: str, why: str, now: datetime) -> bool:
    """The bank declined the kept card: this attempt is to be ended at the provider, and is no way to pay any more."""
    ended = {"state": PaymentState.CLOSING.value, "next_at": to_epoch(now), "lease_until": None, "failures": 0}
    told = {"checkout_ref": ref, "checkout_url_sealed": None, "declined": why}
    return _change(tx, payment_id, LIVE, {**ended, **told})


def refuse_page(tx: Tx, payment_id: int, reference: str) -> bool:
    """The provider will not make a page for it."""
    refused = {"state": PaymentState.CLOSED.value, "next_at": None, "failures": 0, "reference": reference}
    return _change(tx, payment_id, (PaymentState.INTENDED,), refused)


def settle(tx: Tx, after: Payment, ask_at: datetime | None) -> None:
    """The money has come, and is accepted or refused, as the payment is then: its amount is what came. It was unsettled
    when it was read, or `Outdated` ends the transaction. It is put off.

    `ask_at`: for what the provider kept of it; None when that is known.
    """
    values = {
        "becomes": after.state.value,
        "came": after.amount.amount,
        "came_in": after.amount.currency,
        "page": after.checkout_ref,
        "way": after.intent_ref,
        "charge": after.charge_ref,
        "failed": after.failures,
        "again": to_epoch(ask_at),
    }
    tx.batch_update(_SETTLE, {"row": after.id, **values}, of={"id": after.id}, as_read=True)


_SETTLE = (
    sa.update(payments)
    .where(payments.c.id == sa.bindparam("row"), payments.c.state.in_(literal(UNSETTLED)))
    .values(
        state=sa.bindparam("becomes", type_=sa.Text),
        amount=sa.bindparam("came", type_=sa.BigInteger),
        currency=sa.bindparam("came_in", type_=sa.Text),
        checkout_ref=sa.bindparam("page", type_=sa.Text),
        intent_ref=sa.bindparam("way", type_=sa.Text),
        charge_ref=sa.bindparam("charge", type_=sa.Text),
        failures=sa.bindparam("failed", type_=sa.BigInteger),
        next_at=sa.bindparam("again", type_=sa.BigInteger),
        lease_until=sa.null(),
        version=payments.c.version + sa.literal_column("1"),
    )
)


def refuse(tx: Tx, payment_id: int) -> bool:
    """What was accepted is not: its booking cannot take place."""
    return _change(tx, payment_id, (PaymentState.ACCEPTED,), {"state": PaymentState.REFUSED.value})


def name_charge(tx: Tx, payment_id: int, ref: str) -> bool:
    """Keep the provider's id of the money that came."""
    return _change(tx, payment_id, _PAID, {"charge_ref": ref})


def mark_left(tx: Tx, payment_id: int, now: datetime) -> bool:
    """The client came back from the page without paying."""
    return _change(tx, payment_id, (*LIVE, PaymentState.CLOSING), {"left_at": to_epoch(now)})


def _page(tx: Tx, payment_id: int, ref: str, url: str | None) -> dict[str, str | None]:
    sealed = None if url is None else tx.sealer.seal(url, CHECKOUT_URL, payment_id)
    return {"checkout_ref": ref, "checkout_url_sealed": sealed}


def _change(tx: Tx, payment_id: int, was: Collection[PaymentState], values: Mapping[str, object]) -> bool:
    changed = tx.execute(
        sa.update(payments)
        .where(payments.c.id == payment_id, payments.c.state.in_([state.value for state in was]))
        .values(version=payments.c.version + 1, **values)
    )
    return changed.rowcount == 1
