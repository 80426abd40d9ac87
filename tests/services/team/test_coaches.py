import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.people.people import Profile, Role
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.refusals import Code, Done, Refusal
from bot.services.team.coaches import Fate
from bot.services.team.invitations import LIFETIME
from bot.services.team.joining import free_short_name
from storage import tables
from storage.engine import Storage
from tests.services.booked import book
from tests.services.counter import Counter, guest
from tests.services.house import ANA, CLIENT, FREE, NOW, OWNER, VIDEO, House, done, later, made, refused


async def account_of(house: House, profile: Profile) -> int:
    met = await house.people.meet(profile, NOW)
    assert met is not None
    return met.account.id


async def test_a_link_makes_a_coach_once(house: House) -> None:
    owner = await house.meet(OWNER)
    invited = await house.invite()

    coach_id = made(await house.invitations.accept(await house.act(ANA), invited.token))

    ana = await house.meet(ANA)
    assert Role.COACH in ana.roles
    assert ana.coach_id == coach_id
    coach = await house.coach(coach_id)
    assert (coach.name, coach.short_name, coach.zone) == ("Ana María", "ana", "Europe/Madrid")
    assert await house.notices("coach-joined") == [(owner.id, f"joined/{coach_id}", "pending")]
    refused(await house.invitations.accept(await house.act(CLIENT), invited.token), Code.LINK_DEAD)
    refused(await house.invitations.accept(await house.act(CLIENT), invited.code), Code.LINK_DEAD)


@pytest.mark.parametrize("typed", ["{code}", " {CODE} ", "{CODE:5}"])
async def test_the_code_does_the_same_however_it_is_typed(house: House, typed: str) -> None:
    code = (await house.invite()).code
    text = {"{code}": code, " {CODE} ": f" {code.upper()} ", "{CODE:5}": f"{code[:5]}-{code[5:]}".upper()}[typed]

    done(await house.invitations.accept(await house.act(ANA), text))


async def test_an_invitation_used_by_two_at_once_makes_one_coach(house: House) -> None:
    invited = await house.invite()
    guests = [replace(CLIENT, user_ref=str(number), name=f"Guest {number}") for number in range(8)]
    acts = [await house.act(guest) for guest in guests]

    answers = await asyncio.gather(*(house.invitations.accept(act, invited.token) for act in acts))

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert all(answer.code is Code.LINK_DEAD for answer in answers if isinstance(answer, Refusal))
    assert await house.count(tables.coaches) == 1


async def test_two_of_one_name_at_once_get_different_short_names(house: House) -> None:
    guests = [replace(CLIENT, user_ref=str(number), name="Jo Doe") for number in range(4)]
    tokens = [(await house.invite()).token for _guest in guests]
    acts = [await house.act(guest) for guest in guests]

    await asyncio.gather(*(house.invitations.accept(act, token) for act, token in zip(acts, tokens, strict=True)))

    assert {coach.short_name for coach in await house.coaches.all()} == {"jo", "jo-2", "jo-3", "jo-4"}


async def test_an_invitation_ends_after_seven_days_or_when_it_is_revoked(house: House) -> None:
    late, revoked = await house.invite(), await house.invite()
    done(await house.invitations.revoke(await house.act(OWNER), revoked.id))

    after = NOW + LIFETIME
    refused(await house.invitations.accept(await house.act(ANA, after), late.token), Code.LINK_DEAD)
    refused(await house.invitations.accept(await house.act(ANA), revoked.token), Code.LINK_DEAD)
    refused(await house.invitations.revoke(await house.act(OWNER), revoked.id), Code.LINK_DEAD)
    assert [each.id for each in await house.invitations.invitations(NOW)] == [late.id]
    assert late.expires == after
    done(await house.invitations.accept(await house.act(ANA, after - timedelta(seconds=1)), late.token))


