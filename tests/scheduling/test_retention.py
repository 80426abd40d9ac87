"""Every table has a rule; strangers and words go in time, and clients, staff and whoever waits stay."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from bot.domain.people.conversations import Conversation
from bot.domain.people.people import Platform, Profile, Role
from bot.domain.records import Cause
from bot.scheduling.retention import RULES, Rule
from bot.services.credits import ledger
from storage.bookings import letters, messages, waits
from storage.engine import Storage, Tx
from storage.people import calendar_feeds, conversations, people, roles, strangers
from storage.practice import invitations
from storage.tables import accounts, metadata, persons
from storage.tables import conversations as conversation_rows
from tests.services.selling_practice import SellingPractice

NOW = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=500)
PAGE = Path(__file__).parents[2] / "docs" / "retention.md"


def test_every_table_has_one_rule() -> None:
    assert sorted(rule.table for rule in RULES) == sorted(metadata.tables)


def test_the_page_for_the_practice_says_the_same() -> None:
    lines = PAGE.read_text().partition("|---|---|---|\n")[2].splitlines()
    said = [tuple(cell.strip() for cell in line.split("|")[1:4]) for line in lines]
    assert said == [(rule.table, _days(rule), rule.why) for rule in RULES]


async def test_strangers_go_and_nobody_else(storage: Storage) -> None:
    practice = await SellingPractice(storage).open()
    booking = await practice.book((await practice.starts())[0])
    before = {booking.person_id, booking.coach_person_id}

    def meet(tx: Tx) -> dict[str, int]:
        those, picked = {}, 0
        for number, name in enumerate(("stranger", "owner", "picked", "waits", "wrote", "told", "recent", "bought")):
            profile = Profile(Platform.TELEGRAM, "", str(7000 + number), str(7000 + number), name)
            known = people.create(tx, profile, LATER if name == "recent" else NOW)
            conversations.save(tx, Conversation(known.account.id, chat_address="start"), NOW)
            those[name] = known.person.id
            if name == "picked":
                picked = known.account.id
        roles.grant(tx, those["owner"], Role.OWNER, NOW)
        made_by = those["owner"]
        invitations.create(tx, "token", made_by=made_by, now=NOW, expires_at=LATER, account_id=picked)
        price = practice.paid.price
        new = ledger.NewGrant(those["bought"], "Five", 5, price, price, [practice.paid.id])
        ledger.give(tx, new, Cause(None, "stripe", NOW))
        waits.put(tx, those["waits"], booking.offer_id, None, NOW)
        waits.put(tx, those["recent"], booking.offer_id, None, LATER)
        calendar_feeds.renew(tx, those["stranger"], NOW)
        letters.insert(tx, those["wrote"], those["told"], "Hello", NOW, from_practice=False)
        letters.insert(tx, those["owner"], those["recent"], "Hello", LATER, from_practice=True)
        return those

    met = await storage.write(meet)
    assert await storage.write(lambda tx: strangers.forget(tx, NOW + timedelta(days=400), 500)) == 1
    assert await storage.read(lambda tx: _left(tx, set(met.values()) | before)) == {
        *(met[name] for name in met if name != "stranger"), *before,
    }  # fmt: skip
    await storage.write(lambda tx: (letters.forget(tx, LATER, 500), waits.forget(tx, LATER, 500)))
    assert await storage.write(lambda tx: strangers.forget(tx, LATER, 2)) == 2
    assert await storage.write(lambda tx: strangers.forget(tx, LATER, 2)) == 1
    left = await storage.read(lambda tx: _left(tx, set(met.values()) | before))
    assert left == {met["recent"], met["owner"], met["picked"], met["bought"], *before}
    assert await storage.read(lambda tx: len(tx.execute(conversation_rows.select()).all())) == 4


async def test_of_many_people_each_hour_looks_at_a_part(storage: Storage) -> None:
    """Most are clients, who stay: going through all of them each hour would cost ever more."""
    kept = {"name_sealed": "x", "created_at": 0}
    ids = [1, strangers.SPAN - 1, strangers.SPAN, 2 * strangers.SPAN + 7, 2 * strangers.SPAN + 8]
    await storage.write(lambda tx: tx.execute(persons.insert(), [{"id": each, **kept} for each in ids]))
    found = [
        await storage.write(partial(strangers.forget, before=LATER + timedelta(hours=hour), limit=500))
        for hour in range(4)
    ]
    assert sorted(found[:3]) == [1, 1, 2]
    assert found[3] == 0, "the newest stays"


async def test_no_number_is_given_out_again(storage: Storage) -> None:
    """Else the trail would name somebody for what a stranger did, and an invitation let another person in."""

    def meet(tx: Tx, number: str) -> tuple[int, int]:
        known = people.create(tx, Profile(Platform.TELEGRAM, "", number, number, "Ana"), NOW)
        return known.person.id, known.account.id

    before = [await storage.write(partial(meet, number=number)) for number in ("7000", "7001")]
    assert await storage.write(lambda tx: strangers.forget(tx, LATER, 500)) == 1  # the newest stays
    again = await storage.write(partial(meet, number="7000"))
    assert again[0] > before[1][0]
    assert again[1] > before[1][1]


async def test_words_go_in_the_order_in_which_they_were_written(storage: Storage) -> None:
    practice = await SellingPractice(storage).open()
    booking = await practice.book((await practice.starts())[0])

    def write(tx: Tx) -> list[int]:
        both = {"from_person_id": booking.person_id, "to_person_id": booking.coach_person_id}
        days = (0, 1, 300)
        return [
            messages.insert(tx, booking_id=booking.id, **both, text="Hi", now=NOW + timedelta(days=day)) for day in days
        ]

    old, next_one, new = await storage.write(write)
    year = NOW + timedelta(days=200)
    assert await storage.write(lambda tx: messages.forget(tx, year, 1)) == 1
    assert await storage.write(lambda tx: messages.forget(tx, year, 500)) == 1
    assert await storage.write(lambda tx: messages.forget(tx, year, 500)) == 0
    assert await storage.write(lambda tx: messages.forget(tx, LATER, 500)) == 0  # the newest stays
    found = await storage.read(lambda tx: [messages.find(tx, each) is not None for each in (old, next_one, new)])
    assert found == [False, False, True]


def _days(rule: Rule) -> str:
    if rule.kept is None:
        return "stays"
    return str(rule.kept.days) if rule.kept else "at once"


def _left(tx: Tx, those: set[int]) -> set[int]:
    kept = sa.select(persons.c.id).where(persons.c.id.in_(those))
    have_chats = sa.select(accounts.c.person_id).where(accounts.c.person_id.in_(those))
    left = set(tx.execute(kept).scalars())
    assert left == set(tx.execute(have_chats).scalars())
    return left
