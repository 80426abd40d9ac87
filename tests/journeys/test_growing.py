"""The practice grows: more offers, a second coach, and a home page that keeps up."""

import re

from tests.journeys.stories import FREE, PLACE, books, first_day, practice
from tests.support.people.person import Person
from tests.support.people.slack_hands import SlackHands
from tests.support.whole_product import WholeProduct


async def offers_more(ana: Person, *lines: str) -> None:
    for line in lines:
        await ana.says("/setup")
        await ana.taps("Offers")
        await ana.taps("Add an offer")
        await ana.taps("Something else")
        await ana.fills(line)
        await ana.sees("Look it over, then open it for booking")
        await ana.taps("Open for booking")
        await ana.sees("Open: clients can book it")


async def test_from_the_first_word_to_the_card_page_in_six_acts(product: WholeProduct, platform: str) -> None:
    """One coach, three offers, a client whose clock nobody knows yet, and another day than the first."""
    ana = product.owner(platform)
    await first_day(ana)
    await offers_more(ana, "Long session 90 min 80", "First talk 30 min 0")
    mia = product.person(platform, "Mia Kovalenko", "London")
    await mia.starts()
    mia.tapped = 1
    await mia.taps("Long session")
    if platform == "telegram":
        await mia.sees("Is it 09:00 where you are? I show Vienna time")
        await mia.taps("Tue 2 Feb")
    await mia.taps("Wed 3 Feb")
    await mia.taps("10:00")
    await mia.sees("Held: Long session with Ana Fischer", "10:00", "€80.00", "Free to cancel until")
    page = await mia.opens_link("Pay")
    assert mia.tapped <= 6
    assert "€80.00" in page.text


async def test_a_coach_joins_by_a_code_and_is_booked(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana = product.owner(crossing[0])
    await first_day(ana, FREE)
    await ana.says("/setup")
    await ana.taps("Coaches")
    await ana.taps("Invite a coach")
    await ana.taps("Make a link and a code")
    invitation = await ana.sees("works once", "/coach join")
    code = re.search(r"/coach join (\S+)", invitation.text)
    assert code is not None
    ben = product.person(crossing[1], "Ben Walker", "London")
    await ben.starts()
    await ben.says(f"/coach join {code[1]}")
    await ben.sees("Welcome! Three answers, and clients can book you")
    for answer in ("London", "mon-fri 18-20", PLACE):
        await ben.fills(answer)
    await ana.sees("Ben Walker")
    eve = product.person(crossing[1], "Eve Stone", "London")
    await eve.starts()
    await eve.says(f"/coach join {code[1]}")
    await eve.sees("used, withdrawn, or is older than seven days")


async def opens_home(person: Person) -> None:
    assert isinstance(person.hands, SlackHands)
    await person.does("opens Home", person.hands.opens_home)


async def test_home_keeps_up_with_what_changes(product: WholeProduct) -> None:
    ana, mia = await practice(product, "slack", "slack", FREE)
    await opens_home(ana)
    await opens_home(mia)
    await mia.sees("You have no session coming up")
    await ana.sees("No sessions on this day", "Still to set up")
    await mia.taps("Book a session", on="You have no session coming up")
    await mia.taps("Tue 2 Feb")
    await mia.taps("11:30")
    await mia.taps("Book it")
    await opens_home(mia)
    await mia.taps("Back to Home", on="Booked: First talk")
    await mia.sees("Your next sessions", "First talk")
    await product.passes(hours=16)
    await opens_home(ana)
    await ana.sees("10:30–11:00 First talk with Mia Kovalenko")
    await books(mia, "Tue 2 Feb", "17:00")
    await ana.sees("16:00–16:30 First talk with Mia Kovalenko", within=5)
