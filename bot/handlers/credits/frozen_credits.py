"""To owners: a part of the price of a package went back past us, and they decide which of its sessions are lost."""

from collections.abc import Awaitable, Callable

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.acts import Act
from bot.domain.credits.freezes import FreezeState
from bot.domain.notices.notices import NoticeKind, address_of, page_of
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Done, Refusal
from bot.handlers.kit import failures, phrases, refusals
from bot.services.credits.frozen import FrozenPage
from bot.services.desk import Desk

PAGE = page_of(NoticeKind.CREDITS_FROZEN)
MAY = Permission.KEEP_EVERY_BOOKING


async def page(turn: Turn, desk: Desk, refund: int) -> Screen | Redirect:
    found = await desk.frozen_credits.page(refund)
    if found is None:
        return failures.missing()
    provider = phrases.provider(desk)
    back, paid = tell.amount(found.refund.amount), tell.amount(found.paid)
    words = _("{back} of {paid} went back to {name} in {provider}.")
    lines = [
        Line(found.name, Tone.STRONG),
        Line(words.format(back=back, paid=paid, name=found.payer_name, provider=provider)),
        Line(_stands(found)),
    ]
    if found.is_gift:
        lines.append(Line(_("It is a gift that nobody has taken yet.")))
    elif found.is_open and found.booked:
        more = ngettext(
            "It is also the price of {n} session that is booked or used: end it by hand, or leave it.",
            "It is also the price of {n} sessions that are booked or used: end them by hand, or leave them.",
            found.booked,
        )
        lines.append(Line(more))
    return Screen(_("A part of a package went back"), tuple(lines), tuple(_rows(turn, found)))


def _stands(found: FrozenPage) -> str:
    number = found.freeze.sessions
    match found.freeze.state:
        case FreezeState.FROZEN:
            return ngettext("{n} unused session is on hold until you decide.",
                            "{n} unused sessions are on hold until you decide.", number)  # fmt: skip
        case FreezeState.TAKEN:
            return ngettext("{n} unused session was taken away.", "{n} unused sessions were taken away.", number)
        case FreezeState.THAWED:
            return _("Nothing is on hold: the sessions can be used.")


def _rows(turn: Turn, found: FrozenPage) -> list[Row]:
    rows: list[Row] = []
    if found.is_open:
        number, stated = found.freeze.sessions, (found.freeze.sessions,)
        take = turn.do("frozen", found.refund.id, "take", stated=stated)
        free = turn.do("frozen", found.refund.id, "free", stated=stated)
        words = ngettext("Take {n} session away", "Take {n} sessions away", number)
        rows = [(Button(words, take, Style.DANGER),), (Button(_("Let them be used"), free),)]
    client = Button(_("All credits"), address("client-credits", found.owner_id))
    if found.is_gift:
        client = Button(_("The client"), address("client", found.owner_id))
    return [*rows, (client, Button(_("Start"), "start"))]


async def take(turn: Turn, desk: Desk, refund: int) -> Screen | Redirect:
    return await _decide(turn, desk, refund, desk.frozen_credits.take)


async def free(turn: Turn, desk: Desk, refund: int) -> Screen | Redirect:
    return await _decide(turn, desk, refund, desk.frozen_credits.free)


async def _decide(
    turn: Turn, desk: Desk, refund: int, change: Callable[[Act, int], Awaitable[Done | Refusal]]
) -> Screen | Redirect:
    found = await desk.frozen_credits.page(refund)
    if found is None:
        return failures.missing()
    turn.require(found.freeze.sessions)
    back = address_of(NoticeKind.CREDITS_FROZEN, refund)
    return refusals.or_next(turn, await change(turn.act(back), refund), back)


ROUTES: tuple[Route, ...] = tuple(
    do(f"frozen/{{refund:id}}/{what}", act, back=f"{PAGE}/{{refund:id}}", permission=MAY)
    for what, act in (("take", take), ("free", free))
)
"""The page itself is that of its notice."""
