"""Packages: kept only when their settings can stand together, and for sale only while somebody could use them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.acts import Act
from bot.domain.credits.packages import (
    Package,
    PackageMistake,
    PackageProposal,
    PackageState,
    covered_by,
    mistake,
    proposals,
)
from bot.domain.payments.provider import ProviderTerms, uncharged
from bot.domain.people.permissions import Permission, may
from bot.domain.practice.offers import Offer
from bot.domain.practice.practice import Deployment
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from storage.engine import Storage, Tx
from storage.practice import catalogue, packages
from storage.practice.catalogue import Snapshot

CHANGEABLE = frozenset({"name", "sessions", "price", "offer_ids", "validity_months", "valid_until", "weekly_cap"})


class Packages:
    """What was bought is never touched: it keeps the terms that it was bought under.

    `generation` is that of the catalogue, where the turn knows it: see `catalogue.current`.
    """

    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._deployment = deployment

    async def all(self, generation: int | None = None) -> list[Package]:
        """Those for sale and paused ones, in the owner's order."""
        return (await catalogue.current(self._storage, generation)).standing_packages

    async def find(self, package_id: int, generation: int | None = None) -> Package | None:
        """The package in any state; None when there is none."""
        return (await catalogue.current(self._storage, generation)).the_package(package_id)

    async def for_sale(self, now: datetime, generation: int | None = None) -> list[Package]:
        """What clients can buy now, in the owner's order."""
        seen = await catalogue.current(self._storage, generation)
        return [package for package in seen.packages if self._is_for_sale(seen, package, now)]

    async def for_offer(self, offer_id: int, now: datetime, generation: int | None = None) -> list[Package]:
        """As `for_sale`, of those whose sessions can be booked for this offer."""
        return [package for package in await self.for_sale(now, generation) if offer_id in package.offer_ids]

    async def obstacle(self, package: Package, now: datetime, generation: int | None = None) -> Refusal | None:
        """Why it could not be for sale as it is."""
        return obstacle(await catalogue.current(self._storage, generation), package, self._deployment, now)

    def proposals(self, offer: Offer) -> tuple[PackageProposal, ...]:
        return proposals(offer.price, self._deployment.provider)

    async def create(self, act: Act, package: Package) -> Done | Refusal:
        """Keep it, not for sale yet; its id, state and version are not looked at. `{id}` is the package.

        CONTRADICTION with `reason`, a `PackageMistake`, and with `charge` where the price can never be charged.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.KEEP_OFFERS):
                return NOT_FOUND
            kept = replace(package, state=PackageState.PAUSED)
            if broken := _broken(catalogue.snapshot(tx), kept, self._deployment.provider, act.now):
                return broken
            package_id = packages.create(tx, kept, act.now)
            note(tx, act, "package.created", Subject("package", package_id), after=_facts(kept))
            return package_id

        return await once(self._storage, act, work)

    async def change(self, act: Act, package_id: int, version: int, **fields: Any) -> Done | Refusal:
        """Set some of the fields named in CHANGEABLE. `{id}` is the package.

        CHANGED when it has another version by now, CONTRADICTION with `reason`; of one that is for sale also
        OFFER_CLOSED, when it could not stay so. TypeError for another field: a mistake of ours.
        """
        if unknown := set(fields) - CHANGEABLE:
            raise TypeError(f"a package has no {', '.join(sorted(unknown))} to change")
        return await self._save(act, package_id, version, "package.changed", lambda before: replace(before, **fields))

    async def open(self, act: Act, package_id: int, version: int) -> Done | Refusal:
        """Let clients buy it. PAYMENTS_OFF, OFFER_CLOSED where none of its offers is open, CONTRADICTION."""
        return await self._to(act, package_id, version, "package.opened", PackageState.ACTIVE)

    async def pause(self, act: Act, package_id: int, version: int) -> Done | Refusal:
        """Sell no more of it until it is opened again."""
        return await self._to(act, package_id, version, "package.paused", PackageState.PAUSED)

    async def archive(self, act: Act, package_id: int, version: int) -> Done | Refusal:
        """Sell no more of it, and leave the list, for good."""
        return await self._to(act, package_id, version, "package.archived", PackageState.ARCHIVED)

    async def _to(self, act: Act, package_id: int, version: int, what: str, state: PackageState) -> Done | Refusal:
        return await self._save(act, package_id, version, what, lambda before: replace(before, state=state))

    async def _save(
        self, act: Act, package_id: int, version: int, what: str, change: Callable[[Package], Package]
    ) -> Done | Refusal:
        def work(tx: Tx) -> int | Refusal:
            before = packages.find(tx, package_id)
            if not may(act.person, Permission.KEEP_OFFERS) or before is None or before.state is PackageState.ARCHIVED:
                return NOT_FOUND
            if before.version != version:
                return Refusal(Code.CHANGED)
            after = change(before)
            if refused := self._refusal(tx, before, after, act.now):
                return refused
            if not packages.save(tx, after):
                return Refusal(Code.CHANGED)
            note(tx, act, what, Subject("package", package_id), _facts(before), _facts(after))
            return package_id

        return await once(self._storage, act, work)

    def _refusal(self, tx: Tx, before: Package, after: Package, now: datetime) -> Refusal | None:
        """What is only taken from the market is not judged: settings may have come to contradict each other since."""
        seen = catalogue.snapshot(tx)
        if after.state is PackageState.ACTIVE:
            return obstacle(seen, after, self._deployment, now)
        if replace(after, state=before.state) == before:
            return None
        return _broken(seen, after, self._deployment.provider, now)

    def _is_for_sale(self, seen: Snapshot, package: Package, now: datetime) -> bool:
        return package.state is PackageState.ACTIVE and obstacle(seen, package, self._deployment, now) is None


def obstacle(seen: Snapshot, package: Package, deployment: Deployment, now: datetime) -> Refusal | None:
    """Why it cannot be for sale: CONTRADICTION, OFFER_CLOSED where none of its offers is open, PAYMENTS_OFF."""
    if refused := _broken(seen, package, deployment.provider, now):
        return refused
    if not covered_by(package, seen.open_for()):
        return Refusal(Code.OFFER_CLOSED)
    return None if deployment.payments_on else Refusal(Code.PAYMENTS_OFF)


def _broken(seen: Snapshot, package: Package, provider: ProviderTerms | None, now: datetime) -> Refusal | None:
    reason = mistake(package, covered_by(package, seen.standing), seen.practice.currency, now)
    if reason is not None:
        return Refusal(Code.CONTRADICTION, reason)
    charge = uncharged(package.price, provider)
    return None if charge is None else Refusal(Code.CONTRADICTION, PackageMistake.CHARGE, charge=charge)


def _facts(package: Package) -> dict[str, object]:
    """What the audit keeps of a package: all but its name, which is public."""
    until = package.valid_until
    return {
        "state": package.state.value,
        "sessions": package.sessions,
        "price": package.price.amount,
        "currency": package.price.currency,
        "offers": list(package.offer_ids),
        "months": package.validity_months,
        "until": None if until is None else int(until.timestamp()),
        "a_week": package.weekly_cap,
    }
