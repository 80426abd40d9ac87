"""A show writes nothing and calls nobody, whoever looks: a person who taps, or the sender of a message."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from bot.chat.router import RouteKind
from bot.chat.screen import Screen
from bot.domain.people.people import Profile
from bot.handlers.calendar import hours
from bot.handlers.credits import return_package
from bot.handlers.kit.reasons import cancel_reasons
from bot.handlers.payments import order_words
from bot.handlers.routes import ROUTES
from bot.handlers.team import remove
from bot.services.payments.payments import Payments
from bot.services.reactions import react
from storage.backends.sqlite import SqliteBackend, SqliteLink
from storage.backends.urls import parse
from storage.engine import Locks, Storage
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA, KINDS, THEO, crowded
from tests.handlers.conversation.test_addresses import reached
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER, done
from tests.services.paid_practice import running
from tests.storage.support import new_sealer

T = TypeVar("T")
AUDIT_PAGES = ("only", "who", "what", "when")


class _Nobody:
    name = "nobody"
    cards = None


NOBODY: Any = _Nobody()
"""A payment provider that fails whoever calls it."""


class Database(SqliteBackend):
    """Refuses every transaction that writes while somebody only looks."""

    looking = False

    async def write(self, work: Callable[[SqliteLink], T], locks: Locks | None = None) -> T:
        assert not self.looking, "a show writes"
        return await super().write(work, locks)

    @contextmanager
    def only_looked_at(self) -> Iterator[None]:
        self.looking = True
        try:
            yield
        finally:
            self.looking = False


class Looker(Somebody):
    """A person of whom the router shows pages and does nothing else; that they were met is written before."""

    def __init__(self, chat: BareChat, profile: Profile, database: Database) -> None:
        super().__init__(chat, profile)
        self._database = database

    async def goes(self, address: str, values: dict[str, object] | None = None, key: str | None = None) -> Screen:
        turn = await self.turn(key)
        with self._database.only_looked_at():
            self.screen = await self.chat.router.visit(turn, address)
        return self.screen


@pytest.fixture
def database(sqlite_url: str) -> Database:
    file = parse(sqlite_url).file
    assert file is not None
    return Database(file, readers=2)


@pytest.fixture
async def chat(database: Database) -> AsyncIterator[BareChat]:
    storage = Storage(database, new_sealer())
    async with running(storage) as till:
        yield BareChat(till)
    await storage.close()


def cut_off(chat: BareChat) -> None:
    """From here on no vendor is to be called."""
    payments = Payments(chat.practice.storage, react, NOBODY, order_words.describe, "http://127.0.0.1:1")
    chat.use(replace(chat.desk, payments=payments))


async def behind_acts(chat: BareChat) -> list[str]:
    """Pages of coaches and owners to which an act, a message or a long list leads."""
    till = chat.practice
    coach, invited, booking = await ana_coaches(chat), await till.invite(), await chat.booked(THEO, timedelta(days=7))
    day = booking.starts.date()
    drafts: dict[str, tuple[str, dict[str, Any]]] = {
        f"coach-cancel/{booking.id}/{{id}}": (cancel_reasons.DRAFT, {"reason": "A cold"}),
        f"ill/{coach}/{{id}}/{booking.starts.date()}": (
            cancel_reasons.DRAFT,
            {"reason": "Ill", "usual": "ill", "booking": booking.id},
        ),
        "hours/draft/{id}": (hours.DRAFT, {"line": "mon 9-12"}),
        f"team/{coach}/remove/{{id}}": (remove.DRAFT, {"fates": {str(booking.id): "keep"}}),
        "grant/1/return/{id}": (return_package.DRAFT, {"grant": 1, "how": "card", "reason": "Moved away"}),
    }
    kept = [
        done(await chat.desk.drafts.keep(await till.act(OWNER, till.now(), to), kind, body)).next
        for to, (kind, body) in drafts.items()
    ]
    return [
        *kept,
        f"coach/accept/{invited.token}", "offered/1/paaaaaaaa", "invited/1", f"joined/{coach}", f"removed/{coach}",
        f"needs-hours/{till.coach_id}", "card/practice/0/post", f"card/coach/{coach}/post", "clients/0",
        "clients/all/0", "agenda/0", f"team/{coach}/sessions/0",
        f"client/{booking.person_id}/0", "audit/only/any/any/999", "audit/who/any/any/0",
        *(f"audit/{page}/any/any/{day}" for page in AUDIT_PAGES),
        f"audit/only/any/any/{day}/999", f"audit/who/any/any/{day}/0", "hours/outside/0", "hours/usual/0",
        f"team/{coach}/outside", f"team/{coach}/outside/0", f"today/all/{booking.starts.date()}/0",
        "invite/pick/0", f"propose/{booking.id}/{booking.starts.date()}/0", "setup/name",
        "workspace/t0aaa", f"setup/packages/of/{till.paid.id}", "setup/package/1", "setup/package/1/archive",
        "setup/package/1/edit/price", "setup/package/1/offers", "coupon/1", "coupon/1/edit/what", "coupon/1/for",
        f"client-credits/{booking.person_id}/0", "coupons/0", f"receipts/of/{booking.person_id}/0",
        f"give-back/of/{booking.person_id}/0", f"give-credit/of/{booking.person_id}/0",
        "grant/1", "grant/1/2", "grant/1/adjust", "grant/1/extend", f"client-tax/{booking.person_id}",
        f"client-tax/{booking.person_id}/exempt", f"client-tax/{booking.person_id}/due",
        "gift/1/owed", "gift/1/owed/card",
    ]  # fmt: skip


async def test_a_page_that_is_shown_writes_nothing_and_calls_nobody(chat: BareChat, database: Database) -> None:
    """Of every route of the bot, for everybody who has a part in the practice."""
    seeds = [*await crowded(chat), *await behind_acts(chat)]
    cut_off(chat)
    shown: set[str] = set()
    for who in (IVA, THEO, OWNER, ANA):
        shown |= set(await reached(chat, who, seeds, Looker(chat, who, database)))
    missing = sorted({route.pattern.text for route in ROUTES if route.kind is RouteKind.SHOW} - shown)
    assert not missing, "\n".join(missing)


async def test_a_message_that_is_to_be_sent_waits_for_no_vendor_and_writes_nothing(
    chat: BareChat, database: Database
) -> None:
    """A time is held whose card page is still to be made: the sender says that the link follows."""
    await crowded(chat)
    cut_off(chat)
    bookings = await chat.practice.storage.read(lambda tx: _numbers(tx.connection))
    people = [(await chat.desk.people.meet(who, chat.practice.now())) for who in (IVA, THEO, OWNER, ANA)]
    told = []
    with database.only_looked_at():
        for met in people:
            assert met is not None
            for address in (f"notice/{kind}/{booking}" for kind in KINDS for booking in bookings):
                screen = await chat.visitor.visit(met.person.id, met.account, address)
                told += [] if screen is None else [screen]
    assert len(told) > len(bookings)
    assert any("Card payments cannot be taken right now" in line.text for screen in told for line in screen.body)


async def test_a_question_that_is_said_again_writes_nothing_when_it_is_no_more(
    chat: BareChat, database: Database
) -> None:
    """Its answer was lost, and the booking that it was about is not there."""
    turn = await Somebody(chat, OWNER).turn()
    await chat.desk.conversations.open_form(
        turn.account.id, {"at": "write/999", "to": "write/999/send/aaaaaaaa", "index": 0, "answers": {}}, turn.now
    )
    await chat.desk.replies.say_again(turn.account, "start", turn.now, timedelta())
    [(person, address, _state)] = await chat.practice.notices("answer")
    with database.only_looked_at():
        assert await chat.visitor.visit(person, turn.account, address) is not None


def _numbers(connection: sa.Connection) -> list[int]:
    return list(connection.execute(sa.text("SELECT id FROM bookings ORDER BY id")).scalars())
