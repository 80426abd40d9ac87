"""A journey that touches everything that must stay secret, and all places where it could leave a trace."""

import re
import sqlite3
from pathlib import Path

import asyncpg

from tests.journeys.stories import first_day
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct

LINK = "https://meet.example/ana"
PHONE = "+43 660 7654321"
CALLED = "+380 50 765 4321"
CONTACT = "frontdesk-hidden@example.org"
WRITTEN = "My grandmother Euphemia is ill"
ANSWERED = "Give her my marmalade"
WHY = "A burst pipe in Ottakring"
LOST = "hedgehogs juggling lanterns"


async def play(product: WholeProduct) -> list[str]:
    """Setting up, booking, paying, writing, moving, cancelling, inviting; returns what nobody else may read."""
    ana = product.owner("telegram", "Ana Winterfeldt")
    iva = product.person("slack", "Iva Tajnikova", "Kyiv")
    tom = product.person("telegram", "Thaddeus Verborgen", "London")
    await first_day(ana, "Coaching 50 min 80")
    await _owner_says_more(ana)
    await _books_and_pays(iva)
    await ana.sees("Tajnikova")
    await _write_to_each_other(ana, iva)
    await _moves(iva)
    await iva.says(LOST)
    invitation = await _invites(ana, tom)
    await _is_called(ana, iva, tom)
    await _cancelled_by_coach(ana, iva)
    return [
        "Winterfeldt", "Tajnikova", "Verborgen", LINK, "meet.example", PHONE, "6607654321", "507654321", CALLED,
        "50 765 4321", "0507654321", CONTACT, WRITTEN,
        "Euphemia", ANSWERED, "marmalade", WHY, "Ottakring", LOST, "hedgehogs", "client@example.com",
        *invitation, *_tokens(product),
    ]  # fmt: skip


async def _owner_says_more(ana: Person) -> None:
    await ana.says("/setup")
    await ana.taps("Practice")
    await ana.taps("Human contact")
    await ana.fills(CONTACT)
    await ana.sees(CONTACT)


async def _books_and_pays(iva: Person) -> None:
    await iva.starts()
    await iva.says("/book")
    await iva.taps("Thu 4 Feb")
    await iva.taps("11:00")
    paid = await iva.pays()
    assert "confirmed" in paid.title, paid
    await iva.sees("Booked", "paid")


async def _write_to_each_other(ana: Person, iva: Person) -> None:
    await iva.taps("Message", on="Booked")
    await iva.fills(WRITTEN)
    await ana.sees("Euphemia")
    await ana.taps("Reply", on="Euphemia")
    await ana.fills(ANSWERED)
    await iva.sees("marmalade")


async def _moves(iva: Person) -> None:
    await iva.says("/sessions")
    await iva.taps("Move")
    await iva.taps("Fri 5 Feb")
    await iva.taps("12:00")
    await iva.taps("Move")
    await iva.still_sees("Fri 5 Feb, 12:00")


async def _invites(ana: Person, tom: Person) -> list[str]:
    """A coach joins by the link, and leaves a telephone number."""
    await ana.says("/setup")
    await ana.taps("Coaches")
    await ana.taps("Invite")
    await ana.taps("Make a link")
    shown = (await ana.sees("It works once")).text
    token = re.search(r"start=([\w.-]+)", shown)
    code = re.search(r"/coach join (\w+-\w+)", shown)
    assert token, shown
    assert code, shown
    await tom.starts(token[1])
    await tom.taps("Accept")
    await tom.fills("London")
    await tom.fills("mon-fri 9-17")
    await tom.fills(f"I call from {PHONE}")
    await tom.sees("765")
    return [token[1], code[1], code[1].replace("-", "")]


async def _is_called(ana: Person, iva: Person, tom: Person) -> None:
    """The client's number, given with the booking and changed afterwards."""
    await ana.says("/setup")
    await ana.taps("Offers")
    await ana.taps("Coaching")
    await ana.taps("Who does it")
    await ana.taps("Add Thaddeus")
    await iva.says("/book")
    await iva.taps("Thaddeus")
    await iva.taps("Mon 8 Feb")
    await iva.taps("14:00")
    await iva.fills("+38 050 765-43-21")
    await iva.pays()
    await iva.sees("Booked", CALLED)
    await tom.sees("you call", CALLED)


async def _cancelled_by_coach(ana: Person, iva: Person) -> None:
    await ana.says("/clients")
    await ana.taps("Iva")
    await ana.taps("Cancel")
    await ana.fills(WHY)
    await ana.taps("Cancel session")
    await iva.sees("Ottakring")


def _tokens(product: WholeProduct) -> list[str]:
    environment = product.environment()
    names = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "TELEGRAM_BOT_TOKEN",
             "TELEGRAM_WEBHOOK_SECRET", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SECRET_KEYS")  # fmt: skip
    installations = [team.installation for team in product.slack.slack.teams.values() if team.installation]
    tokens = [environment[name] for name in names if name in environment]
    return tokens + [installation.token for installation in installations]


async def kept(product: WholeProduct) -> list[tuple[str, bytes]]:
    """Everything that a thief of disks would hold: (where, what). Files as they lie, and rows by table."""
    places = [(log.name, log.read_bytes()) for log in product.folder.glob("*.log")]
    if product.database_url.startswith("sqlite"):
        file = Path(product.database_url.removeprefix("sqlite:///"))
        places += [(each.name, each.read_bytes()) for each in sorted(file.parent.glob(f"{file.name}*"))]
        names = await ask(product.database_url, "SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        names = await ask(product.database_url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (name,) in names:
        rows = await ask(product.database_url, f'SELECT * FROM "{name}"')
        places.append((f"table {name}", "\n".join(map(str, rows)).encode()))
    return places


async def ask(database_url: str, statement: str) -> list[tuple[object, ...]]:
    """What the database says, asked past the product."""
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=10) as database:
            found = database.execute(statement).fetchall()
        database.close()
        return [tuple(row) for row in found]
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():  # else a pooler may prepare on one connection and run on another
            return [tuple(row.values()) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
