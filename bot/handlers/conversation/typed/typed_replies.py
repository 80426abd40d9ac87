"""Words that answer a message of somebody else are offered as a reply, and go out by a tap."""

from dataclasses import replace

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.refusals import Refusal
from bot.handlers.bookings.messages import LONGEST
from bot.handlers.kit import failures, refusals
from bot.services.bookings.client_messages import Passed
from bot.services.desk import Desk

KIND = "reply"


async def pointed_at(turn: Turn, desk: Desk, message_ref: str | None) -> str | None:
    """The page that offers the reply to the message which the person chose to answer."""
    if message_ref is None:
        return None
    return await _offered(turn, desk, await desk.messages.to_answer(turn.account, turn.now, message_ref))


async def just_now(turn: Turn, desk: Desk) -> str | None:
    """As `pointed_at`, for words that mean nothing else, soon after a message came."""
    return await _offered(turn, desk, await desk.messages.to_answer(turn.account, turn.now))


async def _offered(turn: Turn, desk: Desk, message: int | None) -> str | None:
    text = shorten(turn.text.strip(), LONGEST)
    if message is None or not text or await desk.messages.find(turn.person, message, turn.now) is None:
        return None
    kept = await desk.drafts.keep(turn.act("reply/{id}"), KIND, {"message": message, "text": text})
    return None if isinstance(kept, Refusal) else kept.next


async def page(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    found = await _draft(turn, desk, draft)
    if found is None:
        return failures.missing()
    passed, text = found
    send = turn.do("reply", draft, "send", stated=(passed.message.id,))
    answered = _("It is an answer to: “{text}”", text=shorten(passed.message.text, 200))
    return Screen(
        _("Send this to {name}?", name=passed.from_name),
        (Line(text, Tone.STRONG), Line(answered, Tone.QUIET)),
        ((Button(_("Send as a reply"), send, Style.SUCCESS), Button(_("Do not send"), "start")),),
    )


async def send(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    found = await _draft(turn, desk, draft)
    if found is None:
        return failures.missing()
    passed, text = found
    turn.require(passed.message.id)
    booking = passed.booking.id
    # However often it is tapped, one draft is one message.
    act = replace(turn.act(address("booking", booking)), key=f"reply:{turn.person.id}:{draft}")
    outcome = await desk.messages.send(act, booking, text, passed.message.from_person_id)
    reader = await desk.messages.reader(turn.person, passed.booking, turn.now, passed.message.from_person_id)
    said = _("Sent to {name}.", name=reader.name)
    return refusals.or_next(turn, outcome, address("booking", booking), said)


async def _draft(turn: Turn, desk: Desk, draft: int) -> tuple[Passed, str] | None:
    body = await desk.drafts.find(turn.person.id, draft, KIND, turn.now)
    passed = None if body is None else await desk.messages.find(turn.person, body["message"], turn.now)
    return None if body is None or passed is None else (passed, body["text"])


ROUTES: tuple[Route, ...] = (
    show("reply/{draft:id}", page),
    do("reply/{draft:id}/send", send, back="reply/{draft:id}"),
)
