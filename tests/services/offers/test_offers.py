import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.payments.money import MAX_AMOUNT, Money
from bot.domain.payments.provider import ChargeMistake, Uncharged
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Code, Done, Refusal
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, FREE, NOW, OWNER, PAID, VIDEO, BarePractice, done, later, refused
from tests.services.booked import book


@pytest.fixture
async def bare_practice(storage: Storage) -> BarePractice:
    """A practice that takes bookings; without Stripe."""
    opened = BarePractice(storage)
    await opened.set_up()
    return opened


async def current(bare_practice: BarePractice, offer: Offer) -> Offer:
    found = await bare_practice.offers.find(offer.id)
    assert found is not None
    return found


async def test_a_new_offer_is_done_by_every_coach_and_waits_to_be_opened(bare_practice: BarePractice) -> None:
    offer = await bare_practice.offer(replace(FREE, name="Second"))

    assert (offer.state, offer.place, len(offer.coach_ids)) == (OfferState.DRAFT, None, 1)
    assert (offer.notice_min, offer.horizon_days, offer.cancel_cutoff_min, offer.move_cutoff_min) == (
        720,
        60,
        1440,
        720,
    )
    assert (offer.buffer_before_min, offer.buffer_after_min, offer.max_moves, offer.daily_cap) == (10, 10, 2, None)
    assert [each.name for each in await bare_practice.offers.all()] == ["Intro", "Second"]

    done(await bare_practice.offers.open(await bare_practice.act(OWNER), offer.id, offer.version))
    assert [each.name for each in await bare_practice.offers.open_for()] == ["Intro", "Second"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": " "}, Contradiction.NAME),
        ({"name": "n" * 61}, Contradiction.NAME),
        ({"length_min": 4}, Contradiction.LENGTH),
        ({"length_min": 481}, Contradiction.LENGTH),
        ({"step_min": 4}, Contradiction.STEP),
        ({"step_min": 481}, Contradiction.STEP),
        ({"price": Money(-1, "EUR")}, Contradiction.PRICE),
        ({"price": Money(MAX_AMOUNT + 1, "EUR")}, Contradiction.PRICE),
        ({"price": Money(4500, "USD")}, Contradiction.PRICE),
        ({"buffer_before_min": -1}, Contradiction.BUFFER),
        ({"buffer_after_min": 241}, Contradiction.BUFFER),
        ({"horizon_days": 0}, Contradiction.HORIZON),
        ({"horizon_days": 731}, Contradiction.HORIZON),
        ({"notice_min": -1}, Contradiction.NOTICE),
        ({"notice_min": 60 * 1440}, Contradiction.NOTICE_BEYOND_HORIZON),
        ({"horizon_days": 1, "notice_min": 1440}, Contradiction.NOTICE_BEYOND_HORIZON),
        ({"cancel_cutoff_min": -1}, Contradiction.CANCEL_CUTOFF),
        ({"cancel_cutoff_min": 61 * 1440}, Contradiction.CANCEL_BEYOND_HORIZON),
        ({"move_cutoff_min": -1}, Contradiction.MOVE_CUTOFF),
        ({"move_cutoff_min": 61 * 1440}, Contradiction.MOVE_BEYOND_HORIZON),
        ({"max_moves": -1}, Contradiction.MOVES),
        ({"daily_cap": 0}, Contradiction.DAILY_CAP),
        ({"weekly_cap": 0}, Contradiction.WEEKLY_CAP),
        ({"daily_cap": 3, "weekly_cap": 2}, Contradiction.CAPS),
        ({"length_min": 181}, Contradiction.LONGER_THAN_HOURS),
    ],
)
async def test_settings_that_exclude_each_other_are_refused(
    bare_practice: BarePractice, fields: dict[str, Any], reason: Contradiction
) -> None:
    offer = (await bare_practice.offers.all())[0]

    created = await bare_practice.offers.create(await bare_practice.act(OWNER), replace(FREE, **fields))
    changed = await bare_practice.offers.change(await bare_practice.act(OWNER), offer.id, offer.version, **fields)

    assert created == Refusal(Code.CONTRADICTION, reason)
    assert changed == Refusal(Code.CONTRADICTION, reason)
    assert await bare_practice.offers.all() == [offer]


