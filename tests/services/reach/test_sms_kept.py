"""What is kept of SMS, on each kind of database: who agreed, what a month came to, and how far each message came."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.notices.delivery_news import Stage
from bot.domain.people.people import ADDRESSES, Account, Platform
from bot.domain.reach.sms_consents import ConsentBy
from bot.domain.reach.sms_costs import SmsPrices
from bot.domain.refusals import Code
from bot.services.people.addresses import Addresses
from bot.services.reach.sms_costs import SmsCosts
from bot.services.reach.sms_sends import Booked, NoLeave, SmsSends
from storage import tables
from storage.engine import Storage, Tx
from storage.notices import sms_messages
from storage.people import addresses as kept
from storage.people import people, preferences, sms_consents
from tests.services.bare_practice import CLIENT, DEPLOYMENT, NOW, OWNER, BarePractice, done, made, refused

NUMBER, WORDS = "+436601234567", "With your number you agree."


async def test_a_number_is_given_with_an_agreement_which_goes_with_it(
    bare_practice: BarePractice, storage: Storage
) -> None:
    addresses = Addresses(storage, replace(DEPLOYMENT, addresses=ADDRESSES))
    account = made(await addresses.add(await bare_practice.act(CLIENT), Platform.SMS, NUMBER, WORDS))
    person = await bare_practice.meet(CLIENT)
    found = await storage.read(lambda tx: sms_consents.standing(tx, account))
    assert found is not None
    assert (found.person_id, found.words, found.language, found.by) == (person.id, WORDS, "de", ConsentBy.PAGE)
    reach = await storage.read(lambda tx: preferences.reach_of(tx, [person.id])[person.id])
    assert reach.agreed == {account}
    done(await addresses.remove(await bare_practice.act(CLIENT), account))
    [ended] = await storage.read(lambda tx: sms_consents.of_person(tx, person.id, 9))
    assert (ended.stands, ended.ended_by, ended.words) == (False, ConsentBy.PAGE, WORDS)
    reach = await storage.read(lambda tx: preferences.reach_of(tx, [person.id])[person.id])
    assert reach.agreed == frozenset()


async def test_one_agreement_stands_for_a_number(bare_practice: BarePractice, storage: Storage) -> None:
    person = await bare_practice.meet(CLIENT)

    def work(tx: Tx) -> list[int | None]:
        given = [sms_consents.give(tx, person.id, 7, WORDS, "en", ConsentBy.PAGE, NOW) for _twice in range(2)]
        assert sms_consents.end(tx, 7, ConsentBy.SMS, NOW)
        assert not sms_consents.end(tx, 7, ConsentBy.SMS, NOW)
        return [*given, sms_consents.give(tx, person.id, 7, "START", "en", ConsentBy.SMS, NOW)]

    first, second, third = await storage.write(work)
    assert first is not None
    assert second is None
    assert third is not None
    assert await storage.write(lambda tx: sms_consents.answer_once(tx, 7, NOW))
    assert not await storage.write(lambda tx: sms_consents.answer_once(tx, 7, NOW))


async def _number(practice: BarePractice) -> Account:
    person = await practice.meet(CLIENT)

    def work(tx: Tx) -> Account:
        account = people.find_account(tx, kept.add(tx, person.id, Platform.SMS, NUMBER, NOW))
        assert account is not None
        assert sms_consents.give(tx, person.id, account.id, WORDS, "de", ConsentBy.PAGE, NOW)
        return account

    return await practice.storage.write(work)


async def test_what_is_booked_counts_until_it_is_surely_not_sent(bare_practice: BarePractice, storage: Storage) -> None:
    await bare_practice.set_up()
    to, costs, sends = await _number(bare_practice), SmsCosts(storage), SmsSends(storage, lambda: NOW)
    prices = SmsPrices({"AT": 60_000, "*": 1}, ceiling=200_000)
    done(await costs.set_prices(await bare_practice.act(OWNER), SmsPrices(), prices))
    refused(await costs.set_prices(await bare_practice.act(OWNER), SmsPrices(), prices), Code.CHANGED)
    refused(await costs.set_prices(await bare_practice.act(CLIENT), prices, SmsPrices()), Code.NOT_FOUND)

    two_parts = await sends.book(to, "a", "x" * 161)
    assert isinstance(two_parts, Booked)
    assert (await costs.of_month(NOW)).spent == 120_000
    assert await sends.book(to, "b", "x" * 161) is NoLeave.CEILING
    await sends.not_sent(two_parts)
    assert (await costs.of_month(NOW)).spent == 0

    again = await sends.book(to, "a", "x" * 161)
    assert isinstance(again, Booked)
    await sends.handed_over(again, "SM1", 1)  # the provider counts them otherwise
    assert (await costs.of_month(NOW)).spent == 60_000
    assert (await costs.of_month(NOW + timedelta(days=31))).spent == 0
    assert await bare_practice.count(tables.sms_messages) == 1
    assert "practice.sms_costs" in await bare_practice.trail()


async def test_how_far_a_message_came_never_goes_back(bare_practice: BarePractice, storage: Storage) -> None:
    def work(tx: Tx) -> list[Stage | None]:
        row = sms_messages.intend(tx, 7, "k", "digest", 1, 0, "2026-12", NOW)
        assert not sms_messages.told(tx, "SM1", Stage.SENT, None)
        sms_messages.handed_over(tx, row, "SM1", None, None)
        stages = []
        for stage in (Stage.SENT, Stage.DELIVERED, Stage.SENT, Stage.HANDED_OVER):
            assert sms_messages.told(tx, "SM1", stage, None)
            found = sms_messages.by_sid(tx, "SM1")
            assert found is not None
            stages.append(found.stage)
        assert sms_messages.known_sids(tx, ["SM1", "SM2"]) == {"SM1"}
        return stages

    assert await storage.write(work) == [Stage.SENT, Stage.DELIVERED, Stage.DELIVERED, Stage.DELIVERED]


async def test_messages_are_forgotten(storage: Storage) -> None:
    def work(tx: Tx) -> int:
        for number in range(3):
            sms_messages.intend(tx, 7, str(number), "digest", 1, 0, "2026-12", NOW)
        return sms_messages.forget(tx, NOW + timedelta(days=1), 9)

    assert await storage.write(work) == 2  # the newest keeps its number
