"""Who is in the practice at which the payloads go, and what has happened there."""

from datetime import timedelta

from bot.domain.people.people import Platform, Profile
from bot.services.practice.workspaces import Installation
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA, THEO, crowded
from tests.services.bare_practice import ANA, CLIENT, OWNER, made

TEAM = "T0AAA"
OWN = Profile(Platform.SLACK, TEAM, "U0OWN", "D0OWN", "Otto Owner", language="en", zone="Europe/Vienna")
NEW_SLACK = Profile(Platform.SLACK, TEAM, "U0NEW", "D0NEW", "Nora New", language="en", zone="Europe/London")
NEW_TELEGRAM = Profile(Platform.TELEGRAM, "", "9009", "9009", "Nick New", language="en")
STAFF_CAST = (OWNER, OWN, ANA, NEW_TELEGRAM)
"""The last one is invited to coach."""

CAST = (*STAFF_CAST, IVA, THEO, CLIENT, NEW_SLACK)


async def told(chat: BareChat) -> list[str]:
    """Tells it, and gives the addresses where it can be seen."""
    seeds = await crowded(chat)
    for who in CAST:
        await Somebody(chat, who).goes("start")
    till = chat.practice
    invited = await till.invite()
    made(await chat.desk.invitations.accept(await till.act(ANA, till.now()), invited.token))
    await till.invite()
    picked = await till.invite(await _account(chat, NEW_TELEGRAM))
    await till.workspaces.installed(Installation("T0BBB", "Harbour", "xoxb-harbour"), till.now())
    booked = await chat.booked(THEO, timedelta(days=7))
    at = await chat.next_start(True, timedelta(days=8))
    held = made(await till.try_hold(THEO, till.paid, at, till.now()))
    await till.page(await till.found(held))
    for booking in range(1, held):
        await till.payments.ready(booking, till.now())
    return [*seeds, f"booking/{booked.id}", f"hold/{held}", f"invited/{picked.id}", "home",
            *await _begun(chat, booked.id)]  # fmt: skip


async def _account(chat: BareChat, who: Profile) -> int:
    met = await chat.desk.people.meet(who, chat.practice.now())
    assert met is not None
    return met.account.id


async def _begun(chat: BareChat, booking: int) -> list[str]:
    """What the owner filled in and has not confirmed yet; the other coach pauses."""
    owner = Somebody(chat, OWNER)
    await owner.goes("team/2")
    await owner.taps("Pause")
    begun = []
    for at in ("hours/line", f"coach-cancel/{booking}", "team/1/remove"):
        form = (await owner.goes(at)).form
        assert form is not None
        filled = {each.name: each.choices[0].value if each.choices else "mon-fri 8-12" for each in form.fields}
        begun.append((await owner.fills(**filled)).address or "")
    return begun
