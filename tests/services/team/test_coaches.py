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
from tests.services.bare_practice import ANA, CLIENT, FREE, NOW, OWNER, VIDEO, BarePractice, done, later, made, refused
from tests.services.booked import book
from tests.services.selling_practice import SellingPractice, guest


async def account_of(bare_practice: BarePractice, profile: Profile) -> int:
    met = await bare_practice.people.meet(profile, NOW)
    assert met is not None
    return met.account.id


async def test_a_link_makes_a_coach_once(bare_practice: BarePractice) -> None:
    owner = await bare_practice.meet(OWNER)
    invited = await bare_practice.invite()

    coach_id = made(await bare_practice.invitations.accept(await bare_practice.act(ANA), invited.token))

    ana = await bare_practice.meet(ANA)
    assert Role.COACH in ana.roles
    assert ana.coach_id == coach_id
    coach = await bare_practice.coach(coach_id)
    assert (coach.name, coach.short_name, coach.zone) == ("Ana María", "ana", "Europe/Madrid")
    assert await bare_practice.notices("coach-joined") == [(owner.id, f"joined/{coach_id}", "pending")]
    refused(await bare_practice.invitations.accept(await bare_practice.act(CLIENT), invited.token), Code.LINK_DEAD)
    refused(await bare_practice.invitations.accept(await bare_practice.act(CLIENT), invited.code), Code.LINK_DEAD)


@pytest.mark.parametrize("typed", ["{code}", " {CODE} ", "{CODE:5}"])
async def test_the_code_does_the_same_however_it_is_typed(bare_practice: BarePractice, typed: str) -> None:
    code = (await bare_practice.invite()).code
    text = {"{code}": code, " {CODE} ": f" {code.upper()} ", "{CODE:5}": f"{code[:5]}-{code[5:]}".upper()}[typed]

    done(await bare_practice.invitations.accept(await bare_practice.act(ANA), text))


async def test_an_invitation_used_by_two_at_once_makes_one_coach(bare_practice: BarePractice) -> None:
    invited = await bare_practice.invite()
    guests = [replace(CLIENT, user_ref=str(number), name=f"Guest {number}") for number in range(8)]
    acts = [await bare_practice.act(guest) for guest in guests]

    answers = await asyncio.gather(*(bare_practice.invitations.accept(act, invited.token) for act in acts))

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert all(answer.code is Code.LINK_DEAD for answer in answers if isinstance(answer, Refusal))
    assert await bare_practice.count(tables.coaches) == 1


async def test_two_of_one_name_at_once_get_different_short_names(bare_practice: BarePractice) -> None:
    guests = [replace(CLIENT, user_ref=str(number), name="Jo Doe") for number in range(4)]
    tokens = [(await bare_practice.invite()).token for _guest in guests]
    acts = [await bare_practice.act(guest) for guest in guests]

    await asyncio.gather(
        *(bare_practice.invitations.accept(act, token) for act, token in zip(acts, tokens, strict=True))
    )

    assert {coach.short_name for coach in await bare_practice.coaches.all()} == {"jo", "jo-2", "jo-3", "jo-4"}


async def test_an_invitation_ends_after_seven_days_or_when_it_is_revoked(bare_practice: BarePractice) -> None:
    late, revoked = await bare_practice.invite(), await bare_practice.invite()
    done(await bare_practice.invitations.revoke(await bare_practice.act(OWNER), revoked.id))

    after = NOW + LIFETIME
    refused(await bare_practice.invitations.accept(await bare_practice.act(ANA, after), late.token), Code.LINK_DEAD)
    refused(await bare_practice.invitations.accept(await bare_practice.act(ANA), revoked.token), Code.LINK_DEAD)
    refused(await bare_practice.invitations.revoke(await bare_practice.act(OWNER), revoked.id), Code.LINK_DEAD)
    assert [each.id for each in await bare_practice.invitations.invitations(NOW)] == [late.id]
    assert late.expires == after
    done(await bare_practice.invitations.accept(await bare_practice.act(ANA, after - timedelta(seconds=1)), late.token))


