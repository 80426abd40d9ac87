"""Feeds: a private link by which a person reads their sessions in a calendar of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.calendar_entry import AHEAD, PAST
from bot.domain.people.people import Person, Platform
from bot.domain.refusals import Done, Refusal
from bot.services.kit.idempotent import once
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.people import calendar_feeds, people
from storage.practice import practice

MAX_TOKEN = 64
_AT_ONCE = timedelta(days=35)
"""A coach's feed is read in parts: the turns of others come between them."""


@dataclass(frozen=True)
class FeedLink:
    """`url` is None while no link leads to the feed. `names`: a coach reads their clients' names in calendars."""

    url: str | None = field(repr=False)
    names: bool = False


@dataclass(frozen=True)
class ReadFeed:
    """What stands in a feed now. `since`: from when on its entries read as they do; `practice` is its name.

    `chats`: where its owner writes with us.
    """

    person: Person
    names: bool
    since: datetime
    sessions: Sequence[Booking]
    practice: str | None
    chats: frozenset[Platform]


class Feeds:
    """`public_url` is where their links lead."""

    def __init__(self, storage: Storage, public_url: str) -> None:
        self._storage = storage
        self._public_url = public_url.rstrip("/")

    async def of(self, person: Person) -> FeedLink:
        found = await self._storage.read(lambda tx: calendar_feeds.of_person(tx, person.id))
        if found is None:
            return FeedLink(None)
        return FeedLink(None if found.token is None else f"{self._public_url}/calendar/{found.token}.ics", found.names)

    async def renew(self, act: Act) -> Done | Refusal:
        """Make a link; the one that led there before is dead from then on."""
        return await self._change(act, lambda tx: calendar_feeds.renew(tx, act.person.id, act.now))

    async def end(self, act: Act) -> Done | Refusal:
        """No link leads to it any more."""
        return await self._change(act, lambda tx: calendar_feeds.end(tx, act.person.id, act.now))

    async def show_names(self, act: Act, *, on: bool) -> Done | Refusal:
        """Whether a coach reads their clients' names, in the feed and in files from now on."""
        return await self._change(act, lambda tx: calendar_feeds.show_names(tx, act.person.id, act.now, on=on))

    async def _change(self, act: Act, change: Callable[[Tx], None]) -> Done | Refusal:
        def work(tx: Tx) -> int:
            change(tx)
            return act.person.id

        return await once(self._storage, act, work)

    async def read(self, token: str, now: datetime) -> ReadFeed | None:
        """The confirmed sessions of whoever has this link, in order, a while back and a while ahead; None for a token
        that is none of ours. Those that a coach gives are among them."""
        if len(token) > MAX_TOKEN:
            return None
        found = await self._storage.read(lambda tx: _owner(tx, token))
        if found is None:
            return None
        sessions = {each.id: each for each in await self._sessions(found.person, now)}
        in_order = sorted(sessions.values(), key=lambda each: (each.starts, each.id))
        return replace(found, sessions=in_order)

    async def _sessions(self, person: Person, now: datetime) -> list[Booking]:
        since, until = now - PAST, now + AHEAD
        found = await self._storage.read(lambda tx: bookings.of_client_between(tx, person.id, now - PAST, until))
        coach = person.gives_sessions_of
        while coach is not None and since < until:
            given = await self._given(coach, since, min(since + _AT_ONCE, until))
            found += [each for each in given if each.is_given_by(person.id, now)]
            since += _AT_ONCE
        return [each for each in found if each.state is BookingState.CONFIRMED]

    async def _given(self, coach_id: int, since: datetime, until: datetime) -> list[Booking]:
        return await self._storage.read(lambda tx: bookings.between(tx, coach_id, since, until))


def _owner(tx: Tx, token: str) -> ReadFeed | None:
    """Whose feed it is, without its sessions."""
    feed = calendar_feeds.by_token(tx, token)
    person = None if feed is None else people.find(tx, feed.person_id)
    if feed is None or person is None:
        return None
    chats = frozenset(each.platform for each in people.accounts_of(tx, person.id))
    return ReadFeed(person, feed.names, feed.changed_at, (), practice.get(tx).name, chats)
