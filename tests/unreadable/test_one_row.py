"""One broken value anywhere: every sweep goes on, everybody is answered, and nobody else's page fails.

A run breaks a few values of a practice in which everything has happened, the same ones each time, and fewer on
PostgreSQL; `make force` breaks two thousand, and SEED chooses others.
"""

import os
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.domain.notices.notices import NoticeKind, address_of
from tests.fuzz.story import OWN
from tests.fuzz.world import World
from tests.handlers.bare_chat import as_text
from tests.handlers.conversation.crowded import IVA, THEO
from tests.services.bare_practice import ANA, CLIENT, OWNER
from tests.support.servers.postgres import ADMIN
from tests.unreadable.corruption import Damage, PostgresVandal, Vandal
from tests.unreadable.others import PAGES, REFERENCE, Everybody, database

EXAMPLES = int(os.environ.get("BROKEN_VALUES", "20"))
SEED = int(os.environ.get("SEED", "11"))
SECONDS_EACH = 5

BROKEN = (
    ("offers", "state", "no-such-word"),
    ("offers", "step_min", 0),
    ("coaches", "weekly", "[7]"),
    ("coaches", "zone", "Mars/Olympus"),
    ("coaches", "state", "no-such-word"),
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path) as opened:
        yield opened


@pytest.fixture
def everybody(world: World) -> Everybody:
    return Everybody(world)


def some(every: list[Damage], most: int) -> list[Damage]:
    """At most so many, of as many columns as possible."""
    chooser = random.Random(SEED)
    chooser.shuffle(every)
    seen: dict[tuple[str, str], int] = {}

    def rank(damage: Damage) -> int:
        column = (damage.table, damage.column)
        seen[column] = seen.get(column, 0) + 1
        return seen[column]

    return sorted(every, key=rank)[:most]