async def test_looking_at_an_invitation_does_not_use_it(bare_practice: BarePractice) -> None:
    invited = await bare_practice.invite()
    ana = await bare_practice.meet(ANA)

    for _look in range(2):
        found = await bare_practice.invitations.by_token(ana, invited.token, NOW)
        assert found is not None
        assert found.id == invited.id
    assert await bare_practice.invitations.by_token(ana, "j-nobodys", NOW) is None
    done(await bare_practice.invitations.accept(await bare_practice.act(ANA), invited.token))
    assert await bare_practice.invitations.by_token(ana, invited.token, NOW) is None


async def test_a_person_who_was_picked_is_told_and_nobody_else_can_accept(bare_practice: BarePractice) -> None:
    invited = await bare_practice.invite(await account_of(bare_practice, ANA))
    ana, client = await bare_practice.meet(ANA), await bare_practice.meet(CLIENT)

    assert await bare_practice.notices("invitation") == [(ana.id, f"invited/{invited.id}", "pending")]
    assert await bare_practice.invitations.for_person(client, invited.id, NOW) is None
    refused(await bare_practice.invitations.accept_picked(await bare_practice.act(CLIENT), invited.id), Code.LINK_DEAD)
    refused(await bare_practice.invitations.accept(await bare_practice.act(CLIENT), invited.token), Code.LINK_DEAD)
    assert await bare_practice.invitations.for_person(ana, invited.id, NOW) is not None
    done(await bare_practice.invitations.accept_picked(await bare_practice.act(ANA), invited.id))


async def test_an_open_invitation_is_not_accepted_by_its_number(bare_practice: BarePractice) -> None:
    invited = await bare_practice.invite()

    assert await bare_practice.invitations.for_person(await bare_practice.meet(ANA), invited.id, NOW) is None
    refused(await bare_practice.invitations.accept_picked(await bare_practice.act(ANA), invited.id), Code.LINK_DEAD)


async def test_the_token_is_kept_hashed_and_shown_once(bare_practice: BarePractice) -> None:
    act = await bare_practice.act(OWNER, following="team")
    first, second = await bare_practice.invitations.invite(act), await bare_practice.invitations.invite(act)
    rows = await bare_practice.storage.read(lambda tx: tx.execute(sa.select(tables.invitations)).all())

    token = getattr(first, "token", "")
    assert len(token) >= 28
    assert token not in repr(first)
    assert token not in str(rows)
    assert second == Done("team")
    assert len(rows) == 1


