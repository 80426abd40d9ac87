"""What is swept away: nothing that people typed, and no proof, outlives its use."""

from datetime import UTC, datetime, timedelta

from bot.domain.conversations import Conversation
from bot.domain.people import Platform, Profile
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from bot.scheduling.sweeps import of_bookings
from storage import acts, conversations, faults, people, workspaces
from storage.engine import Storage, Tx
from storage.tables import conversations as rows

NOW = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


async def test_answers_of_a_form_left_open_and_old_proofs_are_removed(storage: Storage) -> None:
    def leave(tx: Tx) -> int:
        known = people.create(tx, Profile(Platform.TELEGRAM, "", "1001", "1001", "Ana"), NOW)
        conversations.save(tx, Conversation(known.account.id, form={"answers": {"text": "my secret"}}), NOW)
        workspaces.add_oauth_state(tx, "state", NOW + timedelta(minutes=10))
        faults.record(tx, "ABCDEF", [], NOW)
        acts.mark(tx, "telegram:1", known.person.id, "start", NOW)
        return known.account.id

    account_id = await storage.write(leave)
    await _sweep(storage, NOW + timedelta(days=100))

    def left(tx: Tx) -> tuple[object, ...]:
        sealed = tx.execute(rows.select().where(rows.c.account_id == account_id)).one().form_sealed
        return sealed, faults.find(tx, "ABCDEF"), acts.led_to(tx, "telegram:1")

    assert await storage.read(left) == (None, None, None)
    assert await storage.write(lambda tx: workspaces.use_oauth_state(tx, "state", NOW)) is False


async def _sweep(storage: Storage, now: datetime) -> None:
    async def nothing_to_see(*_visit: object) -> None:
        return None

    sending = Sending(storage, {}, nothing_to_see, lambda: now, Pace())
    (upkeep,) = (each for each in of_bookings(storage, Deliveries(sending), lambda: now) if each.name == "upkeep")
    await upkeep.run()
