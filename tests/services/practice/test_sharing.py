import pytest

from bot.chat.address import address
from bot.domain.refusals import Code
from tests.services.bare_practice import ANA, CLIENT, FREE, NOW, OWNER, BarePractice, done, made, refused


async def test_public_names_lead_to_pages(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    offer = (await bare_practice.offers.all())[0]
    client = await bare_practice.meet(CLIENT)

    assert await bare_practice.sharing.resolve("coach-olga", client, NOW) == f"with/{coach_id}"
    assert await bare_practice.sharing.resolve(f"offer-{offer.id}", client, NOW) == f"days/{offer.id}/{coach_id}"
    assert await bare_practice.sharing.resolve("book", client, NOW) == "book"


async def test_an_offer_of_two_coaches_leads_to_any_of_them(bare_practice: BarePractice) -> None:
    first = await bare_practice.set_up()
    second = made(
        await bare_practice.invitations.accept(await bare_practice.act(ANA), (await bare_practice.invite()).token)
    )
    offer = (await bare_practice.offers.all())[0]
    done(await bare_practice.offers.set_coaches(await bare_practice.act(OWNER), offer.id, [first, second]))

    assert (
        await bare_practice.sharing.resolve(f"offer-{offer.id}", await bare_practice.meet(CLIENT), NOW)
        == f"days/{offer.id}/0"
    )


@pytest.mark.parametrize(
    "payload",
    ["", "coach-", "coach-nobody", "offer-99", "offer-", "offer-x", "offer-²", "offer-" + "9" * 40, "j-short", "setup",
     "hold/1", "cancel/1/yes/abcdefgh", "book/../x"],
)  # fmt: skip
async def test_other_payloads_lead_nowhere(bare_practice: BarePractice, payload: str) -> None:
    await bare_practice.set_up()

    assert await bare_practice.sharing.resolve(payload, await bare_practice.meet(CLIENT), NOW) is None


async def test_drafts_and_coaches_who_left_cannot_be_reached_by_link(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    draft = await bare_practice.offer(FREE)
    client = await bare_practice.meet(CLIENT)
    done(await bare_practice.coaches.remove(await bare_practice.act(OWNER), coach_id, {}))

    assert await bare_practice.sharing.resolve(f"offer-{draft.id}", client, NOW) is None
    assert await bare_practice.sharing.resolve("coach-olga", client, NOW) is None


async def test_a_token_leads_to_the_question_and_is_not_used_by_it(bare_practice: BarePractice) -> None:
    invited = await bare_practice.invite()
    ana = await bare_practice.meet(ANA)

    to = await bare_practice.sharing.resolve(invited.token, ana, NOW)

    assert to == f"coach/accept/{invited.token}"
    assert address(to, "yes", "abcdefgh")
    done(await bare_practice.invitations.accept(await bare_practice.act(ANA), invited.token))
    assert await bare_practice.sharing.resolve(invited.token, ana, NOW) == to
    refused(await bare_practice.invitations.accept(await bare_practice.act(CLIENT), invited.token), Code.LINK_DEAD)


async def test_links_carry_payloads_that_resolve(bare_practice: BarePractice) -> None:
    coach = await bare_practice.coach(await bare_practice.set_up())
    offer = (await bare_practice.offers.all())[0]
    client = await bare_practice.meet(CLIENT)

    for links in (
        bare_practice.sharing.of_practice(),
        bare_practice.sharing.of_coach(coach),
        bare_practice.sharing.of_offer(offer),
    ):
        assert links.telegram == f"https://t.me/front_bot?start={links.payload}"
        assert links.install == "https://example.test/slack/install"
        assert len(links.payload) <= 64
        assert await bare_practice.sharing.resolve(links.payload, client, NOW) is not None


async def test_the_picture_of_a_link_is_a_png(bare_practice: BarePractice) -> None:
    picture = await bare_practice.sharing.picture("https://t.me/front_bot?start=coach-ana")

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert 20 * 8 < int.from_bytes(picture[16:20], "big") < 1000
