"""The catalogue: the practice, its offers, packages and coaches, which every turn reads and hardly anybody changes.

A process keeps them in memory beside the generation they were read at. Triggers raise the generation in the very
transaction that changes any of them, and whoever asks compares it first, inside their own transaction: what was
committed elsewhere, by another process too, is seen by the next question. Who is booked when is never kept.
"""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from bot.domain.credits.packages import Package, PackageState
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Practice
from bot.domain.records import Why
from storage.engine import Storage
from storage.journal.set_aside import Reader
from storage.leased import real_now
from storage.practice import catalogue_rows
from storage.ready import Ready
from storage.sound import Senseless
from storage.tables import catalogue
from storage.tx import BadRow, CannotRead, SnapshotSlot, Tx

LOST = 0
_ID = 1
_GENERATION = sa.select(catalogue.c.generation).where(catalogue.c.id == _ID)
_READ = Ready(_GENERATION)
ALONG = sa.func.coalesce(_GENERATION.scalar_subquery(), LOST).label("generation")
"""The generation, as a column of whatever else is asked."""
_MOST = 10**15
"""No generation is beyond it: those of a row that was made again begin at the milliseconds of its day."""


@dataclass(frozen=True)
class Snapshot:
    """Everything of one generation: offers and packages in the owner's order, coaches in that of joining, in any state.

    The generation is `LOST` where its row is: then nobody keeps this.
    """

    generation: int
    practice: Practice
    offers: tuple[Offer, ...]
    coaches: tuple[Coach, ...]
    packages: tuple[Package, ...]
    bad_rows: tuple[BadRow, ...] = ()
    """What of this generation cannot be read, and is left out."""

    @cached_property
    def offer(self) -> dict[int, Offer]:
        return {each.id: each for each in self.offers}

    @property
    def standing(self) -> list[Offer]:
        """Drafts, open and paused ones; what was archived is left out."""
        return [offer for offer in self.offers if offer.state is not OfferState.ARCHIVED]

    def the_coach(self, coach_id: int) -> Coach | None:
        """None where there is none. Raises `CannotRead` where there is one."""
        self._must_read("coaches", coach_id)
        return self.coach.get(coach_id)

    def the_offer(self, offer_id: int) -> Offer | None:
        """As `the_coach`."""
        self._must_read("offers", offer_id)
        return self.offer.get(offer_id)

    def the_package(self, package_id: int) -> Package | None:
        """As `the_coach`."""
        self._must_read("packages", package_id)
        return self.package.get(package_id)

    @cached_property
    def package(self) -> dict[int, Package]:
        return {each.id: each for each in self.packages}

    @property
    def standing_packages(self) -> list[Package]:
        """Those that can be bought or are paused; what was archived is left out."""
        return [package for package in self.packages if package.state is not PackageState.ARCHIVED]

    def _must_read(self, table: str, key: int) -> None:
        for each in self.bad_rows:
            if (each.table, each.row) == (table, str(key)):
                raise CannotRead(each)

    def open_for(self, coach_id: int | None = None) -> list[Offer]:
        """Open offers that an active coach (this one) can do: it, or that coach, has a place."""
        able = [coach for coach in self.coaches if coach_id in (None, coach.id)]
        opened = (offer for offer in self.offers if offer.state is OfferState.OPEN)
        return [offer for offer in opened if any(coach.can_do(offer) for coach in able)]

    @property
    def active(self) -> list[Coach]:
        return [coach for coach in self.coaches if coach.state is CoachState.ACTIVE]

    @property
    def everyone(self) -> list[Coach]:
        """Active and paused coaches; who was removed is left out."""
        return [coach for coach in self.coaches if coach.state is not CoachState.REMOVED]

    @cached_property
    def coach(self) -> dict[int, Coach]:
        return {each.id: each for each in self.coaches}


def snapshot(tx: Tx) -> Snapshot:
    """As this transaction sees it, with its own changes."""
    seen = tx.seen
    if not isinstance(seen, Snapshot):
        seen = tx.seen = _kept(tx, _generation(tx))
    return seen


def see(tx: Tx, generation: int) -> None:
    """As `snapshot`, for a transaction that has just read the generation along with something else."""
    tx.seen = _kept(tx, _sound(generation))


async def current(storage: Storage, generation: int | None = None) -> Snapshot:
    """As it stands, for one round trip to the database.

    `generation` is the number that the caller has just read along with something else, and saves that round trip.
    Whoever asked or wrote anything since must not give it: what was read later may be newer, and a page must not
    show what is older beside it.
    """
    known = None if generation is None else _of(storage.snapshot, generation)
    if known is None:
        known = _of(storage.snapshot, await storage.read_one(_generation))
    return await storage.read(snapshot) if known is None else known


def _of(snapshot: SnapshotSlot, generation: int) -> Snapshot | None:
    """What is kept of this generation."""
    kept = snapshot.newest
    return kept if isinstance(kept, Snapshot) and kept.generation == generation else None


def _kept(tx: Tx, generation: int) -> Snapshot:
    known = _of(tx.snapshot, generation)
    if known is not None:
        return known
    before = len(tx.bad_rows)
    read = Snapshot(generation, *catalogue_rows.everything(tx), tuple(tx.bad_rows[before:]))
    if generation == LOST:
        tx.bad_rows.append(BadRow(catalogue.name, str(_ID), Why.UNREADABLE))
    elif tx.sees_one_moment:  # what a writer sees of its own may never be committed
        tx.snapshot.newest = read
    return read


def _generation(tx: Tx) -> int:
    """`LOST` also where it makes no sense."""
    return _sound(tx.execute(_READ).scalar_one_or_none())


def _sound(found: object) -> int:
    return found if isinstance(found, int) and 0 < found <= _MOST else LOST


def _make_again(tx: Tx) -> None:
    """With a generation that no process can have kept anything of."""
    anew = {"generation": real_now() * 1000}
    made = tx.upsert(catalogue).values(id=_ID, **anew)
    senseless = sa.not_(catalogue.c.generation.between(1, _MOST))
    tx.execute(made.on_conflict_do_update(index_elements=["id"], set_=anew, where=senseless))


def _judged(tx: Tx, _row: object) -> None:
    if _generation(tx) == LOST:
        raise Senseless("catalogue.generation")


GENERATION = Reader(sa.select(catalogue), catalogue.c.id, _judged, make_again=_make_again)
