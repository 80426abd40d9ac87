import pytest

from bot.chat.address import address
from bot.domain.refusals import Code
from tests.services.house import ANA, CLIENT, FREE, NOW, OWNER, House, done, made, refused


async def test_public_names_lead_to_pages(house: House) -> None:
    coach_id = await house.set_up()
    offer = (await house.offers.all())[0]
    client = await house.meet(CLIENT)

    assert await house.sharing.resolve("coach-olga", client, NOW) == f"with/{coach_id}"
    assert await house.sharing.resolve(f"offer-{offer.id}", client, NOW) == f"days/{offer.id}/{coach_id}"
    assert await house.sharing.resolve("book", client, NOW) == "book"


async def test_an_offer_of_two_coaches_leads_to_any_of_them(house: House) -> None:
    first = await house.set_up()
    second = made(await house.invitations.accept(await house.act(ANA), (await house.invite()).token))
    offer = (await house.offers.all())[0]
    done(await house.offers.set_coaches(await house.act(OWNER), offer.id, [first, second]))

    assert await house.sharing.resolve(f"offer-{offer.id}", await house.meet(CLIENT), NOW) == f"days/{offer.id}/0"


@pytest.mark.parametrize(
    "payload",
    ["", "coach-", "coach-nobody", "offer-99", "offer-", "offer-x", "offer-²", "offer-" + "9" * 40, "j-short", "setup",
     "hold/1", "cancel/1/yes/abcdefgh", "book/../x"],
)  # fmt: skip
async def test_other_payloads_lead_nowhere(house: House, payload: str) -> None:
    await house.set_up()

    assert await house.sharing.resolve(payload, await house.meet(CLIENT), NOW) is None


async def test_drafts_and_coaches_who_left_cannot_be_reached_by_link(house: House) -> None:
    coach_id = await house.set_up()
    draft = await house.offer(FREE)
    client = await house.meet(CLIENT)
    done(await house.coaches.remove(await house.act(OWNER), coach_id, {}))

    assert await house.sharing.resolve(f"offer-{draft.id}", client, NOW) is None
    assert await house.sharing.resolve("coach-olga", client, NOW) is None


async def test_a_token_leads_to_the_question_and_is_not_used_by_it(house: House) -> None:
    invited = await house.invite()
    ana = await house.meet(ANA)

    to = await house.sharing.resolve(invited.token, ana, NOW)

    assert to == f"coach/accept/{invited.token}"
    assert address(to, "yes", "abcdefgh")
    done(await house.invitations.accept(await house.act(ANA), invited.token))
    assert await house.sharing.resolve(invited.token, ana, NOW) == to
    refused(await house.invitations.accept(await house.act(CLIENT), invited.token), Code.LINK_DEAD)


async def test_links_carry_payloads_that_resolve(house: House) -> None:
    coach = await house.coach(await house.set_up())
    offer = (await house.offers.all())[0]
    client = await house.meet(CLIENT)

    for links in (house.sharing.of_practice(), house.sharing.of_coach(coach), house.sharing.of_offer(offer)):
        assert links.telegram == f"https://t.me/front_bot?start={links.payload}"
        assert links.install == "https://example.test/slack/install"
        assert len(links.payload) <= 64
        assert await house.sharing.resolve(links.payload, client, NOW) is not None


async def test_the_picture_of_a_link_is_a_png(house: House) -> None:
    picture = await house.sharing.picture("https://t.me/front_bot?start=coach-ana")

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert 20 * 8 < int.from_bytes(picture[16:20], "big") < 1000
