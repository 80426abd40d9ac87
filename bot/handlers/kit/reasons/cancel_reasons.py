"""Why a session is cancelled for the practice: the question, and the answer that is kept until all is confirmed."""

from dataclasses import dataclass

from bot.chat.screen import Choice, Field
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.reasons import Reason, Usual
from bot.domain.refusals import Done, Refusal
from bot.handlers.kit import endings
from bot.services.desk import Desk

DRAFT = "cancelling"
LONGEST = 300


@dataclass(frozen=True)
class Kept:
    """`booking`: the session whose cancel it was given for; None in those that an older process kept."""

    reason: Reason
    booking: int | None


def asked(turn: Turn, booking: Booking) -> Field:
    return Field(
        "reason",
        _("Why are you cancelling?"),
        hint=_("{name} reads it. Nothing is cancelled yet.", name=booking.client_name),
        choices=tuple(Choice(reason, reason) for reason in _usual(turn, booking).values()),
        max_length=LONGEST,
    )


async def keep(turn: Turn, desk: Desk, booking: Booking, words: str, following: str) -> Done | Refusal:
    """`{id}` in `following` is the draft."""
    usual = _usual(turn, booking).items()
    chosen = next((which for which, said in usual if said.casefold() == words.casefold()), None)
    body = {"reason": words, "usual": chosen, "booking": booking.id}
    return await desk.drafts.keep(turn.act(following), DRAFT, body)


async def find(turn: Turn, desk: Desk, draft: int) -> Kept | None:
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if body is None:
        return None
    usual = body.get("usual")
    return Kept(Reason(str(body["reason"]), None if usual is None else Usual(usual)), body.get("booking"))


def _usual(turn: Turn, booking: Booking) -> dict[Usual, str]:
    """The reasons to choose from, as this person says them."""
    own = turn.person.id == booking.coach_person_id
    return {which: endings.usual(which, booking, own=own) for which in Usual}
