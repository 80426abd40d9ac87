"""An owner gives, adjusts and extends the credits of a client, with a reason that the client reads."""

from bot.chat.address import address
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, done

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en")


async def given(chat: BareChat, validity: str = "2 months") -> Somebody:
    """The owner, who gave Iva four sessions."""
    iva, owner = await chat.practice.meet(IVA), Somebody(chat, OWNER)
    await owner.goes(address("client-credits", iva.id))
    owner.sees("Iva has no credits.")
    await owner.taps("Give credits")
    await owner.fills(offer=str(chat.practice.paid.id), sessions="4", validity=validity, why="Welcome")
    return owner


async def test_credits_are_given_with_a_reason_and_can_be_booked_with(chat: BareChat) -> None:
    owner = await given(chat)
    owner.sees(
        "Credits: Single × 4", "Iva", "4 sessions left", "Valid until", "given by the practice (Welcome). 4 left."
    )
    [(_person, told, _state)] = await chat.practice.notices("credits-changed")
    iva = Somebody(chat, IVA)
    await iva.goes(told)
    iva.sees("The practice gave you 4 sessions", "Reason: Welcome")
    await iva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, await chat.next_start(True)))
    iva.sees("Uses 1 of 4, valid to")


async def test_they_are_adjusted_both_ways_and_never_below_none(chat: BareChat) -> None:
    owner = await given(chat)
    for by, left, words in (("-1", 3, "1 taken away"), ("+2", 5, "2 added")):
        await owner.taps("Adjust")
        await owner.fills(by=by, why="Talked about it")
        owner.sees(f"{left} sessions left", f"{words} (Talked about it). {left} left.")
    await owner.taps("Adjust")
    turn = await owner.turn()
    form = owner.screen.form
    assert form is not None
    for too_many, why_not in ((-6, "5 are left, and no more"), (996, "5 are left, and 1000 is the most")):
        assert why_not in str(await chat.router.send(turn, form.to, {"by": too_many, "why": "Too many"}))
    await owner.goes("audit")
    owner.sees("Package Single × 4 (Iva) was given its credits")
    assert [act for act in await chat.practice.trail() if act.startswith("credit.")] == [
        "credit.granted", "credit.adjusted", "credit.adjusted",
    ]  # fmt: skip


async def test_one_extension_and_no_second(chat: BareChat) -> None:
    owner = await given(chat)
    await owner.taps("Extend")
    await owner.fills(day="30 June 2027", why="Was ill")
    owner.sees("Extended.", "Extended: Was ill", "30 June 2027")
    assert "[Extend]" not in owner.text
    *_given, (_person, told, _state) = await chat.practice.notices("credits-changed")
    iva = Somebody(chat, IVA)
    await iva.goes(told)
    iva.sees("The practice extended your credits.", "Reason: Was ill")


async def test_nobody_else_sees_or_changes_them(chat: BareChat) -> None:
    await given(chat)
    iva = Somebody(chat, IVA)
    for to in ("grant/1", "grant/1/adjust", "client-credits/1", "client-credits/1/give"):
        await iva.goes(to)
        assert "Single × 4" not in iva.text
        assert iva.screen.form is None


async def test_many_are_read_page_by_page(chat: BareChat) -> None:
    iva, offer = await chat.practice.meet(IVA), chat.practice.paid
    for number in range(1, 8):
        act = await chat.practice.act(OWNER, chat.practice.now())
        done(await chat.desk.client_credits.give(act, iva.id, offer.id, number, None, "Welcome"))
    owner = Somebody(chat, OWNER)
    await owner.goes(address("client-credits", iva.id))
    owner.sees("[Single × 7]", "[Single × 2]")
    assert "[Single × 1]" not in owner.text
    await owner.taps("Older credits")
    owner.sees("[Single × 1]", "[Newer credits]")
    assert "[Single × 2]" not in owner.text
