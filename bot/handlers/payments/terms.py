"""`/terms` and `/paysupport`: what is sold here and by whom, what becomes of money, and whom to ask about a payment."""

from bot.chat.links import with_links
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk


async def terms(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    name = practice.name or _("this practice")
    lines = [
        Line(_("Sessions and packages are sold by {name}, which gives the sessions itself, live.", name=name)),
        *([Line(", ".join(practice.address.split("\n")))] if practice.address else []),
        Line(_("What it costs, and what moving or cancelling would cost, you read before you agree to it.")),
        Line(_("Cancelled in time, the money or the credit comes back. Cancelled late or missed, it is used.")),
        Line(_("If the practice cancels, you get everything back.")),
        Line(_("Money goes back the way it came. Your bank may need up to ten days.")),
        Line(_("Your card number never reaches this chat: you enter it on a page of the payment provider.")),
        Line(_("About a payment: /paysupport"), Tone.QUIET),
    ]
    return Screen(_("Terms"), tuple(lines), ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),))


async def support(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    lines = [
        Line(_("Each payment and each refund has a receipt, on the page of its session or package.")),
        Line(_("Paid twice, or too late? Such money goes back by itself, and a message here says so.")),
        Line(_("Paid, and nothing happened? Please do not pay again: it is looked up by itself within minutes.")),
        Line(_("For anything else write to the practice. It answers here, and can give money back.")),
    ]
    if practice.contact:
        lines.append(Line(_("Or directly: {contact}", contact=with_links(practice.contact)), Tone.STRONG))
    lines.append(Line(_("Telegram and its support cannot help with purchases made in this bot."), Tone.QUIET))
    rows = (
        (Button(_("Write to the practice"), "human"), Button(_("My sessions"), "sessions")),
        (Button(_("My packages"), "packages"), Button(_("Start"), "start")),
    )
    return Screen(_("Help with a payment"), tuple(lines), rows)


ROUTES: tuple[Route, ...] = (
    show("terms", terms, command="/terms"),
    show("paysupport", support, command="/paysupport"),
)
