"""`/calendar`: a link is made, shown again, replaced and switched off."""

from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def link_of(chat: BareChat, who: Profile) -> str | None:
    met = await chat.practice.meet(who, chat.practice.now())
    return (await chat.desk.feeds.of(met)).url


async def test_a_client_makes_replaces_and_ends_their_link(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("calendar")
    iva.sees("With a private link", "[Make my link]")
    assert "names" not in iva.text
    await iva.taps("Make my link")
    first = await link_of(chat, IVA)
    iva.sees("This is your link.", first or "-", "keep it to yourself", "[New link]", "[Switch off]")
    assert [each.text for each in iva.links] == ["Subscribe in Google"]
    await iva.goes("calendar")
    iva.sees(first or "-")
    await iva.taps("New link")
    iva.sees("stops working at once", "[Keep it]")
    again = iva.button("Make a new one").to
    await iva.goes(again)
    second = await link_of(chat, IVA)
    assert second not in (None, first)
    iva.sees("The old one works no more.", second or "-")
    chat.practice.advance(minutes=1)
    await iva.goes(again)  # a button that was about the first link
    assert await link_of(chat, IVA) == second
    await iva.taps("Switch off")
    await iva.taps("Switch off")
    iva.sees("Switched off", "[Make my link]")
    assert await link_of(chat, IVA) is None


async def test_a_coach_says_whether_names_stand_in_it(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("calendar")
    olga.sees("The sessions that you give are in it, too.", "names do not stand in your calendar")
    await olga.taps("Show clients' names")
    olga.sees("Your clients' names stand in your calendar.")
    await olga.taps("Hide clients' names")
    olga.sees("names do not stand in your calendar")
    await Somebody(chat, IVA).goes("calendar/names/shown/aaaaaaaa")
    iva = await chat.practice.meet(IVA, chat.practice.now())
    assert not (await chat.desk.feeds.of(iva)).names