@pytest.mark.parametrize(
    "fields",
    [
        {"length_min": 180},
        {"length_min": 5, "step_min": 480},
        {"daily_cap": 2, "weekly_cap": 2},
        {"daily_cap": 1, "weekly_cap": None},
        {"horizon_days": 2, "notice_min": 2 * 1440 - 1},
        {"notice_min": 0, "cancel_cutoff_min": 0, "move_cutoff_min": 0, "max_moves": 0},
    ],
)
async def test_settings_at_the_edge_stand(bare_practice: BarePractice, fields: dict[str, Any]) -> None:
    offer = (await bare_practice.offers.all())[0]

    done(await bare_practice.offers.change(await bare_practice.act(OWNER), offer.id, offer.version, **fields))

    after = await current(bare_practice, offer)
    assert {name: getattr(after, name) for name in fields} == fields
    assert (after.version, after.state) == (offer.version + 1, OfferState.OPEN)


async def test_a_paid_offer_opens_only_with_stripe(bare_practice: BarePractice, storage: Storage) -> None:
    offer = await bare_practice.offer(PAID)

    refused(await bare_practice.offers.open(await bare_practice.act(OWNER), offer.id, offer.version), Code.PAYMENTS_OFF)
    with_stripe = BarePractice(storage, payments_on=True)
    done(await with_stripe.offers.open(await bare_practice.act(OWNER), offer.id, offer.version))


async def test_an_open_free_offer_does_not_become_paid_without_stripe(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]

    answer = await bare_practice.offers.change(
        await bare_practice.act(OWNER), offer.id, offer.version, price=Money(4500, "EUR")
    )

    refused(answer, Code.PAYMENTS_OFF)


async def test_an_offer_opens_only_with_a_place_and_a_coach(bare_practice: BarePractice) -> None:
    nobody = await bare_practice.offer(replace(FREE, name="Nobody's", coach_ids=()))
    answer = await bare_practice.offers.open(await bare_practice.act(OWNER), nobody.id, nobody.version)
    assert answer == Refusal(Code.CONTRADICTION, Contradiction.NO_COACH)


async def test_an_offer_without_any_place_cannot_be_opened(storage: Storage) -> None:
    bare_practice = BarePractice(storage)
    done(await bare_practice.practice.answer_currency(await bare_practice.act(OWNER), "EUR"))
    done(await bare_practice.practice.answer_zone(await bare_practice.act(OWNER), "Europe/Berlin"))
    done(await bare_practice.practice.become_coach(await bare_practice.act(OWNER)))
    offer = await bare_practice.offer(FREE)

    refused(await bare_practice.offers.open(await bare_practice.act(OWNER), offer.id, offer.version), Code.NO_PLACE)
    done(await bare_practice.offers.change(await bare_practice.act(OWNER), offer.id, offer.version, place=VIDEO))

    assert (await current(bare_practice, offer)).state is OfferState.OPEN
    assert (await current(bare_practice, offer)).place == VIDEO


async def test_paused_and_archived_offers_are_not_shown_to_clients(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]

    done(await bare_practice.offers.pause(await bare_practice.act(OWNER), offer.id, offer.version))
    assert await bare_practice.offers.open_for() == []
    assert [each.state for each in await bare_practice.offers.all()] == [OfferState.PAUSED]

    done(await bare_practice.offers.archive(await bare_practice.act(OWNER), offer.id, offer.version + 1))
    assert await bare_practice.offers.all() == []
    assert (await current(bare_practice, offer)).state is OfferState.ARCHIVED
    refused(
        await bare_practice.offers.open(await bare_practice.act(OWNER), offer.id, offer.version + 2), Code.NOT_FOUND
    )