async def test_who_is_a_coach_already_does_not_use_an_invitation_up(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    invited = await bare_practice.invite()

    assert made(await bare_practice.invitations.accept(await bare_practice.act(OWNER), invited.token)) == coach_id
    assert len(await bare_practice.invitations.invitations(NOW)) == 1


async def test_only_an_owner_invites_revokes_and_removes(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    invited = await bare_practice.invite()

    refused(await bare_practice.invitations.invite(await bare_practice.act(CLIENT)), Code.NOT_FOUND)
    refused(await bare_practice.invitations.revoke(await bare_practice.act(CLIENT), invited.id), Code.NOT_FOUND)
    refused(await bare_practice.coaches.remove(await bare_practice.act(CLIENT), coach_id, {}), Code.NOT_FOUND)
    refused(await bare_practice.coaches.pause(await bare_practice.act(CLIENT), coach_id), Code.NOT_FOUND)
    refused(await bare_practice.coaches.set_place(await bare_practice.act(CLIENT), coach_id, VIDEO), Code.NOT_FOUND)


async def test_a_paused_coach_cannot_be_booked(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()

    done(await bare_practice.coaches.pause(await bare_practice.act(OWNER), coach_id))
    assert await bare_practice.coaches.active() == []
    assert [coach.state for coach in await bare_practice.coaches.all()] == [CoachState.PAUSED]
    assert await bare_practice.offers.open_for() == []
    refused(await bare_practice.coaches.pause(await bare_practice.act(OWNER), coach_id), Code.CHANGED)

    done(await bare_practice.coaches.resume(await bare_practice.act(OWNER), coach_id))
    assert len(await bare_practice.offers.open_for(coach_id)) == 1


async def test_an_offer_without_place_is_done_by_coaches_who_have_one(bare_practice: BarePractice) -> None:
    first = await bare_practice.set_up()
    second = made(
        await bare_practice.invitations.accept(await bare_practice.act(ANA), (await bare_practice.invite()).token)
    )
    offer = (await bare_practice.offers.open_for())[0]
    done(await bare_practice.offers.set_coaches(await bare_practice.act(OWNER), offer.id, [first, second]))

    assert await bare_practice.offers.open_for(second) == []
    done(
        await bare_practice.coaches.set_place(
            await bare_practice.act(ANA), second, Place(PlaceKind.ADDRESS, " Main St 1 ")
        )
    )

    assert [each.id for each in await bare_practice.offers.open_for(second)] == [offer.id]
    assert (await bare_practice.coach(second)).place == Place(PlaceKind.ADDRESS, "Main St 1")


async def test_removing_asks_for_the_fate_of_every_booking(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    kept = await book(bare_practice, CLIENT, coach_id, later(60 * 24))
    cancelled = await book(bare_practice, CLIENT, coach_id, later(60 * 48))
    assert [booking.id for booking in await bare_practice.coaches.upcoming(coach_id, NOW)] == [kept, cancelled]

    answer = await bare_practice.coaches.remove(await bare_practice.act(OWNER), coach_id, {kept: "keep"})
    assert answer == Refusal(Code.CHANGED, missing=[cancelled])

    fates: dict[int, Fate] = {kept: "keep", cancelled: "cancel"}
    done(await bare_practice.coaches.remove(await bare_practice.act(OWNER), coach_id, fates))

    assert [booking.id for booking in await bare_practice.coaches.upcoming(coach_id, NOW)] == [kept]
    assert Role.LEAVING in (await bare_practice.meet(OWNER)).roles  # of the one that was kept
    assert Role.COACH not in (await bare_practice.meet(OWNER)).roles
    assert await bare_practice.coaches.all() == []
    refused(await bare_practice.coaches.set_place(await bare_practice.act(OWNER), coach_id, VIDEO), Code.NOT_FOUND)
    version = (await bare_practice.coach(coach_id)).version
    refused(await bare_practice.hours.undo(await bare_practice.act(OWNER), coach_id, version), Code.NOT_FOUND)
    await bare_practice.storage.write(lambda tx: tx.execute(sa.update(tables.bookings).values(outcome="held")))
    assert Role.LEAVING not in (await bare_practice.meet(OWNER)).roles
    assert await bare_practice.coaches.all() == []
    client = await bare_practice.meet(CLIENT)
    assert await bare_practice.notices("cancelled") == [(client.id, f"notice/cancelled/{cancelled}", "pending")]
    assert "coach.removed" in await bare_practice.trail()


async def test_a_coach_who_was_removed_is_told_and_can_come_back(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()
    coach_id = made(
        await bare_practice.invitations.accept(await bare_practice.act(ANA), (await bare_practice.invite()).token)
    )
    done(await bare_practice.coaches.remove(await bare_practice.act(OWNER), coach_id, {}))
    ana = await bare_practice.meet(ANA)
    assert ana.coach_id is None
    assert await bare_practice.notices("removed") == [(ana.id, f"removed/{coach_id}", "pending")]

    again = made(
        await bare_practice.invitations.accept(await bare_practice.act(ANA), (await bare_practice.invite()).token)
    )

    assert again == coach_id
    assert (await bare_practice.coach(coach_id)).state is CoachState.ACTIVE
    assert (await bare_practice.offer(replace(FREE, name="New"))).coach_ids[-1] == coach_id


async def test_places_are_sealed(bare_practice: BarePractice) -> None:
    await bare_practice.set_up()
    query = sa.select(tables.coaches.c.place_sealed)

    assert "meet.example" not in await bare_practice.storage.read(lambda tx: tx.execute(query).scalar_one())


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
    selling_practice = await SellingPractice(storage).open()
    holds = []
    for number, start in enumerate((await selling_practice.starts())[::4][:6]):
        quote = await selling_practice.quote(guest(number), selling_practice.free, start)
        act = await selling_practice.act(guest(number))
        holds.append(
            selling_practice.bookings.hold(act, selling_practice.free.id, selling_practice.coach_id, start, quote.facts)
        )
    removal = selling_practice.coaches.remove(await selling_practice.act(OWNER), selling_practice.coach_id, {})

    *_held, removed = await asyncio.gather(*holds, removal)

    if isinstance(removed, Done):
        assert await selling_practice.coaches.upcoming(selling_practice.coach_id, NOW) == []
    else:
        assert refused(removed, Code.CHANGED).missing
