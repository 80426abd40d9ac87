"""Acts, audit, inbox, leases, conversations, workspaces, invitations and faults."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.people.conversations import REACH, Answered, Conversation
from bot.domain.practice.workspaces import Workspace, WorkspaceState
from bot.domain.records import About, AuditFilter
from bot.domain.subjects import Subject
from storage.engine import Storage, Tx
from storage.journal import acts, audit, faults, inbox, leases
from storage.people import conversations
from storage.practice import invitations, workspaces
from storage.tables import leases as lease_rows
from tests.storage.support import NOW, add_account, add_person, new_sealer
from tests.support.leases import time_passes


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def test_an_act_is_seen_after_it_was_marked_and_counted(storage: Storage) -> None:
    def act(tx: Tx) -> object:
        before = acts.seen(tx, "telegram:1")
        if isinstance(before, acts.Unseen):
            acts.mark(tx, "telegram:1", 5, "home", NOW)
        return before

    assert await storage.write(act) is acts.UNSEEN
    assert await storage.write(act) == "home"
    assert await storage.write(lambda tx: acts.begin(tx, "k", 5, NOW, later(1))[1]) == 1
    assert await storage.write(lambda tx: acts.begin(tx, "k", 5, later(1), later(2))[1]) == 0
    set_back = NOW - timedelta(minutes=5)
    assert await storage.write(lambda tx: acts.begin(tx, "k", 5, set_back, set_back)[1]) == 0
    assert await storage.write(lambda tx: acts.forget(tx, later(1))) == 2, "the act, and the key that came to nothing"
    assert await storage.write(act) is acts.UNSEEN


async def test_the_audit_is_read_by_who_what_and_when(storage: Storage) -> None:
    people = [await storage.write(add_person), await storage.write(add_person)]
    done = [(people[0], "offer.opened"), (people[1], "hours.saved"), (None, "payment.accepted"), (people[0], "offer_x")]

    def write(tx: Tx) -> None:
        for n, (person, act) in enumerate(done):
            audit.write(tx, person_id=person, via="cli", act=act, subject=Subject("offer", 1), now=later(n))

    await storage.write(write)

    async def found(**wanted: object) -> list[str]:
        chosen = AuditFilter(**wanted)  # type: ignore[arg-type]
        return [entry.act for entry in await storage.read(lambda tx: audit.recent(tx, wanted=chosen))]

    assert await found(person_id=people[0]) == ["offer_x", "offer.opened"]
    assert await found(by_itself=True) == ["payment.accepted"]
    assert await found(about=About.OFFERS) == ["offer.opened"]
    assert await found(since=later(1), until=later(3)) == ["payment.accepted", "hours.saved"]
    assert await storage.read(lambda tx: audit.actors(tx, 0, 5)) == people
    assert await storage.read(lambda tx: audit.actors(tx, 0, 1)) == people[:1]
    assert await storage.read(lambda tx: audit.actors(tx, 1, 5)) == people[1:]


async def test_an_act_that_came_to_nothing_may_be_tried_again(storage: Storage) -> None:
    assert await storage.write(lambda tx: acts.seen(tx, "k")) is acts.UNSEEN
    assert await storage.write(lambda tx: acts.seen(tx, "k")) is acts.UNSEEN
    await storage.write(lambda tx: acts.mark(tx, "k", None, None, NOW))
    assert await storage.write(lambda tx: acts.seen(tx, "k")) is None


async def test_of_many_deliveries_at_once_one_acts(storage: Storage, database_url: str) -> None:
    other = await Storage.open(database_url, new_sealer())
    acted = []

    def act(tx: Tx) -> str | None:
        before = acts.seen(tx, "k")
        if not isinstance(before, acts.Unseen):
            return before
        acts.mark(tx, "k", 5, "done", NOW)
        acted.append(1)
        return "done"

    shown = await asyncio.gather(*(where.write(act) for _ in range(8) for where in (storage, other)))
    assert (set(shown), len(acted)) == ({"done"}, 1)
    await other.close()


async def test_the_audit_is_read_newest_first_page_by_page(storage: Storage) -> None:
    def write(tx: Tx) -> None:
        for n in range(5):
            subject = Subject("booking", n)
            audit.write(tx, person_id=None, via="cli", act="x", subject=subject, after={"n": n}, now=NOW)

    await storage.write(write)
    page = await storage.read(lambda tx: audit.recent(tx, limit=2))
    assert [entry.after for entry in page] == [{"n": 4}, {"n": 3}]
    assert (page[0].before, page[0].at, str(page[0].subject)) == (None, NOW, "booking:4")
    following = await storage.read(lambda tx: audit.recent(tx, before_id=page[-1].id, limit=2))
    assert [entry.after for entry in following] == [{"n": 2}, {"n": 1}]
    assert len(await storage.read(lambda tx: audit.of_subject(tx, Subject("booking", 1)))) == 1


async def test_an_event_is_kept_once_and_applied_once(storage: Storage) -> None:
    async def put(external_id: str) -> bool:
        return await storage.write(lambda tx: inbox.put(tx, "stripe", external_id, "paid", {"who": "Ana"}, NOW))

    assert [await put("evt_1"), await put("evt_1"), await put("evt_2")] == [True, False, True]
    first, second = await storage.write(lambda tx: inbox.claim(tx, NOW, 10, 60))
    assert (first.external_id, first.payload, first.attempts) == ("evt_1", {"who": "Ana"}, 1)
    assert await storage.write(lambda tx: inbox.claim(tx, later(59), 10, 60)) == []
    assert await storage.write(lambda tx: inbox.mark_applied(tx, first.id))
    assert not await storage.write(lambda tx: inbox.mark_applied(tx, first.id))
    assert await storage.write(lambda tx: inbox.mark_failed(tx, second.id, "Timeout", later(30)))
    assert await storage.read(inbox.next_due) == later(30)
    (again,) = await storage.write(lambda tx: inbox.claim(tx, later(30), 10, 60))
    assert (again.id, again.attempts) == (second.id, 2)
    assert await storage.write(lambda tx: inbox.mark_failed(tx, second.id, "Timeout", None))
    assert await storage.write(lambda tx: inbox.claim(tx, later(9999), 10, 60)) == []
    assert await storage.read(inbox.next_due) is None


async def test_events_are_claimed_by_one(storage: Storage, database_url: str) -> None:
    other = await Storage.open(database_url, new_sealer())
    for n in range(20):
        await storage.write(lambda tx, n=n: inbox.put(tx, "stripe", f"evt_{n}", "x", {}, NOW))  # type: ignore[misc]
    own = await Storage.open(database_url, storage.sealer)
    batches = await asyncio.gather(
        *(where.write(lambda tx: inbox.claim(tx, NOW, 4, 60)) for _ in range(3) for where in (storage, own))
    )
    taken = [row.id for batch in batches for row in batch]
    assert len(taken) == len(set(taken))
    await own.close()
    await other.close()


async def test_a_lease_changes_hands_only_when_it_ran_out(storage: Storage) -> None:
    async def take(owner: str) -> int | None:
        return await storage.write(lambda tx: leases.acquire(tx, "poll", owner, 30))

    async def holds(owner: str, epoch: int) -> bool:
        return await storage.write(lambda tx: leases.holds(tx, "poll", owner, epoch))

    assert [await take("a"), await take("b"), await take("a")] == [1, None, 1]
    await time_passes(storage, 20)
    assert await holds("a", 1)
    await time_passes(storage, 10)
    assert not await holds("a", 1)
    assert await take("b") == 2
    assert not await holds("a", 1)
    assert not await storage.write(lambda tx: leases.set_cursor(tx, "poll", "a", 1, "9"))
    assert await storage.write(lambda tx: leases.set_cursor(tx, "poll", "b", 2, "7"))
    await storage.write(lambda tx: leases.release(tx, "poll", "a", 1))
    assert await take("a") is None
    await storage.write(lambda tx: leases.release(tx, "poll", "b", 2))
    assert await take("a") == 3
    assert await storage.read(lambda tx: leases.cursor(tx, "poll")) == "7"


async def test_a_lease_of_a_clock_that_ran_ahead_holds_nobody_up(storage: Storage) -> None:
    await storage.write(lambda tx: leases.acquire(tx, "poll", "a", 30))
    await storage.write(lambda tx: tx.execute(lease_rows.update().values(until=2**40)))
    assert not await storage.read(lambda tx: leases.taken(tx, "poll"))
    assert await storage.write(lambda tx: leases.acquire(tx, "poll", "b", 30)) == 2


async def test_of_many_that_want_a_lease_one_has_it(storage: Storage) -> None:
    wanted = (storage.write(lambda tx, n=n: leases.acquire(tx, "x", f"{n}", 30)) for n in range(10))  # type: ignore[misc]
    assert sorted(str(epoch) for epoch in await asyncio.gather(*wanted)) == ["1"] + ["None"] * 9


async def test_a_conversation_is_kept_by_whoever_read_it_last(storage: Storage) -> None:
    account = await storage.write(add_account)
    new = await storage.read(lambda tx: conversations.find(tx, account, NOW))
    assert new == Conversation(account)
    form = {"to": "profile/name", "values": {"name": "Ana"}}
    assert await storage.write(lambda tx: conversations.save(tx, replace(new, form=form, misses=2), NOW))
    assert not await storage.write(lambda tx: conversations.save(tx, replace(new, living_ref="9"), NOW))
    kept = await storage.read(lambda tx: conversations.find(tx, account, later(3599)))
    assert kept == Conversation(account, form=form, misses=2, version=1)
    assert (await storage.read(lambda tx: conversations.find(tx, account, later(3600)))).form is None
    assert await storage.write(lambda tx: conversations.save(tx, replace(kept, living_ref="9"), later(60)))
    assert not await storage.write(lambda tx: conversations.save(tx, replace(kept, living_ref="8"), NOW))
    assert await storage.write(lambda tx: conversations.forget_forms(tx, later(3659))) == 0
    assert await storage.write(lambda tx: conversations.forget_forms(tx, later(3660))) == 1


async def test_a_chat_stands_where_the_newest_update_led(storage: Storage) -> None:
    account = await storage.write(add_account)

    keys = iter("abcdefghij")

    async def stands(address: str | None, order: float | None) -> Conversation:
        await storage.write_one(lambda tx: conversations.answer(tx, account, next(keys), address, order))
        return await storage.read(lambda tx: conversations.find(tx, account, NOW))

    first = Conversation(account, chat_address="book", version=1, newest=50_000, answered=("a",))
    assert await stands("book", 50_000) == first
    assert (await stands("late", 49_999)).chat_address == "book"
    assert (await stands("again", 50_000)).chat_address == "again"
    assert (await stands("anew", 50_000 - REACH)).newest == 40_000
    assert (await stands("unknown", None)).newest is None
    assert (await stands("book", 7)).chat_address == "book"
    assert (await stands(None, 8)).chat_address == "book"


async def test_an_update_is_answered_once(storage: Storage) -> None:
    account = await storage.write(add_account)
    await storage.write_one(lambda tx: conversations.set_living(tx, account, "9"))

    async def answer(key: str, address: str = "book", *, shown: bool = False) -> Answered | None:
        return await storage.write_one(lambda tx: conversations.answer(tx, account, key, address, None, shown=shown))

    async def kept() -> Conversation:
        return await storage.read(lambda tx: conversations.find(tx, account, NOW))

    assert sorted(map(bool, await asyncio.gather(*(answer("telegram:1:55") for _copy in range(5))))) == [False] * 4 + [
        True
    ]
    assert await answer("telegram:1:5", "sessions") == Answered("sessions", "9")
    assert await answer("telegram:1:55") is None
    assert (await kept()).answered == ("telegram:1:5", "telegram:1:55")
    assert (await kept()).shown is None
    await storage.write_one(lambda tx: conversations.set_living(tx, account, "10", "telegram:1:5"))
    assert (await kept()).shown == "telegram:1:5"
    await answer("slack:1", shown=True)
    assert (await kept()).shown == "slack:1"
    for number in range(100):
        await answer(f"telegram:700001:{number}")
    assert 20 < len((await kept()).answered) < 60
    assert await answer("telegram:700001:90") is None


async def test_a_workspace_is_closed_uninstalled_and_installed_again(storage: Storage) -> None:
    acme = Workspace("T1", "Acme", "xoxb-secret", NOW, bot_user_ref="U1", installer_ref="U2")
    await storage.write(lambda tx: workspaces.save(tx, acme))
    assert await storage.read(lambda tx: workspaces.find(tx, "T1")) == acme
    assert "xoxb" not in repr(acme)

    async def change(state: WorkspaceState) -> bool:
        return await storage.write(lambda tx: workspaces.set_state(tx, "T1", state))

    assert await change(WorkspaceState.CLOSED)
    assert await change(WorkspaceState.UNINSTALLED)
    assert not await change(WorkspaceState.UNINSTALLED)
    gone = await storage.read(lambda tx: workspaces.find(tx, "T1"))
    assert gone is not None
    assert (gone.token, gone.state) == (None, WorkspaceState.UNINSTALLED)
    await storage.write(lambda tx: workspaces.save(tx, acme))
    (back,) = await storage.read(workspaces.every)
    assert (back.token, back.state, back.version) == ("xoxb-secret", WorkspaceState.ACTIVE, 4)
    assert await storage.read(lambda tx: workspaces.find(tx, "T2")) is None


async def test_an_invitation_is_used_once(storage: Storage) -> None:
    owner, guest = await storage.write(add_person), await storage.write(add_person)

    async def create(token: str) -> int:
        return await storage.write(
            lambda tx: invitations.create(tx, token, made_by=owner, now=NOW, expires_at=later(60))
        )

    used, revoked, expired = await create("a"), await create("b"), await create("c")
    found = await storage.read(lambda tx: invitations.of_token(tx, "a"))
    assert found is not None
    assert (found.id, found.made_by, found.open(NOW), found.open(later(60))) == (used, owner, True, False)
    assert await storage.read(lambda tx: invitations.of_token(tx, "z")) is None
    assert len(await storage.read(lambda tx: invitations.still_open(tx, NOW))) == 3

    async def use(which: int, at: int) -> bool:
        return await storage.write(lambda tx: invitations.use(tx, which, guest, later(at)))

    assert [await use(used, 0), await use(used, 0)] == [True, False]
    assert await storage.write(lambda tx: invitations.revoke(tx, revoked, NOW))
    assert [await use(revoked, 0), await use(expired, 60)] == [False, False]
    assert not await storage.write(lambda tx: invitations.revoke(tx, used, NOW))


async def test_a_fault_is_found_by_its_reference(storage: Storage) -> None:
    await storage.write(lambda tx: faults.record(tx, "R1", [{"step": "tap", "booking": 3}], NOW))
    found = await storage.read(lambda tx: faults.find(tx, "R1"))
    assert found is not None
    assert (found.at, found.trail) == (NOW, [{"step": "tap", "booking": 3}])
    assert await storage.write(lambda tx: faults.forget(tx, later(1))) == 1
    assert await storage.read(lambda tx: faults.find(tx, "R1")) is None


async def test_a_tap_on_the_same_button_is_known_until_something_else_was_done(storage: Storage) -> None:
    await storage.write(lambda tx: acts.mark(tx, "one", 5, "done/1", NOW, tap="button"))
    tap = ("button", NOW)
    assert await storage.write(lambda tx: acts.begin(tx, "two", 5, NOW, later(1), tap=tap)[1:]) == (1, "done/1")
    assert await storage.write(lambda tx: acts.begin(tx, "two", 5, NOW, later(2), tap=("button", later(1)))[2]) is None
    await storage.write(lambda tx: acts.mark(tx, "three", 5, "undone", later(1), tap="another"))
    assert await storage.write(lambda tx: acts.begin(tx, "four", 5, NOW, later(2), tap=tap)[2]) is None
    assert await storage.read(lambda tx: acts.led_to(tx, "button")) == "done/1"