async def test_of_two_changes_at_once_one_is_told_that_the_offer_changed(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]
    first, second = await bare_practice.act(OWNER), await bare_practice.act(OWNER)

    answers = await asyncio.gather(
        bare_practice.offers.change(first, offer.id, offer.version, name="One"),
        bare_practice.offers.change(second, offer.id, offer.version, name="Two"),
    )

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == [Code.CHANGED]


async def test_a_new_price_does_not_touch_bookings(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]
    booking_id = await book(bare_practice, CLIENT, offer.coach_ids[0], later(60 * 24))

    done(
        await bare_practice.offers.change(
            await bare_practice.act(OWNER), offer.id, offer.version, name="Renamed", max_moves=0
        )
    )

    booking = (await bare_practice.coaches.upcoming(offer.coach_ids[0], NOW))[0]
    assert booking.id == booking_id
    assert (booking.terms.offer_name, booking.terms.policy.max_moves, booking.version) == ("Intro", 2, 2)


async def test_an_open_offer_keeps_a_coach(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]

    answer = await bare_practice.offers.set_coaches(await bare_practice.act(OWNER), offer.id, [])
    assert answer == Refusal(Code.CONTRADICTION, Contradiction.NO_COACH)
    refused(await bare_practice.offers.set_coaches(await bare_practice.act(OWNER), offer.id, [999]), Code.NOT_FOUND)


async def test_only_an_owner_changes_offers(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]

    refused(await bare_practice.offers.create(await bare_practice.act(CLIENT), FREE), Code.NOT_FOUND)
    refused(
        await bare_practice.offers.change(await bare_practice.act(CLIENT), offer.id, offer.version, name="Mine"),
        Code.NOT_FOUND,
    )
    refused(await bare_practice.offers.pause(await bare_practice.act(CLIENT), offer.id, offer.version), Code.NOT_FOUND)
    refused(
        await bare_practice.offers.set_coaches(await bare_practice.act(CLIENT), offer.id, offer.coach_ids),
        Code.NOT_FOUND,
    )
    assert await bare_practice.offers.all() == [offer]


async def test_a_field_that_an_offer_does_not_have_is_our_mistake(bare_practice: BarePractice) -> None:
    offer = (await bare_practice.offers.all())[0]

    with pytest.raises(TypeError, match="colour"):
        await bare_practice.offers.change(await bare_practice.act(OWNER), offer.id, offer.version, colour="red")


async def test_a_price_that_can_never_be_charged_is_refused_by_its_limit(storage: Storage) -> None:
    bare_practice = BarePractice(storage, payments_on=True)
    await bare_practice.set_up()
    paid = await bare_practice.offer(PAID)
    for amount, mistake, limit in ((49, ChargeMistake.LEAST, 50), (100_000_000, ChargeMistake.MOST, 99_999_999)):
        price = Money(amount, "EUR")
        created = await bare_practice.offers.create(await bare_practice.act(OWNER), replace(PAID, price=price))
        changed = await bare_practice.offers.change(await bare_practice.act(OWNER), paid.id, paid.version, price=price)
        broken = Uncharged(mistake, price, "Stripe", Money(limit, "EUR"))
        assert created == changed == Refusal(Code.CONTRADICTION, Contradiction.CHARGE, charge=broken)


async def test_an_offer_that_can_never_be_charged_cannot_be_opened(storage: Storage) -> None:
    """Its price is from before anybody charged anything."""
    before = BarePractice(storage)
    await before.set_up()
    cheap = await before.offer(replace(PAID, price=Money(1, "EUR")))
    now = BarePractice(storage, payments_on=True)
    act = replace(await now.act(OWNER), key="of another process")
    opened = await now.offers.open(act, cheap.id, cheap.version)
    assert isinstance(opened, Refusal)
    assert opened.charge is not None
    assert opened.charge.mistake is ChargeMistake.LEAST
