"""A held time: it ends by itself, is let go, is replaced, and is never in two hands."""

import asyncio

from tests.journeys.stories import FREE, PAID, arrives, buys, first_day, holds, looks, practice, reviews
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct


async def test_a_hold_ticks_ends_and_offers_the_time_again(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform)
    await holds(mia)
    await product.passes(minutes=11)
    await mia.sees("Less than 4 minutes left to pay", "Held: Coaching")
    await product.passes(minutes=5)
    await mia.sees("The hold has ended", "Nothing was charged", "still free")
    await mia.sees_no_more("left to pay")
    await mia.comes_to_see(1, "The hold has ended")
    await mia.sees_no_more("held until")
    await ana.never_sees("New booking", seconds=0.3)
    await mia.taps("Hold it again", on="The hold has ended")
    await mia.taps("Hold and pay")
    await mia.sees("Held: Coaching", "10:00 (Kyiv)")
    await mia.pays()
    await mia.sees("Booked: Coaching with Ana Fischer", "Wed 3 Feb, 10:00")
    await ana.sees("New booking")


async def test_the_old_card_page_takes_no_money_after_the_end(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    await holds(mia)
    page = await mia.opens_link("Pay")
    await product.passes(minutes=16)
    await mia.sees("The hold has ended")
    again = await product.browser.open(page.url)
    assert "This page has expired" in again.title
    assert not product.stripe.account.charges


async def test_leaving_the_card_page_says_what_is_held(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    await holds(mia)
    page = await mia.opens_link("Pay")
    left = await product.browser.open(page.links["← Back"])
    assert left.title == "Not paid yet"
    assert "held until 10:15" in left.text
    assert "Back to the chat" in left.links
    page = await mia.pays()
    again = await product.browser.open(page.url)
    assert again.title == page.title == "Paid. Your session is confirmed"
    assert len(product.stripe.account.charges) == 1


async def test_a_hold_is_one_message_however_often_it_is_visited(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    await holds(mia)
    await mia.says("/sessions")
    await mia.taps("Pay, or let it go")
    await mia.sees("This hold continues below")
    await mia.comes_to_see(1, "held until")
    await mia.pays()
    await mia.sees("Booked: Coaching with Ana Fischer")
    await mia.sees_no_more("held until")


async def test_with_stripe_away_a_hold_is_one_message_too(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    product.stripe.faults.add("/v1/*", "cut", times=10**6)
    await holds(mia)
    await product.passes(seconds=20)
    await mia.says("/sessions")
    await mia.taps("Pay, or let it go")
    await mia.sees("This hold continues below")
    await mia.comes_to_see(1, "held until")
    product.stripe.faults.clear()
    await product.passes(minutes=1)
    await mia.pays()
    await mia.sees("Booked: Coaching")
    await mia.sees_no_more("held until")


async def test_let_go_is_free_for_others_at_once(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    sam = await arrives(product.person("telegram", "Sam Hughes", "London"))
    await holds(mia)
    await sam.says("/book")
    await sam.taps("Wed 3 Feb")
    await sam.sees("Wed 3 Feb", "London time")
    assert not await sam.can_tap("08:00")
    await mia.taps("Let it go")
    await mia.sees("Let go: Coaching", "nothing was charged")
    await buys(sam, "Wed 3 Feb", "08:00")


async def test_a_new_hold_replaces_the_one_before(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform)
    await holds(mia, "Wed 3 Feb", "10:00")
    await holds(mia, "Wed 3 Feb", "14:00")
    await mia.sees_no_more("10:00 (Kyiv)", "held until")
    await mia.pays()
    await mia.sees("Booked: Coaching", "14:00 (Kyiv)")
    await mia.says("/sessions")
    await mia.sees("14:00")
    await product.until(
        lambda: [one.status for one in product.stripe.account.sessions.values()] == ["expired", "complete"]
    )


async def test_of_two_who_want_one_time_one_gets_it(product: WholeProduct, pairing: tuple[str, str]) -> None:
    ana = product.owner("telegram")
    await first_day(ana, PAID if pairing[0] == "slack" else FREE)
    mia = await arrives(product.person(pairing[0], "Mia Kovalenko", "Kyiv"))
    leo = await arrives(product.person(pairing[1], "Leo Martin", "Kyiv"))
    go, to = ("10:00", looks) if pairing[0] == "slack" else ("Book it", reviews)
    won = "Held:" if pairing[0] == "slack" else "Booked:"
    await asyncio.gather(to(mia), to(leo))
    await asyncio.gather(mia.taps(go), leo.taps(go))
    outcomes = await asyncio.gather(*(_outcome(each, won) for each in (mia, leo)))
    assert sorted(outcomes) == ["taken", "won"]
    loser = mia if outcomes[0] == "taken" else leo
    await loser.sees("That time was just taken", "Nothing was booked and nothing was charged", "Nearest free times")


async def _outcome(person: Person, won: str) -> str:
    for _ in range(160):
        if await person.counts(won):
            return "won"
        if await person.counts("just taken"):
            return "taken"
        await asyncio.sleep(0.05)
    return "nothing"
