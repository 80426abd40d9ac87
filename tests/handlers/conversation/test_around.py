"""The first screen, help, settings and home, for each role."""

from dataclasses import replace

from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.practice import Deployment
from bot.services.people.people import People
from bot.services.practice.practice import PracticeService
from storage.engine import Storage
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import CLIENT, OWNER, done

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def test_the_first_screen_has_three_verbs(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("start")
    offers = ["Intro · 50 minutes · free", "Single · 50 minutes · €45.00"]
    assert [button.text for button in iva.buttons] == [*offers, "My sessions", "Help"]
    iva.sees("a bot")


async def test_a_first_word_shows_what_is_next_and_a_group_reads_nothing_of_it(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    booked = await chat.booked(IVA)
    await iva.goes("start")
    iva.sees("Your next session: Intro with Olga Owner", "(Kyiv)", "[Same as last time: ", "[Book a session]")
    assert iva.button("Details of").to == f"booking/{booked.id}"
    turn = replace(await iva.turn(), window=Window(WindowKind.MESSAGE, private=False))
    seen = await chat.router.visit(turn, "start")
    assert seen.public
    assert [button.text for row in seen.buttons for button in row] == ["Book a session", "My sessions", "Help"]
    assert "Intro" not in as_text(seen)


async def test_an_installation_without_an_owner_says_the_exact_setting(chat: BareChat, empty: Storage) -> None:
    nobodys = Deployment("https://example.test/", payments_on=True, has_owner=False)
    people, practice = People(empty), PracticeService(empty, nobodys)
    chat.use(replace(chat.desk, deployment=nobodys, people=people, practice=practice))
    for who, line in ((THEO, "OWNERS=telegram:7001"), (IVA, "OWNERS=slack:T0AAA:U0IVA")):
        somebody = Somebody(chat, who)
        await somebody.goes("start")
        somebody.sees(line, who.user_ref)
        seen = await chat.notice(who, "owners")
        assert seen is not None
        assert line in as_text(seen)


async def test_before_it_is_open_clients_are_told_and_owners_led_on(chat: BareChat, empty: Storage) -> None:
    people = People(empty, [("telegram", "", OWNER.user_ref)])
    practice = PracticeService(empty, chat.desk.deployment)
    chat.use(replace(chat.desk, people=people, practice=practice))
    theo, olga = Somebody(chat, THEO), Somebody(chat, OWNER)
    for address in ("start", "book", "home"):
        await theo.goes(address)
        theo.sees("The practice is not open yet. I will write to you here", "[Help]")
    await olga.goes("start")
    olga.sees("[Set up the practice]")


async def test_help_names_the_commands_of_the_role_and_a_human(chat: BareChat) -> None:
    done(await chat.desk.practice.set_contact(await chat.practice.act(OWNER), "desk@example.test"))
    iva, olga = Somebody(chat, IVA), Somebody(chat, OWNER)
    await iva.goes("help")
    iva.sees("/book", "/sessions", "/gifts", "/settings", "/rapport book", "desk@example.test")
    assert len(iva.screen.body) == 5
    assert "/setup" not in iva.text
    assert "/today" not in iva.text
    await olga.goes("help")
    olga.sees("/setup", "/audit", "/today", "/availability")
    assert len(olga.screen.body) == 5
    await iva.goes("settings")
    iva.sees("booked from another account")


async def test_a_language_counts_from_the_next_screen_on(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings")
    theo.sees("Language: English", "Time zone: not known yet", "Reminders: 24 hours and 1 hour before")
    await theo.taps("Language")
    await theo.taps("Deutsch")
    assert (await theo.turn()).person.language == "de"
    assert "Deutsch" in theo.text


async def test_a_zone_is_changed_in_the_settings(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("settings")
    iva.sees("Time zone: Kyiv")
    await iva.taps("Change zone")
    await iva.taps("Another city or time")
    await iva.fills(where="Munich")
    iva.sees("Time zone: Berlin")


async def test_home_of_a_client(chat: BareChat) -> None:
    await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    await iva.goes("home")
    iva.sees("Olga's practice", "Your next sessions", "Intro with Olga Owner", "[Book a session]", "[Help]")


async def test_home_of_a_coach(chat: BareChat) -> None:
    await chat.booked(CLIENT)
    olga = Somebody(chat, OWNER)
    await olga.goes("home")
    olga.sees("No sessions on this day", "Intro with", "[My hours]", "[Clients]", "[Practice]")


async def test_roles_decide_what_is_shown(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    for address in ("today", "hours", "clients", "setup", "coach"):
        await iva.goes(address)
        iva.sees("This is no longer here")


async def test_dates_at_the_end_of_the_calendar_are_no_addresses(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    offer = chat.practice.free.id
    for address in (f"days/{offer}/0/9999-12-31", f"review/{offer}/0/00010101T0000Z", "when/9999-12-31"):
        await iva.goes(address)
        iva.sees("This is no longer here")
