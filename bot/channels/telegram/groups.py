"""In a group only public facts are shown, with a link into the private chat. Nothing is done there."""

from bot.channels.telegram.inbound import COMMAND_PAYLOAD, START
from bot.chat.channel import Reply
from bot.chat.screen import Line, Link, Row, Screen
from bot.chat.words import _


def for_group(reply: Reply, command: str, username: str | None) -> Screen:
    """What everyone in the group may read. Buttons would act for whoever taps them, so there is only the link."""
    buttons: tuple[Row, ...] = ()
    if username is not None:
        buttons = ((Link(_("Go to our private chat"), private_link(username, command)),),)
    if reply.screen.public:
        return Screen(reply.screen.title, reply.screen.body, buttons)
    words = _("I answer that in private, so that nobody else reads it.")
    return Screen(_("Let us talk in private"), (Line(words),), buttons)


def private_link(username: str, command: str = START) -> str:
    """Opens the private chat and says the command there."""
    name = command.removeprefix("/")
    return f"https://t.me/{username}?start={COMMAND_PAYLOAD}{name}"
