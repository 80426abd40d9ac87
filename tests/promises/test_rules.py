"""Forged and foreign taps, too many taps, and the trail that every change leaves."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat.router import Route, RouteKind
from bot.domain.bookings.bookings import Outcome
from bot.domain.people.people import Profile
from bot.handlers.routes import ROUTES
from storage import tables
from storage.engine import Tx
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA, THEO, crowded
from tests.handlers.conversation.test_addresses import reached
from tests.services.bare_practice import ANA, CLIENT, OWNER, made

MAX_A_MINUTE = 30
FORGED = "aaaaaaaa"
HANDED_ON = "gift-open/"
"""Whoever has the link of a gift may read whose it is, and take it: that is what the link is for."""
LOOKED_AT = {"accounts", "acts", "conversations"}
"""Where somebody is and when they were last seen is kept for whoever looks at anything at all."""


async def rows(chat: BareChat) -> dict[str, Any]:
    def work(tx: Tx) -> dict[str, Any]:
        return {
            table.name: [tuple(row) for row in tx.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in tables.metadata.sorted_tables
            if table.name not in LOOKED_AT
        }

    return await chat.practice.storage.read(work)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


DOS = [route for route in ROUTES if route.kind is RouteKind.DO]


def example(route: Route, number: int) -> str:
    """An address of this route about the row `number`, with a tag that nobody made."""
    texts = {"id}": str(number), "day}": "2026-12-01", "instant}": "20261201T0900Z", "word}": "yes"}
    parts = [texts[part.split(":")[1]] if part.startswith("{") else part for part in route.pattern.text.split("/")]
    return "/".join([*parts, FORGED])


@pytest.mark.parametrize("who", [IVA, THEO, OWNER], ids=lambda who: who.name)
@pytest.mark.attack("Forges the tag of a button")
async def test_a_forged_tag_changes_nothing(chat: BareChat, who: Profile) -> None:
    await crowded(chat)
    somebody = Somebody(chat, who)
    await somebody.goes("start")
    before = await rows(chat)
    for route in DOS:
        for number in (1, 2, 3):
            for tag in (FORGED, "AAAAAAAA", "a", "a" * 20, "aaaaaaaà"):
                to = example(route, number).removesuffix(FORGED) + tag
                await somebody.goes(to, {"answer": "anything", "text": "anything", "code": "anything"})
                assert somebody.screen.title, to
    assert differences(before, await rows(chat)) == []


@pytest.mark.parametrize("thief", [THEO, CLIENT], ids=lambda who: who.name)
@pytest.mark.attack("Taps the buttons of somebody else")
async def test_a_foreign_button_changes_nothing_and_tells_nothing(chat: BareChat, thief: Profile) -> None:
    """Whatever leaked: all that others can tap, and all pages that are theirs."""
    seeds = await crowded(chat)
    stolen, own = await _buttons(chat, (IVA, OWNER, ANA), seeds), Somebody(chat, thief)
    await own.goes("start")
    mine = {button for each in (await reached(chat, thief, [])).values() for screen in each for row in screen.buttons
            for button in (getattr(one, "to", None) for one in row)}  # fmt: skip
    before = await rows(chat)
    told = []
    for to in sorted(stolen - mine):
        await own.goes(to)
        if not to.startswith(HANDED_ON) and any(secret in own.text for secret in ("Iva", "Hello", "U0IVA")):
            told.append(f"{to}:\n{own.text}")
    assert not told, "\n\n".join(told[:3])
    assert differences(before, await rows(chat)) == []


async def _buttons(chat: BareChat, people: tuple[Profile, ...], seeds: list[str]) -> set[str]:
    found = set(seeds)
    for who in people:
        for screens in (await reached(chat, who, seeds)).values():
            for screen in screens:
                found |= {to for row in screen.buttons for each in row if (to := getattr(each, "to", None))}
                found |= {screen.form.to} if screen.form is not None else set()
    return found


async def test_too_many_acts_in_a_minute_are_refused_in_words(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    said = []
    for number in range(MAX_A_MINUTE + 1):
        turn = await iva.turn()
        await iva.goes(turn.do("write", booking.id, "send"), {"text": f"word {number}"})
        said.append("one minute" in iva.text)
    assert said.index(True) >= MAX_A_MINUTE - 1, said
    assert said[-1]
    iva.sees("Nothing was changed")
    ana = Somebody(chat, THEO)
    await ana.goes("start")
    await ana.goes((await ana.turn()).do("settings", "reminders", "stop"))
    assert "one minute" not in ana.text
    chat.practice.advance(seconds=61)
    await iva.goes((await iva.turn()).do("write", booking.id, "send"), {"text": "again"})
    assert "one minute" not in iva.text


async def test_a_double_tap_acts_once(chat: BareChat) -> None:
    """The same update twice, and two updates of an impatient finger."""
    iva = Somebody(chat, IVA)
    await iva.goes("start")
    at = await chat.next_start()
    await iva.goes(f"review/{chat.practice.free.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
    to = next(button.to for button in iva.buttons if "hold" in button.to)
    key = chat.key()
    first = await iva.goes(to, key=key)
    again = await iva.goes(to, key=key)
    await iva.goes(to)
    assert first.title == again.title
    assert len((await rows(chat))["bookings"]) == 1


WATCHED = {
    "booking_made": ("AFTER INSERT ON bookings", "'booking:' || NEW.id"),
    "booking_state": ("AFTER UPDATE OF state ON bookings WHEN OLD.state <> NEW.state", "'booking:' || NEW.id"),
    "booking_outcome": (
        "AFTER UPDATE OF outcome ON bookings WHEN OLD.outcome IS NOT NEW.outcome", "'booking:' || NEW.id"
    ),
    "booking_moved": (
        "AFTER UPDATE OF starts ON sessions WHEN OLD.starts <> NEW.starts",
        "(SELECT 'booking:' || id FROM bookings WHERE session_id = NEW.id)",
    ),
    "coach_made": ("AFTER INSERT ON coaches", "'coach:' || NEW.id"),
    "coach_state": ("AFTER UPDATE OF state ON coaches WHEN OLD.state <> NEW.state", "'coach:' || NEW.id"),
    "offer_state": ("AFTER UPDATE OF state ON offers WHEN OLD.state <> NEW.state", "'offer:' || NEW.id"),
    "payment_state": (
        "AFTER UPDATE OF state ON payments WHEN OLD.state <> NEW.state AND NEW.state IN ('accepted', 'refused')",
        "'booking:' || NEW.booking_id",
    ),
    "refund_made": (
        "AFTER INSERT ON refunds", "(SELECT 'booking:' || booking_id FROM payments WHERE id = NEW.payment_id)"
    ),
}  # fmt: skip


async def test_every_change_of_a_booking_a_balance_or_a_right_has_its_entry(chat: BareChat) -> None:
    await chat.practice.storage.write(_watch)
    await _lives(chat)
    changed, noted = await chat.practice.storage.read(_counts)
    assert {what for each in changed.values() for what in each} == set(WATCHED)
    missing = {subject: (what, noted[subject]) for subject, what in changed.items() if len(noted[subject]) < len(what)}
    assert not missing, missing
    rights = await chat.practice.storage.read(
        lambda tx: list(tx.execute(sa.select(tables.roles.c.person_id)).scalars())
    )
    assert rights
    assert all("role.granted" in noted[f"person:{person}"] for person in rights)


async def _lives(chat: BareChat) -> None:
    """Bookings free and paid, paid twice, moved, cancelled by either side, settled; a coach comes and goes."""
    till, desk = chat.practice, chat.desk
    paid = await till.hold(await chat.next_start(True), IVA)
    await till.pays(await till.page(paid))
    await till.heard()
    moved = await till.found(paid.id)
    later = await chat.next_start(True, timedelta(days=5))
    made(await till.move(IVA, moved, later, till.now()))
    await till.cancel(paid.id, IVA)
    await till.heard()
    await till.sweep(minutes=1)
    dropped = await till.hold(await chat.next_start(True), IVA)
    made(await desk.bookings.release(await till.act(IVA, till.now()), dropped.id, dropped.version))
    kept = await chat.booked(IVA)
    till.advance(seconds=(kept.ends - till.now()).total_seconds())
    now = await till.found(kept.id)
    made(await desk.day.settle(await till.act(OWNER, till.now()), kept.id, now.version, Outcome.NO_SHOW))
    now = await till.found(kept.id)
    made(await desk.day.unsettle(await till.act(OWNER, till.now()), kept.id, now.version))
    offer = await desk.offers.find(till.free.id)
    assert offer
    made(await desk.offers.pause(await till.act(OWNER, till.now()), offer.id, offer.version))
    invited = await till.invite()
    made(await desk.invitations.accept(await till.act(THEO, till.now()), invited.token))
    coach = next(each for each in await desk.coaches.all() if each.id != till.coach_id)
    made(await desk.coaches.pause(await till.act(OWNER, till.now()), coach.id))
    made(await desk.coaches.remove(await till.act(OWNER, till.now()), coach.id, {}))


def _watch(tx: Tx) -> None:
    tx.connection.exec_driver_sql("CREATE TABLE watched (subject TEXT, what TEXT)")
    for name, (when, subject) in WATCHED.items():
        tx.connection.exec_driver_sql(
            f"CREATE TRIGGER watch_{name} {when} BEGIN INSERT INTO watched VALUES ({subject}, '{name}'); END"
        )


Found = defaultdict[str, list[str]]


def _counts(tx: Tx) -> tuple[Found, Found]:
    changed: Found = defaultdict(list)
    noted: Found = defaultdict(list)
    for row in tx.connection.exec_driver_sql("SELECT subject, what FROM watched").mappings():
        changed[row["subject"]].append(row["what"])
    for entry in tx.execute(sa.select(tables.audit.c.subject, tables.audit.c.act)).mappings():
        noted[entry["subject"]].append(entry["act"])
    return changed, noted
