"""People who book and pay without end, whatever becomes of their taps, and whoever ends processes under them."""

import asyncio
import random

import aiohttp

from tests.journeys.stories import arrives
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct

DAY = r"(Mon|Tue|Wed|Thu|Fri) \d"
TIME = r"\d\d:\d\d"
NAMES = ("Mia", "Leo", "Sam", "Eva", "Jan", "Ida", "Tom", "Zoe")


async def crowd(product: WholeProduct) -> list[Person]:
    """Clients on both platforms by turns, who have said their first word."""
    people = [
        product.person(("telegram", "slack")[number % 2], f"{name} Client", "Vienna")
        for number, name in enumerate(NAMES)
    ]
    return list(await asyncio.gather(*(arrives(person) for person in people)))


async def keeps_booking(person: Person, dice: random.Random, over: asyncio.Event) -> None:
    while not over.is_set():
        try:
            await books_something(person, dice)
        except (AssertionError, aiohttp.ClientError):  # an answer was lost with its process: the person begins anew
            continue


async def books_something(person: Person, dice: random.Random) -> None:
    await person.says("/book")
    if person.platform == "telegram":  # Slack's date picker shows a day with times at once
        await person.taps(dice.choice(await person.labels(DAY)))
    await person.taps(dice.choice(await person.labels(TIME)))
    await person.pays()
    await person.sees("Booked:")
