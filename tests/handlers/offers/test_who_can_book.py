"""What a client reads and can tap of an offer with a description, or one that is not for everybody."""

from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
WORDS = "We get to know each other."


async def test_a_description_is_read_before_choosing(chat: BareChat) -> None:
    olga, iva, free = Somebody(chat, OWNER), Somebody(chat, IVA), chat.practice.free
    await olga.goes(f"offer/{free.id}")
    await olga.taps("Description")
    await olga.fills(description=WORDS)
    olga.sees("Saved.", WORDS)
    await iva.goes("book")
    iva.sees(f"Intro: {WORDS}")
    await iva.taps("Intro")
    iva.sees("Intro: which day?", WORDS)
    await iva.goes(f"card/offer/{free.id}")
    iva.sees(WORDS)
    await olga.goes(f"offer/{free.id}/edit/description")
    await olga.fills(description="none")
    assert WORDS not in olga.text
    await iva.goes("book")
    assert WORDS not in iva.text


async def test_once_for_each_client_is_offered_until_it_is_booked(chat: BareChat) -> None:
    olga, iva, free = Somebody(chat, OWNER), Somebody(chat, IVA), chat.practice.free
    await olga.goes(f"offer/{free.id}")
    await olga.taps("Who can book it")
    await olga.fills(once_per_client="1", new_clients_only="0")
    olga.sees("Each client can book it once.")
    await iva.goes("book")
    iva.sees("[Intro")
    first, *_others, last = await chat.practice.starts(free, chat.practice.now())
    await iva.goes(f"review/{free.id}/1/{first:%Y%m%dT%H%MZ}")
    other = f"review/{free.id}/1/{last:%Y%m%dT%H%MZ}"
    await iva.taps("Book it")
    iva.sees("Booked: Intro")
    await iva.goes("book")
    assert "Intro" not in iva.text
    for address in (f"days/{free.id}/1", f"days/{free.id}/1/{last.date()}", f"times/{free.id}/1/{last.date()}",
                    f"offer-of/{free.id}", other):  # fmt: skip
        await iva.goes(address)
        iva.sees("Each client can book this once, and you have booked it.")


async def test_who_is_a_client_already_is_told_whom_it_is_for(chat: BareChat) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    for offer in (chat.practice.free, chat.practice.paid):
        await olga.goes(f"offer/{offer.id}/edit/who")
        await olga.fills(once_per_client="0", new_clients_only="1")
    olga.sees("Only for new clients, who have booked nothing so far.")
    await chat.booked(IVA)
    await iva.goes("book")
    iva.sees("This is for new clients, and you are one of ours already.", "[My sessions]")
