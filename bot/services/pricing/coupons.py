"""Coupons as owners keep them: only settings that can stand together."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.acts import Act
from bot.domain.people.permissions import Permission, may
from bot.domain.pricing.coupons import Coupon, CouponMistake, CouponState, mistake
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.engine import Storage, Tx
from storage.payments.coupons import coupons, redemptions
from storage.practice import practice

CHANGEABLE = frozenset(
    {
        "code", "discount", "most_uses", "most_per_client", "first_purchase_only", "until", "offer_ids", "package_ids",
    }
)  # fmt: skip


class Coupons:
    """What was bought with a coupon is never touched: it keeps the price that was told."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def all(self) -> tuple[list[Coupon], Mapping[int, int]]:
        """Every coupon, and how often each of them counts so far."""
        return await self._storage.read(lambda tx: (coupons.everything(tx), redemptions.counted(tx)))

    async def find(self, coupon_id: int) -> tuple[Coupon, int] | None:
        """The coupon, and how often it counts so far."""

        def work(tx: Tx) -> tuple[Coupon, int] | None:
            found = coupons.find(tx, coupon_id)
            return None if found is None else (found, redemptions.counted(tx, coupon_id).get(coupon_id, 0))

        return await self._storage.read(work)

    async def create(self, act: Act, coupon: Coupon) -> Done | Refusal:
        """Keep it; it counts from now on. `{id}` is the coupon. CONTRADICTION with `reason`, a `CouponMistake`."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.KEEP_OFFERS):
                return NOT_FOUND
            if broken := _broken(tx, coupon, act.now):
                return broken
            coupon_id = coupons.create(tx, coupon, act.now)
            note(tx, act, "coupon.created", Subject("coupon", coupon_id), after=_facts(coupon))
            return coupon_id

        return await once(self._storage, act, work)

    async def change(self, act: Act, coupon_id: int, version: int, **fields: Any) -> Done | Refusal:
        """Set some of the fields named in CHANGEABLE. `{id}` is the coupon.

        CHANGED when it has another version by now, CONTRADICTION with `reason`. TypeError for another field: a mistake
        of ours.
        """
        if unknown := set(fields) - CHANGEABLE:
            raise TypeError(f"a coupon has no {', '.join(sorted(unknown))} to change")
        return await self._save(act, coupon_id, version, "coupon.changed", lambda before: replace(before, **fields))

    async def stop(self, act: Act, coupon_id: int, version: int) -> Done | Refusal:
        """It counts no more. Whoever holds a time with it keeps the price that was told."""
        return await self._to(act, coupon_id, version, "coupon.stopped", CouponState.STOPPED)

    async def start(self, act: Act, coupon_id: int, version: int) -> Done | Refusal:
        """It counts again."""
        return await self._to(act, coupon_id, version, "coupon.started", CouponState.ACTIVE)

    async def _to(self, act: Act, coupon_id: int, version: int, what: str, state: CouponState) -> Done | Refusal:
        judged = state is CouponState.ACTIVE  # whatever its settings have come to be, it can be stopped
        return await self._save(
            act, coupon_id, version, what, lambda before: replace(before, state=state), judged=judged
        )

    async def _save(
        self, act: Act, coupon_id: int, version: int, what: str, change: Callable[[Coupon], Coupon],
        *, judged: bool = True,
    ) -> Done | Refusal:  # fmt: skip
        def work(tx: Tx) -> int | Refusal:
            before = coupons.lock(tx, coupon_id)
            if not may(act.person, Permission.KEEP_OFFERS) or before is None:
                return NOT_FOUND
            if before.version != version:
                return Refusal(Code.CHANGED)
            after = change(before)
            if judged and (broken := _broken(tx, after, act.now)):
                return broken
            if not coupons.save(tx, after):
                return Refusal(Code.CHANGED)
            note(tx, act, what, Subject("coupon", coupon_id), _facts(before), _facts(after))
            return coupon_id

        return await once(self._storage, act, work)


def _broken(tx: Tx, coupon: Coupon, now: datetime) -> Refusal | None:
    same = coupons.of_code(tx, coupon.code)
    reason = mistake(coupon, practice.get(tx).currency, now)
    if reason is None and same is not None and same.id != coupon.id:
        reason = CouponMistake.TAKEN
    return None if reason is None else Refusal(Code.CONTRADICTION, reason)


def _facts(coupon: Coupon) -> dict[str, object]:
    """What the audit keeps of a coupon."""
    amount = coupon.discount.amount
    return {
        "state": coupon.state.value,
        "code": coupon.code,
        "percent": coupon.discount.percent,
        "amount": None if amount is None else amount.amount,
        "currency": None if amount is None else amount.currency,
        "uses": coupon.most_uses,
        "per_client": coupon.most_per_client,
        "first_only": coupon.first_purchase_only,
        "until": None if coupon.until is None else int(coupon.until.timestamp()),
        "offers": "every" if coupon.offer_ids is None else list(coupon.offer_ids),
        "packages": "every" if coupon.package_ids is None else list(coupon.package_ids),
    }