@pytest.mark.timeout(120 + SECONDS_EACH * EXAMPLES)
async def test_one_broken_value_stops_nobody(
    database_url: str, tmp_path: Path, directly: Callable[[str, str], str]
) -> None:
    on_postgres = not database_url.startswith("sqlite")
    async with World(tmp_path, database_url if on_postgres else None) as world:

        def opened() -> Vandal:
            return PostgresVandal(directly(world.url, ADMIN)) if world.url else Vandal(database(world))

        everybody, vandal, told = Everybody(world), opened(), []
        for damage in some(vandal.damages(), EXAMPLES // 4 if on_postgres else EXAMPLES):
            was = vandal.breaks(damage)
            if was is None:
                continue
            found = await everybody.sweeps()
            for who in PAGES:
                found += await everybody.pages(who)
            told += [f"{damage}: {each.where}: {each.why}" for each in found]
            try:
                vandal.mends(damage, was)
            except vandal.refused:  # whom nobody knew by it any more was met anew
                vandal.close()
                await world.begin()
                vandal = opened()
        vandal.close()
    assert not told, f"SEED={SEED}\n" + "\n".join(told)


async def test_a_page_shows_the_others_and_one_line_with_a_reference(world: World, everybody: Everybody) -> None:
    vandal = Vandal(database(world))
    before = await everybody.turn(OWNER, "agenda")
    assert before is not None
    coming = [each for each in vandal.damages() if (each.table, each.column) == ("bookings", "place_sealed")]
    for damage in coming:
        was = vandal.breaks(damage)
        after = await everybody.turn(OWNER, "agenda")
        vandal.mends(damage, was)
        assert after is not None
        text = as_text(after.screen)
        if "cannot be read" not in text:
            continue  # a session that is no longer to come
        [line] = [each.text for each in after.screen.body if "cannot be read" in each.text]
        assert line.startswith("1 entry")
        [reference] = REFERENCE.findall(line)
        assert reference in as_text((await everybody.page(OWN, address_of(NoticeKind.SET_ASIDE))).screen)
        assert len(after.screen.body) > 1
        break
    else:
        pytest.fail("none of them was to come")
    vandal.close()


async def test_who_cannot_be_read_themselves_is_told_so_with_a_reference(world: World, everybody: Everybody) -> None:
    vandal = Vandal(database(world))
    damage = Damage("persons", (await everybody.person_id(CLIENT),), "leads", '{"strange": [null]}')
    was = vandal.breaks(damage)
    screen = (await everybody.page(CLIENT, "/sessions")).screen
    text = as_text(screen)
    assert "Das kann ich nicht lesen" in text
    assert REFERENCE.search(text)
    for who in (THEO, IVA, ANA, OWNER, OWN):
        assert await everybody.pages(who) == []
    vandal.mends(damage, was)
    vandal.close()
    assert not REFERENCE.search(as_text((await everybody.page(CLIENT, "/sessions")).screen))


async def test_while_a_payment_cannot_be_read_nobody_says_that_nothing_was_paid(
    world: World, everybody: Everybody
) -> None:
    """And the owner reads whose it is, and how much."""
    with sqlite3.connect(database(world)) as rows:
        payment, booking = rows.execute("SELECT max(id), booking_id FROM payments WHERE state = 'open'").fetchone()
    vandal = Vandal(database(world))
    damage = Damage("payments", (payment,), "state", "weird")
    was = vandal.breaks(damage)
    for to in (f"hold/{booking}", f"let-go/{booking}"):
        text = as_text((await everybody.page(THEO, to)).screen)
        assert "I cannot read whether this was paid." in text
        assert "charged" not in text
        assert REFERENCE.search(text.rpartition("Reference")[2])
    told = as_text((await everybody.page(OWN, address_of(NoticeKind.SET_ASIDE))).screen)
    assert "The client is Theo" in told
    assert "€45.00" in told
    vandal.mends(damage, was)
    vandal.close()


@pytest.mark.parametrize(
    ("table", "column", "value"), [("conversations", "newest", "zzz"), ("persons", "merged_into", 2**62)]
)
async def test_who_cannot_be_met_is_set_aside_and_told_so(
    world: World, everybody: Everybody, table: str, column: str, value: object
) -> None:
    met = (await everybody.page(THEO, "/sessions")).account
    vandal = Vandal(database(world))
    damage = Damage(table, (met.id if table == "conversations" else met.person_id,), column, value)
    was = vandal.breaks(damage)
    reply = await everybody.page(THEO, "/sessions")
    assert reply.new
    text = as_text(reply.screen)
    assert "I cannot read this" in text
    [reference] = REFERENCE.findall(text.rpartition("Reference")[2])
    assert reference in as_text((await everybody.page(OWN, address_of(NoticeKind.SET_ASIDE))).screen)
    vandal.mends(damage, was)
    vandal.close()
    assert "Your sessions" in as_text((await everybody.page(THEO, "/sessions")).screen)


async def test_a_fault_stands_below_the_words_that_it_answers(world: World, everybody: Everybody) -> None:
    vandal = Vandal(database(world))
    damage = Damage("coaches", (1,), "place_kind", "spaceship")
    was = vandal.breaks(damage)
    for _twice in range(2):
        reply = await everybody.page(OWNER, "/today")
        assert reply.new, as_text(reply.screen)
    assert not (await everybody.page(OWNER, "today")).new
    vandal.mends(damage, was)
    vandal.close()


async def test_no_page_says_that_there_is_nothing_where_something_cannot_be_read(
    world: World, everybody: Everybody
) -> None:
    vandal = Vandal(database(world))
    theo = await everybody.person_id(THEO)
    with sqlite3.connect(database(world)) as rows:
        mine = rows.execute("SELECT id FROM bookings WHERE person_id = ?", (theo,)).fetchall()
    broken = [Damage("bookings", key, "place_kind", "spaceship") for key in mine]
    were = [vandal.breaks(damage) for damage in broken]
    text = as_text((await everybody.page(THEO, "/sessions")).screen)
    assert "You have nothing booked" not in text
    assert REFERENCE.search(text.rpartition("Reference")[2])
    for damage, was in zip(broken, were, strict=True):
        vandal.mends(damage, was)
    broken = [Damage("coaches", (coach,), "place_kind", "spaceship") for coach in (1, 2)]
    were = [vandal.breaks(damage) for damage in broken]
    text = as_text((await everybody.page(THEO, "/book")).screen)
    assert "Nothing on offer" not in text
    assert REFERENCE.search(text.rpartition("Reference")[2]), text
    assert "[Set aside]" in as_text((await everybody.page(OWN, "/setup")).screen)
    for damage, was in zip(broken, were, strict=True):
        vandal.mends(damage, was)
    vandal.close()


async def test_a_broken_offer_coach_or_practice_closes_the_practice_to_nobody(
    world: World, everybody: Everybody
) -> None:
    """The second offer and the second coach are broken: what the first coach does of the first can be booked. Of the
    practice, an answer that cannot be read counts as none."""
    vandal = Vandal(database(world))
    for table, column, value in BROKEN:
        damage = Damage(table, (2,), column, value)
        was = vandal.breaks(damage)
        assert await everybody.books(CLIENT) == [], damage
        told = as_text((await everybody.page(OWN, "team" if table == "coaches" else "offers")).screen)
        assert "cannot be read" in told, damage
        assert REFERENCE.search(told.rpartition("Reference")[2]), told
        vandal.mends(damage, was)
    for column, value in (("zone", "Mars/Olympus"), ("progress", '{"half":'), ("quiet_from", 10**17)):
        damage = Damage("practice", (1,), column, value)
        was = vandal.breaks(damage)
        found = await everybody.sweeps()
        for who in PAGES:
            found += await everybody.pages(who)
        assert found == [], damage
        vandal.mends(damage, was)
    vandal.close()


async def test_without_the_number_of_the_catalogue_nobody_misses_anything(world: World, everybody: Everybody) -> None:
    before = as_text((await everybody.page(CLIENT, "/book")).screen)
    vandal = Vandal(database(world))
    vandal.run("UPDATE catalogue SET id = 7")
    assert as_text((await everybody.page(CLIENT, "/book")).screen) == before
    assert REFERENCE.search(as_text((await everybody.page(OWN, address_of(NoticeKind.SET_ASIDE))).screen))
    assert vandal.run("SELECT count(*) FROM catalogue WHERE id = 1") == [(1,)]
    vandal.close()