async def test_looking_at_an_invitation_does_not_use_it(house: House) -> None:
    invited = await house.invite()
    ana = await house.meet(ANA)

    for _look in range(2):
        found = await house.invitations.by_token(ana, invited.token, NOW)
        assert found is not None
        assert found.id == invited.id
    assert await house.invitations.by_token(ana, "j-nobodys", NOW) is None
    done(await house.invitations.accept(await house.act(ANA), invited.token))
    assert await house.invitations.by_token(ana, invited.token, NOW) is None


async def test_a_person_who_was_picked_is_told_and_nobody_else_can_accept(house: House) -> None:
    invited = await house.invite(await account_of(house, ANA))
    ana, client = await house.meet(ANA), await house.meet(CLIENT)

    assert await house.notices("invitation") == [(ana.id, f"invited/{invited.id}", "pending")]
    assert await house.invitations.for_person(client, invited.id, NOW) is None
    refused(await house.invitations.accept_picked(await house.act(CLIENT), invited.id), Code.LINK_DEAD)
    refused(await house.invitations.accept(await house.act(CLIENT), invited.token), Code.LINK_DEAD)
    assert await house.invitations.for_person(ana, invited.id, NOW) is not None
    done(await house.invitations.accept_picked(await house.act(ANA), invited.id))


async def test_an_open_invitation_is_not_accepted_by_its_number(house: House) -> None:
    invited = await house.invite()

    assert await house.invitations.for_person(await house.meet(ANA), invited.id, NOW) is None
    refused(await house.invitations.accept_picked(await house.act(ANA), invited.id), Code.LINK_DEAD)


async def test_the_token_is_kept_hashed_and_shown_once(house: House) -> None:
    act = await house.act(OWNER, following="team")
    first, second = await house.invitations.invite(act), await house.invitations.invite(act)
    rows = await house.storage.read(lambda tx: tx.execute(sa.select(tables.invitations)).all())

    token = getattr(first, "token", "")
    assert len(token) >= 28
    assert token not in repr(first)
    assert token not in str(rows)
    assert second == Done("team")
    assert len(rows) == 1


async def test_who_is_a_coach_already_does_not_use_an_invitation_up(house: House) -> None:
    coach_id = await house.set_up()
    invited = await house.invite()

    assert made(await house.invitations.accept(await house.act(OWNER), invited.token)) == coach_id
    assert len(await house.invitations.invitations(NOW)) == 1


async def test_only_an_owner_invites_revokes_and_removes(house: House) -> None:
    coach_id = await house.set_up()
    invited = await house.invite()

    refused(await house.invitations.invite(await house.act(CLIENT)), Code.NOT_FOUND)
    refused(await house.invitations.revoke(await house.act(CLIENT), invited.id), Code.NOT_FOUND)
    refused(await house.coaches.remove(await house.act(CLIENT), coach_id, {}), Code.NOT_FOUND)
    refused(await house.coaches.pause(await house.act(CLIENT), coach_id), Code.NOT_FOUND)
    refused(await house.coaches.set_place(await house.act(CLIENT), coach_id, VIDEO), Code.NOT_FOUND)


async def test_a_paused_coach_cannot_be_booked(house: House) -> None:
    coach_id = await house.set_up()

    done(await house.coaches.pause(await house.act(OWNER), coach_id))
    assert await house.coaches.active() == []
    assert [coach.state for coach in await house.coaches.all()] == [CoachState.PAUSED]
    assert await house.offers.open_for() == []
    refused(await house.coaches.pause(await house.act(OWNER), coach_id), Code.CHANGED)

    done(await house.coaches.resume(await house.act(OWNER), coach_id))
    assert len(await house.offers.open_for(coach_id)) == 1


async def test_an_offer_without_place_is_done_by_coaches_who_have_one(house: House) -> None:
    first = await house.set_up()
    second = made(await house.invitations.accept(await house.act(ANA), (await house.invite()).token))
    offer = (await house.offers.open_for())[0]
    done(await house.offers.set_coaches(await house.act(OWNER), offer.id, [first, second]))

    assert await house.offers.open_for(second) == []
    done(await house.coaches.set_place(await house.act(ANA), second, Place(PlaceKind.ADDRESS, " Main St 1 ")))

    assert [each.id for each in await house.offers.open_for(second)] == [offer.id]
    assert (await house.coach(second)).place == Place(PlaceKind.ADDRESS, "Main St 1")


