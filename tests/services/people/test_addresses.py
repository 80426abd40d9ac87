"""Addresses: proved by a code, one person's alone, and found again whatever key seals them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.people.addresses import CODE_LASTS, CODE_TRIES, CODES_AN_HOUR, FORGOTTEN, MOST_OF_A_KIND, CodeProblem
from bot.domain.people.people import ADDRESSES, Account, Platform, Profile, Unreachable
from bot.domain.refusals import Code
from bot.services.people.addresses import Addresses
from storage import tables
from storage.engine import CannotRead, Storage, Tx
from storage.people import addresses as kept
from storage.people import people, person_changes
from storage.practice import hash_key
from storage.sealing import Sealer
from storage.upkeep.rotation import rotate
from tests.services.bare_practice import ANA, CLIENT, DEPLOYMENT, NOW, OWNER, BarePractice, done, later, made, refused
from tests.storage.support import new_key

MAIL, NUMBER = "Clara@bücher.example", "+436601234567"
MINUTE = timedelta(minutes=1)
DEPLOYED = replace(DEPLOYMENT, addresses=ADDRESSES)


@pytest.fixture
def addresses(storage: Storage) -> Addresses:
    return Addresses(storage, DEPLOYED)


async def code(storage: Storage, account_id: int) -> str:
    found = await storage.read(lambda tx: kept.code(tx, account_id))
    assert found is not None
    return found


async def wrong(storage: Storage, account_id: int) -> str:
    return f"{(int(await code(storage, account_id)) + 1) % 10**6:06d}"


async def proved(
    practice: BarePractice, addresses: Addresses, who: Profile = CLIENT, address: str = MAIL, now: datetime = NOW,
    platform: Platform = Platform.EMAIL,
) -> int:  # fmt: skip
    account = made(await addresses.add(await practice.act(who, now), platform, address))
    typed = await code(practice.storage, account)
    done(await addresses.prove(await practice.act(who, now), account, typed))
    return account


async def account(storage: Storage, account_id: int) -> Account:
    found = await storage.read(lambda tx: people.find_account(tx, account_id))
    assert found is not None
    return found


async def test_an_address_is_proved_by_its_code(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    made_of = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    [row] = await bare_practice.notices("address-code")
    assert row == ((await bare_practice.meet(CLIENT)).id, f"notice/address-code/{made_of}", "pending")
    assert not (await account(storage, made_of)).verified
    assert await storage.read(lambda tx: kept.find(tx, Platform.EMAIL, MAIL)) is None

    refusal = await addresses.prove(await bare_practice.act(CLIENT), made_of, await wrong(storage, made_of))
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.WRONG
    typed = await code(storage, made_of)
    done(await addresses.prove(await bare_practice.act(CLIENT), made_of, f" {typed[:3]} {typed[3:]} "))

    now = await account(storage, made_of)
    assert (now.verified, now.address, now.chat_ref, now.workspace) == (True, MAIL, None, "")
    assert await storage.read(lambda tx: kept.find(tx, Platform.EMAIL, MAIL.lower())) == now
    assert MAIL not in repr(now)
    assert (await bare_practice.trail())[-1] == "person.address_proved"


async def test_the_code_goes_to_that_account_alone_and_is_written_down_nowhere(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    account_id = made(await addresses.add(await bare_practice.act(CLIENT), Platform.SMS, NUMBER))
    typed = await code(storage, account_id)

    def work(tx: Tx) -> tuple[int | None, list[str]]:
        rows = [str(tuple(row)) for table in (tables.accounts, tables.outbox) for row in tx.execute(sa.select(table))]
        goes_to = tx.execute(sa.select(tables.outbox.c.account_id)).scalar_one()
        return goes_to, rows

    goes_to, rows = await storage.read(work)
    assert goes_to == account_id
    assert not [row for row in rows if typed in row or NUMBER in row]


async def test_five_wrong_codes_are_the_most(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    account_id = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    right = await code(storage, account_id)
    for tried in range(1, CODE_TRIES + 1):
        refusal = await addresses.prove(await bare_practice.act(CLIENT), account_id, await wrong(storage, account_id))
        expected = CodeProblem.TRIED_OUT if tried == CODE_TRIES else CodeProblem.WRONG
        assert (refused(refusal, Code.UNPROVED).reason, refusal.has) == (expected, tried)  # type: ignore[union-attr]
    refusal = await addresses.prove(await bare_practice.act(CLIENT), account_id, right)
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.TRIED_OUT
    done(await addresses.send_again(await bare_practice.act(CLIENT, later(2)), account_id))
    another = await code(storage, account_id)
    assert another != right
    done(await addresses.prove(await bare_practice.act(CLIENT, later(3)), account_id, another))
    assert (await account(storage, account_id)).verified


async def test_a_code_ends_and_what_is_no_code_is_no_try(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    account_id = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    for _try in range(CODE_TRIES + 1):
        refusal = await addresses.prove(await bare_practice.act(CLIENT), account_id, "what?")
        assert refused(refusal, Code.UNPROVED).reason == CodeProblem.WRONG
    late = await bare_practice.act(CLIENT, NOW + CODE_LASTS)
    refusal = await addresses.prove(late, account_id, await code(storage, account_id))
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.LATE


async def test_one_code_a_minute_and_some_an_hour(bare_practice: BarePractice, addresses: Addresses) -> None:
    account_id = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    refusal = await addresses.send_again(await bare_practice.act(CLIENT), account_id)
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.TOO_SOON
    for minute in range(1, CODES_AN_HOUR):
        done(await addresses.send_again(await bare_practice.act(CLIENT, later(2 * minute)), account_id))
    refusal = await addresses.send_again(await bare_practice.act(CLIENT, later(2 * CODES_AN_HOUR)), account_id)
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.TOO_MANY
    states = [state for _person, _address, state in await bare_practice.notices("address-code")]
    assert states == ["cancelled"] * (CODES_AN_HOUR - 1) + ["pending"]


async def test_an_address_is_one_persons_and_whoever_proves_it_first_has_it(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    squats = made(await addresses.add(await bare_practice.act(ANA), Platform.EMAIL, MAIL))
    await proved(bare_practice, addresses, CLIENT, now=later(2))
    refusal = await addresses.prove(await bare_practice.act(ANA), squats, await code(storage, squats))
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.SOMEBODY_ELSES
    refusal = await addresses.add(await bare_practice.act(OWNER), Platform.EMAIL, MAIL.upper())
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.SOMEBODY_ELSES
    refusal = await addresses.add(await bare_practice.act(CLIENT, later(5)), Platform.EMAIL, MAIL)
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.YOURS


async def test_nobody_proves_or_removes_what_is_somebody_elses(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    theirs = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    typed = await code(storage, theirs)
    refused(await addresses.prove(await bare_practice.act(ANA), theirs, typed), Code.NOT_FOUND)
    refused(await addresses.send_again(await bare_practice.act(ANA, later(5)), theirs), Code.NOT_FOUND)
    refused(await addresses.remove(await bare_practice.act(ANA), theirs), Code.NOT_FOUND)
    assert (await account(storage, theirs)).address == MAIL


async def test_a_removed_address_is_forgotten_and_free(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    account_id = await proved(bare_practice, addresses)
    done(await addresses.remove(await bare_practice.act(CLIENT), account_id))
    gone = await account(storage, account_id)
    assert (gone.address, gone.unreachable, gone.verified) == (None, Unreachable.OPTED_OUT, False)
    assert await addresses.of((await bare_practice.meet(CLIENT)).id) == []
    assert await proved(bare_practice, addresses, ANA, now=later(5)) != account_id


async def test_an_address_that_bounced_is_proved_anew(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    before = await proved(bare_practice, addresses)
    await storage.write(lambda tx: person_changes.set_unreachable(tx, before, Unreachable.BOUNCED))
    after = await proved(bare_practice, addresses, now=later(5))
    assert after != before
    assert [each.id for each in await addresses.of((await bare_practice.meet(CLIENT)).id)] == [after]


async def test_a_person_has_some_of_a_kind_and_the_same_one_once(
    bare_practice: BarePractice, addresses: Addresses
) -> None:
    first = made(await addresses.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL))
    assert made(await addresses.add(await bare_practice.act(CLIENT, later(2)), Platform.EMAIL, MAIL)) == first
    for number in range(1, MOST_OF_A_KIND):
        act = await bare_practice.act(CLIENT, later(2 + 2 * number))
        made(await addresses.add(act, Platform.EMAIL, f"c{number}@example.org"))
    refusal = await addresses.add(await bare_practice.act(CLIENT, later(12)), Platform.EMAIL, "more@example.org")
    assert refused(refusal, Code.UNPROVED).reason == CodeProblem.ENOUGH
    made(await addresses.add(await bare_practice.act(CLIENT, later(14)), Platform.SMS, NUMBER))


async def test_what_nobody_proved_for_a_day_is_forgotten(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    stays = await proved(bare_practice, addresses)
    goes = made(await addresses.add(await bare_practice.act(ANA), Platform.SMS, NUMBER))
    assert await storage.write(lambda tx: kept.forget_unproved(tx, NOW + FORGOTTEN, 10)) == 0
    assert await storage.write(lambda tx: kept.forget_unproved(tx, NOW + FORGOTTEN + MINUTE, 10)) == 1
    assert await storage.write(lambda tx: kept.forget_unproved(tx, NOW + FORGOTTEN + MINUTE, 10)) == 0
    assert (await account(storage, stays)).address == MAIL
    assert (await account(storage, goes)).address is None


async def test_nothing_is_added_where_nothing_can_be_sent(bare_practice: BarePractice, storage: Storage) -> None:
    off = Addresses(storage, DEPLOYMENT)
    refused(await off.add(await bare_practice.act(CLIENT), Platform.EMAIL, MAIL), Code.NOT_FOUND)


async def test_an_address_is_found_after_the_key_was_changed(database_url: str) -> None:
    old, new = new_key(), new_key()
    before = await Storage.open(database_url, Sealer([old]))
    practice = BarePractice(before)
    account_id = await proved(practice, Addresses(before, DEPLOYED))
    await before.close()

    turning = await Storage.open(database_url, Sealer([new, old]))
    await rotate(turning)
    await turning.close()

    after = await Storage.open(database_url, Sealer([new]))
    found = await after.read(lambda tx: kept.find(tx, Platform.EMAIL, MAIL))
    assert found is not None
    assert (found.id, found.address) == (account_id, MAIL)
    await after.close()


async def test_a_key_that_cannot_be_opened_is_not_replaced(
    bare_practice: BarePractice, addresses: Addresses, storage: Storage
) -> None:
    await proved(bare_practice, addresses)
    damaged = sa.update(tables.practice).values(hash_key_sealed="2.AAAAAAAA.AAAA")
    await storage.write(lambda tx: tx.execute(damaged))
    with pytest.raises(CannotRead):
        await storage.write(hash_key.need)
    with pytest.raises(CannotRead):
        await addresses.add(await bare_practice.act(ANA), Platform.EMAIL, MAIL)
