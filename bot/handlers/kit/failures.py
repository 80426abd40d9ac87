"""What a person reads when something unexpected happened: what is safe, what to do, and a short reference."""

from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.words import _
from bot.domain.people.people import Role
from bot.domain.people.permissions import Permission, roles_with


def unexpected(reference: str) -> Screen:
    return Screen(
        _("Something went wrong on our side"),
        (
            Line(_("Nothing was lost: what you booked and paid is as it was. /sessions shows how it stands.")),
            Line(_("Try once more. If it happens again, give this reference to your coach: {ref}", ref=reference)),
        ),
        ((Button(_("My sessions"), "sessions"), Button(_("Start again"), "start")),),
    )


def too_much() -> Screen:
    """The page for somebody who asks faster than others can be answered beside them."""
    return Screen(
        _("One moment, please"),
        (Line(_("That was a lot at once, and others are waiting. Nothing was changed; try again in a few seconds.")),),
        ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),),
    )


def for_others(command: str, permission: Permission) -> Screen:
    """The page for a command that this person may not use: that it exists is no secret."""
    if roles_with(permission) == {Role.OWNER}:
        words = _("{command} is for the owner of the practice. Help shows what you can do here.", command=command)
    else:
        words = _("{command} is for coaches. Help shows what you can do here.", command=command)
    return Screen(
        _("This is not for you"),
        (Line(words),),
        ((Button(_("Help"), "help"), Button(_("Start"), "start")),),
    )


def missing() -> Screen:
    """The page for something that is not there or not theirs: both look the same. A notice of it is not sent."""
    return Screen(
        _("This is no longer here"),
        (Line(_("It was changed or ended, or it was never for this chat."), Tone.NORMAL),),
        ((Button(_("Book a session"), "book"), Button(_("My sessions"), "sessions")),),
        over=True,
    )
