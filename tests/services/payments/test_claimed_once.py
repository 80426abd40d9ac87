"""Processes whose clocks are two minutes apart: what one of them works on, the other does not take."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.notices.notices import Notice, NoticeKind
from storage.engine import Storage, Tx
from storage.journal import inbox
from storage.notices import outbox, outbox_claims
from storage.payments import payments, refunds
from tests.services.bare_practice import NOW, OWNER
from tests.services.paid_practice import PaidPractice
from tests.storage.support import add_person
from tests.support.leases import time_passes

APART = timedelta(minutes=2)
LEASE_S = 60

Claim = Callable[[Tx, datetime], Sequence[object]]


async def _is_taken_once(storage: Storage, claim: Claim, at: datetime) -> None:
    assert len(await storage.write(lambda tx: claim(tx, at))) == 1
    assert await storage.write(lambda tx: claim(tx, at + APART)) == []
    await time_passes(storage, LEASE_S)
    assert len(await storage.write(lambda tx: claim(tx, at + APART))) == 1


async def test_a_notice_is_taken_once(storage: Storage) -> None:
    await storage.write(lambda tx: outbox.put(tx, Notice("a", add_person(tx), NoticeKind.REMINDER, "help", NOW), NOW))
    await _is_taken_once(storage, lambda tx, at: outbox_claims.claim(tx, "me", at, 10, LEASE_S), NOW)


async def test_an_event_is_taken_once(storage: Storage) -> None:
    await storage.write(lambda tx: inbox.put(tx, "stripe", "evt_1", "x", {}, NOW))
    await _is_taken_once(storage, lambda tx, at: inbox.claim(tx, at, 10, LEASE_S), NOW)


async def test_a_payment_is_taken_once(paid_practice: PaidPractice) -> None:
    await paid_practice.hold((await paid_practice.starts())[0])
    at = paid_practice.now() + payments.PATIENCE
    await _is_taken_once(paid_practice.storage, lambda tx, at: payments.claim(tx, at, 10, LEASE_S), at)


async def test_a_refund_is_taken_once(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.cancel(booking.id, OWNER)
    at = paid_practice.now()
    await _is_taken_once(paid_practice.storage, lambda tx, at: refunds.claim(tx, at, 10, LEASE_S), at)
