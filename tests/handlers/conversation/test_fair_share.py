"""While there is more to do than can be done at once, who asks the most gives way; else nobody does."""

import asyncio

import sqlalchemy as sa

from bot.chat.channel import Incoming, Reply
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile
from bot.handlers.conversation.chat_front import ChatFront
from bot.handlers.conversation.fair_share import BUSY, PERSON_BURST, WORKSPACE_BURST, FairShare
from storage import tables
from tests.handlers.bare_chat import GUARD, BareChat

THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="de")
MIA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Mia", language="en")


def on_slack(number: int) -> Profile:
    return Profile(Platform.SLACK, "T0AAA", f"U{number}", f"D{number}", f"Person {number}")


def test_with_room_for_all_nobody_is_refused() -> None:
    share = FairShare(lambda: 0.0)
    assert all(share.admits(THEO) for _each in range(3 * PERSON_BURST))


def test_while_there_is_much_to_do_each_has_a_part() -> None:
    now = [0.0]
    share = FairShare(lambda: now[0])
    parts = [share.taking_part() for _each in range(BUSY)]
    for part in parts:
        part.__enter__()
    assert [share.admits(THEO) for _each in range(PERSON_BURST + 1)] == [True] * PERSON_BURST + [False]
    assert share.admits(MIA)
    now[0] = 0.5
    assert [share.admits(THEO) for _each in range(2)] == [True, False]
    parts[0].__exit__(None, None, None)
    assert share.admits(THEO)


def test_a_workspace_has_a_part_too_and_those_of_telegram_share_none() -> None:
    share = FairShare(lambda: 0.0)
    parts = [share.taking_part() for _each in range(BUSY)]
    for part in parts:
        part.__enter__()
    asked = [share.admits(on_slack(number)) for number in range(WORKSPACE_BURST + 1)]
    assert asked == [True] * WORKSPACE_BURST + [False]
    assert share.admits(THEO)


async def test_who_is_turned_away_reads_so_once_and_nothing_is_done(chat: BareChat) -> None:
    front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)
    window = Window(WindowKind.MESSAGE, chat_ref="7001")

    def asks(who: Profile, number: int) -> Incoming:
        return Incoming(who, f"{who.user_ref}:{number}", window, address="settings")

    many = [front.turn(asks(THEO, number)) for number in range(PERSON_BURST + BUSY)]
    others = [front.turn(asks(MIA, number)) for number in range(3)]
    answers = await asyncio.gather(*many, *others)
    titles = [None if each is None else each.screen.title for each in answers]
    turned_away = titles.count("Einen Moment, bitte")
    assert turned_away == 1, titles
    assert titles[: PERSON_BURST + BUSY].count(None) == BUSY - 1
    assert all(isinstance(each, Reply) and each.screen.address == "settings" for each in answers[-3:])


async def test_who_is_turned_away_and_cannot_be_read_is_not_met_with_silence(chat: BareChat) -> None:
    front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)
    met = await chat.desk.people.meet(THEO, chat.practice.now())
    assert met is not None
    strange = sa.update(tables.persons).where(tables.persons.c.id == met.person.id).values(zone="Mars/Olympus")
    await chat.practice.storage.write(lambda tx: tx.execute(strange))
    window = Window(WindowKind.MESSAGE, chat_ref="7001")
    many = [
        front.turn(Incoming(THEO, f"theo:{number}", window, address="settings"))
        for number in range(PERSON_BURST + BUSY)
    ]
    answers = await asyncio.gather(*many)
    titles = [None if each is None else each.screen.title for each in answers]
    assert titles.count("Das kann ich nicht lesen") == PERSON_BURST + 1, titles
