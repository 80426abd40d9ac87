import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeMistake, Uncharged
from bot.domain.people.people import Role
from bot.domain.practice.offers import OfferState
from bot.domain.practice.practice import Question
from bot.domain.refusals import Code, Refusal
from bot.services.practice.practice import Checklist
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import (
    ANA,
    CLIENT,
    FREE,
    MORNINGS,
    NOW,
    OWNER,
    PAID,
    VIDEO,
    BarePractice,
    done,
    later,
    made,
    refused,
)


async def test_six_answers_lead_a_solo_owner_to_the_first_bookable_hour(bare_practice: BarePractice) -> None:
    client = await bare_practice.meet(CLIENT)
    coach_id = await bare_practice.set_up()

    practice = await bare_practice.practice.get()
    assert (practice.name, practice.currency, practice.zone) == ("Olga's practice", "EUR", "Europe/Berlin")
    assert practice.answered == set(Question)
    assert practice.opened_at == NOW
    assert [offer.name for offer in await bare_practice.offers.open_for(coach_id)] == ["Intro"]
    assert await bare_practice.practice.checklist() == Checklist(
        hours=True, offer=True, place=True, payments=False, share=True
    )
    assert await bare_practice.notices("opened") == [(client.id, "opened", "pending")]


async def test_the_owner_is_coach_and_client_too(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()

    owner = await bare_practice.meet(OWNER)
    assert owner.roles == {Role.CLIENT, Role.COACH, Role.OWNER}
    assert owner.zone == "Europe/Berlin"


async def test_an_empty_practice_has_nothing_on_its_checklist(bare_practice: BarePractice) -> None:
    assert (await bare_practice.practice.get()).opened_at is None
    assert await bare_practice.practice.checklist() == Checklist(
        hours=False, offer=False, place=False, payments=False, share=False
    )


async def test_the_practice_opens_once_and_tells_everybody_once(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    await bare_practice.meet(CLIENT, later(1))
    coach = await bare_practice.coaches.find(coach_id)
    assert coach is not None

    done(await bare_practice.hours.undo(await bare_practice.act(OWNER, later(2)), coach_id, coach.version))
    done(
        await bare_practice.hours.save(await bare_practice.act(OWNER, later(3)), coach_id, coach.version + 1, MORNINGS)
    )

    assert await bare_practice.notices("opened") == []
    assert (await bare_practice.practice.get()).opened_at == NOW


async def test_the_last_two_answers_at_once_open_the_practice(bare_practice: BarePractice) -> None:
    await bare_practice.meet(CLIENT)
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "EUR"))
    done(await bare_practice.practice.answer_zone(await bare_practice.act(OWNER), "Europe/Berlin"))
    done(await bare_practice.practice.become_coach(await bare_practice.act(OWNER)))
    coach = await bare_practice.coaches.of(await bare_practice.meet(OWNER))
    assert coach is not None
    done(await bare_practice.offers.create(await bare_practice.act(OWNER), FREE))

    hours, place = await bare_practice.act(OWNER), await bare_practice.act(OWNER)
    await asyncio.gather(
        bare_practice.hours.save(hours, coach.id, coach.version, MORNINGS),
        bare_practice.coaches.set_place(place, coach.id, VIDEO),
    )

    assert (await bare_practice.practice.get()).opened_at == NOW
    assert len(await bare_practice.notices("opened")) == 1


async def test_after_the_opening_a_draft_waits_for_its_owner(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()

    assert (await bare_practice.offer(replace(FREE, name="Second"))).state is OfferState.DRAFT


async def test_a_paid_offer_does_not_open_a_practice_without_stripe(bare_practice: BarePractice) -> None:
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "EUR"))
    done(await bare_practice.practice.answer_zone(await bare_practice.act(OWNER), "Europe/Berlin"))
    done(await bare_practice.practice.become_coach(await bare_practice.act(OWNER)))
    coach = await bare_practice.coaches.of(await bare_practice.meet(OWNER))
    assert coach is not None
    done(await bare_practice.hours.save(await bare_practice.act(OWNER), coach.id, coach.version, MORNINGS))
    done(await bare_practice.coaches.set_place(await bare_practice.act(OWNER), coach.id, VIDEO))

    offer = await bare_practice.offer(PAID)

    assert offer.state is OfferState.DRAFT
    assert (await bare_practice.practice.get()).opened_at is None


async def test_prices_keep_their_number_in_another_currency(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()
    offer = await bare_practice.offer(PAID)

    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "JPY"))
    changed = await bare_practice.offers.find(offer.id)

    assert changed is not None
    assert changed.price == Money(45, "JPY")
    assert changed.version == offer.version + 1


async def test_another_currency_pauses_what_is_sold_until_its_price_was_seen(storage: Storage) -> None:
    bare_practice = BarePractice(storage, payments_on=True)
    await bare_practice.set_up()
    free, paid = await bare_practice.offer(FREE), await bare_practice.offer(PAID)
    done(await bare_practice.offers.open(await bare_practice.act(OWNER), paid.id, paid.version))

    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "USD"))
    states = {each.id: each.state for each in await bare_practice.offers.all()}

    assert states[paid.id] is OfferState.PAUSED
    assert states[free.id] is free.state
    assert (await bare_practice.trail())[-2:] == ["offer.paused", "practice.currency"]


