"""An address that somebody was given to use can be tapped, and is copied as it was written, on both platforms."""

import json

from bot.channels.slack import render
from bot.channels.telegram.render import draw
from bot.chat.address import address
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.offers import Place, PlaceKind
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, done

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
DESK = "front.desk@harbour.example"
PAGE = "https://harbour.example/first.steps"


def can_be_used(person: Somebody, words: str) -> None:
    """`words` is on the screen, as a link of each platform's."""
    assert words in draw(person.screen).html, person.text
    link = f"<mailto:{words}|{words}>" if "@" in words else f"<{words}>"
    assert link in json.dumps(render.message(person.screen), ensure_ascii=False), person.text


async def test_the_contact_of_the_practice_can_be_written_to(chat: BareChat) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await olga.goes("setup/contact/form")
    await olga.fills(answer=DESK)
    can_be_used(olga, DESK)
    await chat.booked(IVA)
    for page in ("help", "typed/human"):
        await iva.goes(page)
        can_be_used(iva, DESK)


async def test_what_the_practice_says_of_itself_can_be_followed(chat: BareChat) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    offer = chat.practice.free.id
    await olga.goes(f"offer/{offer}/edit/description")
    await olga.fills(description=f"Read {PAGE}, or ask {DESK}.")
    for page in (f"offer/{offer}", f"share/offer/{offer}"):
        await olga.goes(page)
        can_be_used(olga, DESK)
        can_be_used(olga, PAGE)
    await iva.goes("book")
    can_be_used(iva, DESK)


async def test_what_people_write_to_each_other_can_be_used(chat: BareChat) -> None:
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    at_hers = Place(PlaceKind.ADDRESS, f"Harbour 1, ring {DESK}")
    done(await chat.desk.coaches.set_place(await chat.practice.act(OWNER), chat.practice.coach_id, at_hers))
    booking = await chat.booked(IVA)
    await iva.goes(address("booking", booking.id))
    can_be_used(iva, DESK)
    await iva.goes(address("write", booking.id))
    await iva.fills(text=f"It is all at {PAGE}; my own address is iva@mail.example.")
    [(_person, written, *_rest)] = await chat.practice.notices("message")
    await olga.goes(written)
    can_be_used(olga, "iva@mail.example")
    can_be_used(olga, PAGE)
    await olga.goes(address("coach-cancel", booking.id))
    await olga.fills(reason=f"A cold. Write to {DESK}")
    await olga.taps("Cancel session")
    await iva.goes(address("booking", booking.id))
    can_be_used(iva, DESK)
