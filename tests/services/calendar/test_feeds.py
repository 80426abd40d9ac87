"""Feeds: whose sessions stand in one, how far it reaches, and which link leads there."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.calendar_entry import AHEAD, PAST
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.people.people import Platform, Profile
from bot.domain.refusals import Code
from bot.services.calendar.feeds import MAX_TOKEN, Feeds, ReadFeed
from bot.services.calendar.files import CalendarFiles
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made, refused
from tests.services.booked import book
from tests.services.selling_practice import SellingPractice

THEO = Profile(Platform.TELEGRAM, "", "2003", "2003", "Theo", language="en")
URL = "https://desk.example.org"


class Feeding:
    def __init__(self, practice: SellingPractice) -> None:
        self.practice = practice
        self.feeds = Feeds(practice.storage, f"{URL}/")

    async def link(self, who: Profile = CLIENT) -> str | None:
        return (await self.feeds.of(await self.practice.meet(who))).url

    async def token(self, who: Profile = CLIENT) -> str:
        """Of the link that somebody has; they make one."""
        done(await self.feeds.renew(await self.practice.act(who)))
        link = await self.link(who)
        assert link is not None
        assert link.startswith(f"{URL}/calendar/")
        return link.removeprefix(f"{URL}/calendar/").removesuffix(".ics")

    async def read(self, token: str, now: datetime = NOW) -> ReadFeed:
        found = await self.feeds.read(token, now)
        assert found is not None
        return found

    async def ids(self, token: str, now: datetime = NOW) -> list[int]:
        return [each.id for each in (await self.read(token, now)).sessions]


async def cancel(practice: SellingPractice, booking: Booking) -> None:
    facts = cancel_facts(practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW))
    made(await practice.bookings.cancel(await practice.act(CLIENT), booking.id, booking.version, facts))


@pytest.fixture
async def feeding(storage: Storage) -> Feeding:
    return Feeding(await SellingPractice(storage).open())


async def test_each_reads_their_own_and_a_coach_what_they_give(feeding: Feeding) -> None:
    practice = feeding.practice
    starts = await practice.starts()
    ours, theirs = await practice.book(starts[0]), await practice.book(starts[2], THEO)
    held = (await practice.starts(practice.paid))[-1]
    made(await practice.try_hold(CLIENT, practice.paid, held))
    client, theo, coach = [await feeding.token(who) for who in (CLIENT, THEO, OWNER)]
    assert await feeding.ids(client) == [ours.id]
    assert await feeding.ids(theo) == [theirs.id]
    assert await feeding.ids(coach) == [ours.id, theirs.id]
    found = await feeding.read(client)
    assert (found.person.name, found.practice) == ("Clara Client", "Olga's practice")
    assert found.chats == {Platform.TELEGRAM}


async def test_a_change_is_there_at_once(feeding: Feeding) -> None:
    practice = feeding.practice
    token = await feeding.token()
    assert await feeding.ids(token) == []
    booking = await practice.book((await practice.starts())[0])
    assert await feeding.ids(token) == [booking.id]
    await cancel(practice, booking)
    assert await feeding.ids(token) == []


async def test_it_reaches_so_far_back_and_so_far_ahead(feeding: Feeding) -> None:
    practice = feeding.practice
    at = NOW + timedelta(days=10)
    booking_id = await book(practice, CLIENT, practice.coach_id, at)
    for token in (await feeding.token(), await feeding.token(OWNER)):
        for now, there in (
            (at + PAST, True), (at + PAST + timedelta(minutes=1), False),
            (at - AHEAD + timedelta(minutes=1), True), (at - AHEAD, False),
        ):  # fmt: skip
            assert (await feeding.ids(token, now) == [booking_id]) is there, now


async def test_a_new_link_and_none_make_the_old_one_dead(feeding: Feeding) -> None:
    first = await feeding.token()
    second = await feeding.token()
    assert first != second
    assert await feeding.feeds.read(first, NOW) is None
    assert (await feeding.read(second)).person.name == "Clara Client"
    done(await feeding.feeds.end(await feeding.practice.act(CLIENT)))
    assert await feeding.link() is None
    assert await feeding.feeds.read(second, NOW) is None


@pytest.mark.parametrize("token", ["", "x", "x" * MAX_TOKEN, "x" * (MAX_TOKEN + 1), "%00", "ü"])
async def test_what_nobody_was_given_leads_nowhere(feeding: Feeding, token: str) -> None:
    await feeding.token()
    assert await feeding.feeds.read(token, NOW) is None


async def test_the_token_is_kept_as_a_digest_and_sealed(feeding: Feeding) -> None:
    token = await feeding.token()
    assert len(token) >= 32
    row = await feeding.practice.storage.read(lambda tx: tx.execute(sa.select(tables.calendar_feeds)).one())
    assert not [value for value in row if token in str(value)]


async def test_names_are_a_wish_that_outlives_the_link(feeding: Feeding) -> None:
    practice = feeding.practice
    done(await feeding.feeds.show_names(await practice.act(OWNER), on=True))
    assert await feeding.link(OWNER) is None
    token = await feeding.token(OWNER)
    assert (await feeding.read(token)).names
    done(await feeding.feeds.show_names(await practice.act(OWNER, NOW + timedelta(hours=1)), on=False))
    found = await feeding.read(token)
    assert not found.names
    assert found.since == NOW + timedelta(hours=1)


async def test_who_turned_out_to_be_another_keeps_every_link_until_a_new_one(feeding: Feeding) -> None:
    practice = feeding.practice
    booking = await practice.book((await practice.starts())[0])
    before = await feeding.token()
    one, other = await practice.meet(CLIENT), await practice.meet(THEO)
    merge = sa.update(tables.persons).where(tables.persons.c.id == one.id).values(merged_into=other.id)
    await practice.storage.write(lambda tx: tx.execute(merge))
    assert await feeding.ids(before) == [booking.id]
    assert (await feeding.link(THEO) or "").endswith(f"{before}.ics")
    after = await feeding.token(THEO)
    assert await feeding.feeds.read(before, NOW) is None
    assert await feeding.ids(after) == [booking.id]


async def test_only_its_two_sides_take_a_session_as_a_file(feeding: Feeding) -> None:
    practice = feeding.practice
    files = CalendarFiles(practice.storage)
    booking = await practice.book((await practice.starts())[0])
    refused(await files.take(await practice.act(THEO), booking.id), Code.NOT_FOUND)
    refused(await files.take(await practice.act(CLIENT), 999), Code.NOT_FOUND)
    refused(await files.take(await practice.act(CLIENT, booking.ends), booking.id), Code.ALREADY_OVER)
    done(await files.take(await practice.act(CLIENT), booking.id))
    found = await practice.found(booking.id)
    assert (found.client_filed, found.coach_filed, found.version) == (True, False, booking.version)
    done(await files.take(await practice.act(OWNER), booking.id))
    assert (await practice.found(booking.id)).coach_filed
    await cancel(practice, booking)
    refused(await files.take(await practice.act(CLIENT), booking.id), Code.ALREADY_OVER)
