import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.people.people import Role
from bot.domain.practice.offers import OfferState
from bot.domain.practice.practice import Question
from bot.domain.refusals import Code
from bot.services.practice.practice import Checklist
from storage import tables
from storage.engine import Storage
from tests.services.house import ANA, CLIENT, FREE, MORNINGS, NOW, OWNER, PAID, VIDEO, House, done, later, made, refused


async def test_six_answers_lead_a_solo_owner_to_the_first_bookable_hour(house: House) -> None:
    client = await house.meet(CLIENT)
    coach_id = await house.set_up()

    practice = await house.practice.get()
    assert (practice.name, practice.currency, practice.zone) == ("Olga's practice", "EUR", "Europe/Berlin")
    assert practice.answered == set(Question)
    assert practice.opened_at == NOW
    assert [offer.name for offer in await house.offers.open_for(coach_id)] == ["Intro"]
    assert await house.practice.checklist() == Checklist(hours=True, offer=True, place=True, stripe=False, share=True)
    assert await house.notices("opened") == [(client.id, "opened", "pending")]


async def test_the_owner_is_coach_and_client_too(house: House) -> None:
    await house.set_up()

    owner = await house.meet(OWNER)
    assert owner.roles == {Role.CLIENT, Role.COACH, Role.OWNER}
    assert owner.zone == "Europe/Berlin"


async def test_an_empty_practice_has_nothing_on_its_checklist(house: House) -> None:
    assert (await house.practice.get()).opened_at is None
    assert await house.practice.checklist() == Checklist(
        hours=False, offer=False, place=False, stripe=False, share=False
    )


async def test_the_practice_opens_once_and_tells_everybody_once(house: House) -> None:
    coach_id = await house.set_up()
    await house.meet(CLIENT, later(1))
    coach = await house.coaches.find(coach_id)
    assert coach is not None

    done(await house.hours.undo(await house.act(OWNER, later(2)), coach_id, coach.version))
    done(await house.hours.save(await house.act(OWNER, later(3)), coach_id, coach.version + 1, MORNINGS))

    assert await house.notices("opened") == []
    assert (await house.practice.get()).opened_at == NOW


async def test_the_last_two_answers_at_once_open_the_practice(house: House) -> None:
    await house.meet(CLIENT)
    done(await house.practice.answer_currency(await house.act(OWNER), "EUR"))
    done(await house.practice.answer_zone(await house.act(OWNER), "Europe/Berlin"))
    done(await house.practice.become_coach(await house.act(OWNER)))
    coach = await house.coaches.of(await house.meet(OWNER))
    assert coach is not None
    done(await house.offers.create(await house.act(OWNER), FREE))

    hours, place = await house.act(OWNER), await house.act(OWNER)
    await asyncio.gather(
        house.hours.save(hours, coach.id, coach.version, MORNINGS), house.coaches.set_place(place, coach.id, VIDEO)
    )

    assert (await house.practice.get()).opened_at == NOW
    assert len(await house.notices("opened")) == 1


async def test_after_the_opening_a_draft_waits_for_its_owner(house: House) -> None:
    await house.set_up()

    assert (await house.offer(replace(FREE, name="Second"))).state is OfferState.DRAFT


async def test_a_paid_offer_does_not_open_a_practice_without_stripe(house: House) -> None:
    done(await house.practice.answer_currency(await house.act(OWNER), "EUR"))
    done(await house.practice.answer_zone(await house.act(OWNER), "Europe/Berlin"))
    done(await house.practice.become_coach(await house.act(OWNER)))
    coach = await house.coaches.of(await house.meet(OWNER))
    assert coach is not None
    done(await house.hours.save(await house.act(OWNER), coach.id, coach.version, MORNINGS))
    done(await house.coaches.set_place(await house.act(OWNER), coach.id, VIDEO))

    offer = await house.offer(PAID)

    assert offer.state is OfferState.DRAFT
    assert (await house.practice.get()).opened_at is None


async def test_prices_keep_their_number_in_another_currency(house: House) -> None:
    await house.set_up()
    offer = await house.offer(PAID)

    done(await house.practice.answer_currency(await house.act(OWNER), "JPY"))
    changed = await house.offers.find(offer.id)

    assert changed is not None
    assert changed.price == Money(45, "JPY")
    assert changed.version == offer.version + 1


