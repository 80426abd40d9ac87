"""Whoever has no session writes to the practice, whose owner reads it and answers; no address is shown."""

from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, FieldKind, Form, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.handlers.bookings.messages import LONGEST
from bot.handlers.kit import failures, refusals
from bot.services.desk import Desk


async def ask(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    name = practice.name or _("the practice")
    return _form(turn.do("ask", "send"), name, "human")


def _form(to: str, name: str, cancel_to: str) -> Screen:
    hint = _("It reaches them in their own chat, with your name. Your contact details stay hidden.")
    asked = Field("text", _("Your message to {name}", name=name), FieldKind.LONG, hint=hint, max_length=LONGEST)
    return Screen(_("Write a message"), (), (), form=Form(to, (asked,), _("Send"), cancel_to=cancel_to))


def _text(turn: Turn) -> str:
    return str(turn.values["text"]).strip()


async def send(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    text = _text(turn)
    if not text:
        return Redirect("ask")
    said = _("Sent. The answer comes here.")
    return refusals.or_next(turn, await desk.letters.ask(turn.act("start"), text), "start", said)


async def letter(turn: Turn, desk: Desk, letter: int) -> Screen:
    """Shows a letter with Reply, to its recipient and to its writer; what one owner answered, to the others."""
    found = await desk.letters.find(turn.person, letter)
    if found is None:
        return failures.missing()
    if not found.is_of(turn.person):
        title = _("{name} answered {to}", name=found.from_name, to=found.to_name)
        return Screen(title, (Line(with_links(found.letter.text), Tone.STRONG),), ((Button(_("Start"), "start"),),))
    own = found.letter.from_person_id == turn.person.id
    title = _("You wrote to {name}", name=found.to_name) if own else _("{name} writes", name=found.from_name)
    words = _("Write again") if own else _("Reply")
    row = (Button(words, address("answer-letter", letter)), Button(_("Start"), "start"))
    return Screen(title, (Line(with_links(found.letter.text), Tone.STRONG),), (row,))


async def answer(turn: Turn, desk: Desk, letter: int) -> Screen:
    found = await desk.letters.find(turn.person, letter)
    if found is None or not found.is_of(turn.person):
        return failures.missing()
    name = found.to_name if found.letter.from_person_id == turn.person.id else found.from_name
    return _form(turn.do("answer-letter", letter, "send"), name, address("letter", letter))


async def send_answer(turn: Turn, desk: Desk, letter: int) -> Screen | Redirect:
    turn.require()
    text = _text(turn)
    if not text:
        return Redirect(address("answer-letter", letter))
    outcome = await desk.letters.answer(turn.act("letter/{id}"), letter, text)
    return refusals.or_next(turn, outcome, address("letter", letter), _("Sent."))


ROUTES: tuple[Route, ...] = (
    show("ask", ask),
    do("ask/send", send, back="ask"),
    show("answer-letter/{letter:id}", answer),
    do("answer-letter/{letter:id}/send", send_answer, back="answer-letter/{letter:id}"),
)