async def test_removing_asks_for_the_fate_of_every_booking(house: House) -> None:
    coach_id = await house.set_up()
    kept = await book(house, CLIENT, coach_id, later(60 * 24))
    cancelled = await book(house, CLIENT, coach_id, later(60 * 48))
    assert [booking.id for booking in await house.coaches.upcoming(coach_id, NOW)] == [kept, cancelled]

    answer = await house.coaches.remove(await house.act(OWNER), coach_id, {kept: "keep"})
    assert refused(answer, Code.CHANGED).facts == {"missing": [cancelled]}

    fates: dict[int, Fate] = {kept: "keep", cancelled: "cancel"}
    done(await house.coaches.remove(await house.act(OWNER), coach_id, fates))

    assert [booking.id for booking in await house.coaches.upcoming(coach_id, NOW)] == [kept]
    assert Role.COACH in (await house.meet(OWNER)).roles  # of the one that was kept
    assert await house.coaches.all() == []
    refused(await house.coaches.set_place(await house.act(OWNER), coach_id, VIDEO), Code.NOT_FOUND)
    version = (await house.coach(coach_id)).version
    refused(await house.hours.undo(await house.act(OWNER), coach_id, version), Code.NOT_FOUND)
    await house.storage.write(lambda tx: tx.execute(sa.update(tables.bookings).values(outcome="held")))
    assert Role.COACH not in (await house.meet(OWNER)).roles
    assert await house.coaches.all() == []
    client = await house.meet(CLIENT)
    assert await house.notices("cancelled") == [(client.id, f"notice/cancelled/{cancelled}", "pending")]
    assert "coach.removed" in await house.trail()


async def test_a_coach_who_was_removed_is_told_and_can_come_back(house: House) -> None:
    await house.set_up()
    coach_id = made(await house.invitations.accept(await house.act(ANA), (await house.invite()).token))
    done(await house.coaches.remove(await house.act(OWNER), coach_id, {}))
    ana = await house.meet(ANA)
    assert ana.coach_id is None
    assert await house.notices("removed") == [(ana.id, f"removed/{coach_id}", "pending")]

    again = made(await house.invitations.accept(await house.act(ANA), (await house.invite()).token))

    assert again == coach_id
    assert (await house.coach(coach_id)).state is CoachState.ACTIVE
    assert (await house.offer(replace(FREE, name="New"))).coach_ids[-1] == coach_id


async def test_places_are_sealed(house: House) -> None:
    await house.set_up()
    query = sa.select(tables.coaches.c.place_sealed)

    assert "meet.example" not in await house.storage.read(lambda tx: tx.execute(query).scalar_one())


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Ana María", set(), "ana"),
        ("Ana Fischer", {"ana"}, "ana-2"),
        ("Zoë-Lou Ott", set(), "zoe-lou"),
        ("Олена", set(), "coach"),
        ("Олена", {"coach", "coach-2"}, "coach-3"),
        ("<!channel>", set(), "channel"),
        ("x" * 90, set(), "x" * 30),
    ],
)
def test_short_names_fit_a_link(name: str, taken: set[str], expected: str) -> None:
    assert free_short_name(name, taken) == expected


async def test_nobody_books_a_coach_who_is_being_removed(storage: Storage) -> None:
    counter = await Counter(storage).open()
    holds = []
    for number, start in enumerate((await counter.starts())[::4][:6]):
        quote = await counter.quote(guest(number), counter.free, start)
        act = await counter.act(guest(number))
        holds.append(counter.bookings.hold(act, counter.free.id, counter.coach_id, start, quote.facts))
    removal = counter.coaches.remove(await counter.act(OWNER), counter.coach_id, {})

    *_held, removed = await asyncio.gather(*holds, removal)

    if isinstance(removed, Done):
        assert await counter.coaches.upcoming(counter.coach_id, NOW) == []
    else:
        assert refused(removed, Code.CHANGED).facts["missing"]