async def test_another_currency_pauses_what_is_sold_until_its_price_was_seen(storage: Storage) -> None:
    house = House(storage, payments_on=True)
    await house.set_up()
    free, paid = await house.offer(FREE), await house.offer(PAID)
    done(await house.offers.open(await house.act(OWNER), paid.id, paid.version))

    done(await house.practice.answer_currency(await house.act(OWNER), "JPY"))
    states = {each.id: each.state for each in await house.offers.all()}

    assert states[paid.id] is OfferState.PAUSED
    assert states[free.id] is free.state
    assert (await house.trail())[-2:] == ["offer.paused", "practice.currency"]


async def test_the_currency_is_fixed_once_money_has_moved(house: House) -> None:
    await house.set_up()
    moved = {"kind": "charge", "external_ref": "ch_1", "amount": 4500, "currency": "EUR", "at": 0}
    await house.storage.write(lambda tx: tx.execute(sa.insert(tables.transactions).values(**moved)))

    answer = await house.practice.answer_currency(await house.act(OWNER), "USD")

    assert refused(answer, Code.CURRENCY_FIXED).facts == {"currency": "EUR"}
    done(await house.practice.answer_currency(await house.act(OWNER), "EUR"))


async def test_only_an_owner_answers(house: House) -> None:
    refused(await house.practice.answer_name(await house.act(CLIENT), "Mine"), Code.NOT_FOUND)
    refused(await house.practice.answer_currency(await house.act(CLIENT), "EUR"), Code.NOT_FOUND)
    refused(await house.practice.answer_zone(await house.act(CLIENT), "Europe/Berlin"), Code.NOT_FOUND)
    refused(await house.practice.become_coach(await house.act(CLIENT)), Code.NOT_FOUND)
    refused(await house.practice.set_contact(await house.act(CLIENT), "me"), Code.NOT_FOUND)

    assert (await house.practice.get()).answered == frozenset()


@pytest.mark.parametrize("name", ["", "   ", "n" * 61])
async def test_a_name_that_cannot_be_read_is_refused(house: House, name: str) -> None:
    refused(await house.practice.answer_name(await house.act(OWNER), name), Code.CONTRADICTION)


async def test_the_contact_is_kept_sealed(house: House) -> None:
    done(await house.practice.set_contact(await house.act(OWNER), " +49 30 123456 "))
    query = sa.select(tables.practice.c.contact_sealed)
    kept = await house.storage.read(lambda tx: tx.execute(query).scalar_one())

    assert (await house.practice.get()).contact == "+49 30 123456"
    assert "123456" not in kept


async def test_becoming_a_coach_twice_is_becoming_one_once(house: House) -> None:
    done(await house.practice.answer_zone(await house.act(OWNER), "Europe/Berlin"))

    ids = {made(await house.practice.become_coach(await house.act(OWNER))) for _tap in range(2)}

    assert len(ids) == 1
    assert await house.count(tables.coaches) == 1


async def test_every_change_has_its_trail(house: House) -> None:
    await house.set_up()

    assert await house.trail() == [
        "role.granted",
        "practice.named",
        "practice.currency",
        "practice.zone",
        "coach.joined",
        "hours.saved",
        "offer.created",
        "coach.place",
        "offer.opened",
        "practice.opened",
    ]
    names = {line.name for line in await house.audit.recent()}
    assert names == {"Olga Owner"}


async def test_the_audit_is_turned_page_by_page(house: House) -> None:
    await house.set_up()

    first = await house.audit.recent(limit=4)
    second = await house.audit.recent(first[-1].entry.id, limit=4)

    assert [line.entry.id for line in first + second] == list(range(10, 2, -1))


async def test_somebody_who_joined_as_coach_is_not_told_of_the_opening(house: House) -> None:
    await house.meet(ANA)
    done(await house.practice.answer_currency(await house.act(OWNER), "EUR"))
    done(await house.practice.answer_zone(await house.act(OWNER), "Europe/Berlin"))
    invitation = await house.invite()
    coach_id = made(await house.invitations.accept(await house.act(ANA), invitation.token))
    done(await house.coaches.set_place(await house.act(ANA), coach_id, VIDEO))
    done(await house.offers.create(await house.act(OWNER), FREE))
    done(await house.hours.save(await house.act(ANA), coach_id, 1, MORNINGS))

    assert (await house.practice.get()).opened_at == NOW
    assert await house.notices("opened") == []


async def test_an_act_delivered_twice_acts_once(house: House) -> None:
    act = await house.act(OWNER, following="setup")

    first = await house.practice.answer_name(act, "First")
    second = await house.practice.answer_name(act, "Second")

    assert (first, (await house.practice.get()).name) == (second, "First")
