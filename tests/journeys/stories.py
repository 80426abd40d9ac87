"""Beginnings that journeys share, told as people do them."""

from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct

FREE = "First talk 30 min 0"
PAID = "Coaching 50 min 45"
PLACE = "https://meet.example/ana"


async def first_day(owner: Person, offer: str = PAID) -> None:
    """The owner's six answers, from nothing to the first bookable hour."""
    await owner.starts()
    await owner.says("/setup")
    for answer in ("Harbour Coaching", "EUR", owner.city, "mon-fri 9-17", offer, PLACE):
        await owner.fills(answer)
    await owner.sees("Harbour Coaching is open")


async def lets_book_without_end(owner: Person) -> None:
    """The owner raises the limits for a client above all that a test does."""
    await owner.says("/setup")
    await owner.taps("Practice")
    await owner.taps("Limits for a client")
    await owner.taps("Change them")
    await owner.fills("1000", "1000", "1000", "100", "100", "300", "20")
    await owner.sees("Saved.", "Sessions ahead in all: 1000")


async def arrives(client: Person) -> Person:
    """The first word, and where the client's clock is."""
    await client.starts()
    await client.tells_clock()
    return client


async def practice(product: WholeProduct, coach: str, client: str, offer: str = PAID) -> tuple[Person, Person]:
    """Ana in Vienna, who owns the practice and coaches there, and Mia in Kyiv, who has just arrived."""
    ana = product.owner(coach)
    await first_day(ana, offer)
    return ana, await arrives(product.person(client, "Mia Kovalenko", "Kyiv"))


async def looks(client: Person, day: str = "Wed 3 Feb") -> None:
    """To the free times of a day; they are on the client's own clock."""
    await client.says("/book")
    await client.taps(day)
    await client.sees(day)


async def reviews(client: Person, day: str = "Wed 3 Feb", time: str = "10:00") -> None:
    """To the page that says everything before a session without a price is booked."""
    await looks(client, day)
    await client.taps(time)
    await client.sees(day, time)


async def books(client: Person, day: str = "Wed 3 Feb", time: str = "10:00") -> None:
    """A session without a price."""
    await reviews(client, day, time)
    await client.taps("Book it")
    await client.sees("Booked:", day, time)


async def holds(client: Person, day: str = "Wed 3 Feb", time: str = "10:00") -> None:
    await looks(client, day)
    await client.taps(time)
    await client.sees("Held:", "held until")


async def gives_two(ana: Person) -> None:
    """The owner gives Mia, who held a time before, credits for two sessions."""
    await ana.says("/clients")
    await ana.taps("Mia Kovalenko")
    await ana.taps("Credits", on="Mia Kovalenko")
    await ana.sees("Mia Kovalenko has no credits.")
    await ana.taps("Give credits")
    await ana.fills("Coaching", "2", "6 months", "For your patience")
    await ana.sees("Coaching × 2", "2 sessions left", "given by the practice (For your patience)")


async def moves(client: Person, time: str, day: str = "") -> None:
    """The one session that is booked: on the same day, unless told."""
    await client.says("/sessions")
    await client.taps("Move", on="Your sessions")
    if day:
        await client.taps(day)
    await client.taps(time)
    await client.taps("Move it")


async def cancels(client: Person) -> None:
    """The one session that is booked."""
    await client.says("/sessions")
    await client.taps("Cancel", on="Your sessions")
    await client.taps("Cancel session", on="Cancel this session?")


async def proposes(coach: Person, day: str = "Thu 4 Feb", time: str = "13:00") -> None:
    """Another time for the session that was booked last."""
    await coach.taps("Propose a time", on="New booking")
    await coach.taps(day)
    await coach.taps(time)
    await coach.taps("Ask")


async def buys(client: Person, day: str = "Wed 3 Feb", time: str = "10:00") -> None:
    await holds(client, day, time)
    await client.pays()
    await client.sees("Booked:", day, time, "paid")
