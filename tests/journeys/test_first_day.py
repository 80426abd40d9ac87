"""The owner's first day: from an empty database to the first booking."""

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, arrives, books, first_day, practice
from tests.support.whole_product import WholeProduct


async def test_six_answers_from_an_empty_database(opened: Open, empty_database_url: str, platform: str) -> None:
    product = await opened(empty_database_url)
    ana = product.owner(platform)
    await ana.starts()
    await ana.says("/setup")
    await ana.sees("1 of 6", "What is your practice called?")
    await ana.fills("Harbour Coaching")
    await ana.sees("2 of 6", "Which currency")
    await ana.fills("EUR")
    await ana.sees("3 of 6", "What is the time where the practice is?")
    await ana.fills("Vienna")
    await ana.sees("4 of 6", "When can clients book you?")
    await ana.fills("mon-fri 9-17")
    await ana.sees("5 of 6", "What can clients book?")
    await ana.fills("First talk 30 min 0")
    await ana.sees("6 of 6", "Where do sessions take place?")
    await ana.fills("https://meet.example/ana")
    await ana.sees("Harbour Coaching is open", "Hours: done", "Offer: done", "Place: done")


async def test_back_in_setup_mends_the_answer_before(product: WholeProduct, platform: str) -> None:
    ana = product.owner(platform)
    await ana.starts()
    await ana.says("/setup")
    await ana.fills("Harbor Coching")
    await ana.sees("2 of 6", "Which currency")
    await ana.taps("Back")
    await ana.sees("1 of 6", "What is your practice called?")
    await ana.fills("Harbour Coaching")
    await ana.sees("2 of 6", "Which currency")


async def test_an_answer_that_cannot_stand_is_asked_again(product: WholeProduct, platform: str) -> None:
    ana = product.owner(platform)
    await ana.starts()
    await ana.says("/setup")
    await ana.fills("Harbour Coaching")
    await ana.fills("dollars")
    await ana.sees("That is not a currency")
    await ana.fills("EUR")
    await ana.fills("Vienna")
    await ana.fills("mon-fri nine to five")
    await ana.sees("I do not understand", "Write hours like this")
    await ana.fills("mon-fri 9-17")
    await ana.sees("What can clients book?")


async def test_a_first_talk_is_booked_and_costs_nothing(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *crossing, offer=FREE)
    await mia.says("/book")
    await mia.taps("Tue 2 Feb")
    await mia.taps("11:30")
    await mia.sees("First talk with Ana Fischer", "11:30 (Kyiv)", "10:30 for Ana Fischer (Vienna)", "free")
    await mia.taps("Book it")
    await mia.sees("Booked: First talk with Ana Fischer", "Tue 2 Feb, 11:30 (Kyiv)", "meet.example/ana")
    await ana.sees("New booking: First talk with Mia Kovalenko", "10:30 (Vienna)", "11:30 for Mia Kovalenko (Kyiv)")
    await mia.says("/sessions")
    await mia.sees("First talk", "11:30")
    await ana.says("/today")
    await ana.taps("Tue 2 Feb")
    await ana.sees("10:30–11:00 First talk with Mia Kovalenko", "free")


async def test_who_comes_too_early_is_written_to_when_it_opens(product: WholeProduct, platform: str) -> None:
    ana, mia = product.owner(platform), product.person(platform, "Mia Kovalenko", "Kyiv")
    await mia.starts()
    await mia.sees("Not open yet", "I will write to you")
    await mia.says("/book")
    await mia.sees("Not open yet")
    await first_day(ana, FREE)
    await mia.sees("Harbour Coaching is open", "Now you can book")
    await mia.tells_clock()
    await books(mia, "Tue 2 Feb", "11:30")


async def test_without_an_owner_everybody_learns_their_own_line(opened: Open, platform: str) -> None:
    product = await opened(OWNERS="")
    noa = product.person(platform, "Noa Levi", "London")
    await noa.starts()
    entry = {"telegram": f"telegram:{2001}", "slack": "slack:T0HARBOUR:"}[platform]
    await noa.sees("Nobody owns this practice yet", f"OWNERS={entry}")


async def test_a_form_is_left_and_resumed(product: WholeProduct, platform: str) -> None:
    ana = product.owner(platform)
    await ana.starts()
    await ana.says("/setup")
    await ana.fills("Harbour Coaching")
    await ana.sees("2 of 6")
    await ana.leaves_form()
    await ana.says("/help")
    await ana.sees("Help")
    await ana.says("/setup")
    await ana.sees("2 of 6", "Which currency")


async def test_the_second_client_is_new_too(product: WholeProduct) -> None:
    """Several people at once, each with a chat of their own."""
    _ana, mia = await practice(product, "telegram", "telegram", FREE)
    sam = await arrives(product.person("slack", "Sam Hughes", "London"))
    await books(mia, "Tue 2 Feb", "11:30")
    await sam.says("/sessions")
    await sam.sees("You have nothing booked")
    await books(sam, "Tue 2 Feb", "10:30")
