"""What a client reads at a limit, before times are shown and after, and how an owner sets limits."""

from bot.chat.forms import read_form
from bot.chat.screen import Invalid
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
FULL = ("You have 2 free sessions ahead, and 2 at a time are the most.", "Nothing was booked now.", "[My sessions]")


async def test_a_limit_is_said_before_times_are_shown(chat: BareChat) -> None:
    iva, free = Somebody(chat, IVA), chat.practice.free
    first, second, third, *_others = (await chat.practice.starts(free, chat.practice.now()))[::4]
    for at in (first, second):
        await iva.goes(f"review/{free.id}/1/{at:%Y%m%dT%H%MZ}")
        await iva.taps("Book it")
        iva.sees("Booked: Intro")
    for address in ("days", f"days/{third.date()}", f"times/{third.date()}", "review"):
        head, _, day = address.partition("/")
        tail = f"{third:%Y%m%dT%H%MZ}" if head == "review" else day
        await iva.goes("/".join(filter(None, (head, str(free.id), "1", tail))))
        iva.sees(*FULL)
    await iva.goes(f"offer-of/{free.id}")
    iva.sees(*FULL)
    await iva.taps("My sessions")
    iva.sees("Your sessions")


async def test_an_owner_sets_limits_which_count_from_then_on(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    await olga.taps("Limits for a client")
    olga.sees("Free sessions ahead: 2", "Wrong codes in ten minutes: 5")
    await olga.taps("Change them")
    form = olga.screen.form
    assert form is not None
    _values, errors = read_form(form, {"free": "0"})
    assert errors["free"] == "Use a number from 1 to 1000."
    await olga.fills(free="3", of_offer="4", standing="10", waits="5", holds="20", messages="40", wrong_codes="5")
    olga.sees("Saved.", "Free sessions ahead: 3")
    await olga.goes("audit")
    olga.sees("The limits for a client were changed", "free sessions ahead: 2 → 3")


async def test_who_typed_too_many_wrong_codes_reads_when_to_try_again(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("coach/join")
    form = iva.screen.form
    assert form is not None
    said = []
    for _wrong in range(6):
        answer = await chat.router.send(await iva.turn(), form.to, {"code": "abcdefghjk"})
        assert isinstance(answer, Invalid)
        said.append(answer.errors["code"])
    assert all("Ask for a new one." in words for words in said[:5])
    assert said[5] == "Too many wrong codes. I did not check this one. Try again in 10 minutes."