async def test_a_currency_in_which_something_could_not_be_charged_is_refused(storage: Storage) -> None:
    bare_practice = BarePractice(storage, payments_on=True)
    await bare_practice.set_up()
    paid = await bare_practice.offer(PAID)

    small = await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "JPY")
    unknown = await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "IRR")

    low = Uncharged(ChargeMistake.LEAST, Money(45, "JPY"), "Stripe", Money(50, "JPY"), paid.name)
    assert small == Refusal(Code.CONTRADICTION, "charge", charge=low)
    none = Uncharged(ChargeMistake.CURRENCY, Money(0, "IRR"), "Stripe")
    assert unknown == Refusal(Code.CONTRADICTION, "charge", charge=none)
    assert (await bare_practice.practice.get()).currency == "EUR"
    kept = await bare_practice.offers.find(paid.id)
    assert kept is not None
    assert kept.price == paid.price
    done(await bare_practice.offers.archive(await bare_practice.act(OWNER), paid.id, kept.version))
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "JPY"))


async def test_the_currency_is_fixed_once_money_has_moved(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()
    moved = {"kind": "charge", "external_ref": "ch_1", "amount": 4500, "currency": "EUR", "at": 0}
    await bare_practice.storage.write(lambda tx: tx.execute(sa.insert(tables.transactions).values(**moved)))

    answer = await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "USD")

    assert answer == Refusal(Code.CURRENCY_FIXED, currency="EUR")
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "EUR"))


async def test_only_an_owner_answers(bare_practice: BarePractice) -> None:
    refused(await bare_practice.practice.answer_name(await bare_practice.act(CLIENT), "Mine"), Code.NOT_FOUND)
    refused(await bare_practice.practice.answer_currency(await bare_practice.act(CLIENT), "EUR"), Code.NOT_FOUND)
    refused(await bare_practice.practice.answer_zone(await bare_practice.act(CLIENT), "Europe/Berlin"), Code.NOT_FOUND)
    refused(await bare_practice.practice.become_coach(await bare_practice.act(CLIENT)), Code.NOT_FOUND)
    refused(await bare_practice.practice.set_contact(await bare_practice.act(CLIENT), "me"), Code.NOT_FOUND)

    assert (await bare_practice.practice.get()).answered == frozenset()


@pytest.mark.parametrize("name", ["", "   ", "n" * 61])
async def test_a_name_that_cannot_be_read_is_refused(bare_practice: BarePractice, name: str) -> None:
    refused(await bare_practice.practice.answer_name(await bare_practice.act(OWNER), name), Code.CONTRADICTION)


async def test_the_contact_is_kept_sealed(bare_practice: BarePractice) -> None:
    done(await bare_practice.practice.set_contact(await bare_practice.act(OWNER), " +49 30 123456 "))
    query = sa.select(tables.practice.c.contact_sealed)
    kept = await bare_practice.storage.read(lambda tx: tx.execute(query).scalar_one())

    assert (await bare_practice.practice.get()).contact == "+49 30 123456"
    assert "123456" not in kept


async def test_becoming_a_coach_twice_is_becoming_one_once(bare_practice: BarePractice) -> None:
    done(await bare_practice.practice.answer_zone(await bare_practice.act(OWNER), "Europe/Berlin"))

    ids = {made(await bare_practice.practice.become_coach(await bare_practice.act(OWNER))) for _tap in range(2)}

    assert len(ids) == 1
    assert await bare_practice.count(tables.coaches) == 1


async def test_every_change_has_its_trail(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()

    assert await bare_practice.trail() == [
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
    names = {line.name for line in await bare_practice.audit.recent()}
    assert names == {"Olga Owner"}


async def test_the_audit_is_turned_page_by_page(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()

    first = await bare_practice.audit.recent(limit=4)
    second = await bare_practice.audit.recent(first[-1].entry.id, limit=4)

    assert [line.entry.id for line in first + second] == list(range(10, 2, -1))


async def test_somebody_who_joined_as_coach_is_not_told_of_the_opening(bare_practice: BarePractice) -> None:
    await bare_practice.meet(ANA)
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "EUR"))
    done(await bare_practice.practice.answer_zone(await bare_practice.act(OWNER), "Europe/Berlin"))
    invitation = await bare_practice.invite()
    coach_id = made(await bare_practice.invitations.accept(await bare_practice.act(ANA), invitation.token))
    done(await bare_practice.coaches.set_place(await bare_practice.act(ANA), coach_id, VIDEO))
    done(await bare_practice.offers.create(await bare_practice.act(OWNER), FREE))
    done(await bare_practice.hours.save(await bare_practice.act(ANA), coach_id, 1, MORNINGS))

    assert (await bare_practice.practice.get()).opened_at == NOW
    assert await bare_practice.notices("opened") == []


async def test_an_act_delivered_twice_acts_once(bare_practice: BarePractice) -> None:
    act = await bare_practice.act(OWNER, following="setup")

    first = await bare_practice.practice.answer_name(act, "First")
    second = await bare_practice.practice.answer_name(act, "Second")

    assert (first, (await bare_practice.practice.get()).name) == (second, "First")
