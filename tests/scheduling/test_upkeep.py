"""What is swept away: nothing that people typed, and no proof, outlives its use."""

from datetime import UTC, datetime, timedelta

from bot.domain.people.conversations import Conversation
from bot.domain.people.people import Platform, Profile
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from bot.scheduling.sweeps import of_bookings
from bot.services.reactions import react
from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.journal import acts, faults, inbox
from storage.notices import outbox
from storage.people import conversations, people
from storage.tables import conversations as rows
from storage.tables import inbox as inbox_rows
from storage.tables import oauth_states
from tests.scheduling.platform import Post, Wire
from tests.services.selling_practice import SellingPractice
from tests.storage.support import new_sealer

NOW = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


async def test_answers_of_a_form_left_open_and_old_proofs_are_removed(storage: Storage) -> None:
    def leave(tx: Tx) -> int:
        known = people.create(tx, Profile(Platform.TELEGRAM, "", "1001", "1001", "Ana"), NOW)
        conversations.save(tx, Conversation(known.account.id, form={"answers": {"text": "my secret"}}), NOW)
        tx.execute(oauth_states.insert().values(state_hash="h", expires_at=to_epoch(NOW + timedelta(minutes=10))))
        faults.record(tx, "ABCDEF", [], NOW)
        acts.mark(tx, "telegram:1", known.person.id, "start", NOW)
        return known.account.id

    account_id = await storage.write(leave)
    await _sweep(storage, NOW + timedelta(days=100))

    def left(tx: Tx) -> tuple[object, ...]:
        sealed = tx.execute(rows.select().where(rows.c.account_id == account_id)).one().form_sealed
        return sealed, faults.find(tx, "ABCDEF"), acts.led_to(tx, "telegram:1")

    assert await storage.read(left) == (None, None, None)
    assert await storage.read(lambda tx: tx.execute(oauth_states.select()).all()) == []


async def test_a_table_from_which_nothing_can_be_removed_keeps_no_other_full(sqlite_url: str) -> None:
    storage = await Storage.open(sqlite_url, new_sealer())

    def leave(tx: Tx) -> None:
        known = people.create(tx, Profile(Platform.TELEGRAM, "", "1001", "1001", "Ana"), NOW)
        acts.mark(tx, "telegram:1", known.person.id, "start", NOW)
        faults.record(tx, "ABCDEF", [], NOW)
        stuck = "CREATE TRIGGER stuck BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        tx.connection.exec_driver_sql(stuck)

    await storage.write(leave)
    await _sweep(storage, NOW + timedelta(days=100))
    left = await storage.read(lambda tx: (acts.led_to(tx, "telegram:1"), faults.find(tx, "ABCDEF")))
    assert left == ("start", None)
    await storage.close()


async def test_messages_and_events_go_when_nothing_can_refer_to_them_any_more(storage: Storage) -> None:
    selling_practice = await SellingPractice(storage).open()
    booking = await selling_practice.book((await selling_practice.starts())[0])
    post = Post(storage, Wire())
    await post.sweep(timedelta(days=100))
    person = booking.person_id
    sent, waits = await post.put(person, "sent"), await post.put(person, "waits", due=post.now + timedelta(days=90))
    await post.sweep()
    event = {"amount": 1}
    await storage.write(lambda tx: inbox.put(tx, "stripe", "evt_1", "paid", event, post.now))
    await storage.write(lambda tx: inbox.put(tx, "stripe", "evt_2", "paid", event, post.now))
    (first, _second) = await storage.write(lambda tx: inbox.claim(tx, post.now, 10, 60))
    await storage.write(lambda tx: inbox.mark_applied(tx, first.id))

    async def left(later: timedelta) -> tuple[int, bool, bool, int]:
        await _sweep(storage, post.now + later)
        of_booking = await storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject]))
        rows = await storage.read(lambda tx: [outbox.find(tx, row) for row in (sent, waits)])
        events = await storage.read(lambda tx: len(tx.execute(inbox_rows.select()).all()))
        return len(of_booking), rows[0] is not None, rows[1] is not None, events

    told = len(await storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject])))
    ends = booking.ends - post.now
    assert told > 0
    assert await left(min(ends + timedelta(days=29), timedelta(days=6))) == (told, True, True, 2)
    assert await left(max(ends, timedelta()) + timedelta(days=31)) == (0, False, True, 1)


async def _sweep(storage: Storage, now: datetime) -> None:
    async def nothing_to_see(*_visit: object) -> None:
        return None

    sending = Sending(storage, {}, nothing_to_see, lambda: now, Pace())
    sweeps = of_bookings(storage, react, Deliveries(sending), lambda: now)
    (upkeep,) = (each for each in sweeps if each.name == "upkeep")
    await upkeep.run()
