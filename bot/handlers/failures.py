"""What a person reads when something unexpected happened: what is safe, what to do, and a short reference."""

from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.words import _


def unexpected(reference: str) -> Screen:
    return Screen(
        _("Something went wrong on our side"),
        (
            Line(_("Nothing was lost: what you booked and paid is as it was. /sessions shows how it stands.")),
            Line(_("Try once more. If it happens again, give this reference to your coach: {ref}", ref=reference)),
        ),
        ((Button(_("My sessions"), "sessions"), Button(_("Start again"), "start")),),
    )


def missing() -> Screen:
    """Not there and not yours get the same answer."""
    return Screen(
        _("This is not here any more"),
        (Line(_("It was changed or ended, or it was never for this chat."), Tone.NORMAL),),
        ((Button(_("Book a session"), "book"), Button(_("My sessions"), "sessions")),),
    )
