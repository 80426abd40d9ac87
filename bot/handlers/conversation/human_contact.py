"""Whom to turn to beyond the bot: the practice's contact, or the page on which one writes to them."""

from bot.chat.links import with_links
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.services.desk import Desk


async def under_help(turn: Turn, desk: Desk) -> str:
    """Until a contact is set, coaches are led to the owners, and owners to where it is set."""
    contact = (await desk.practice.get(turn.generation)).contact
    if contact:
        return _("To reach a human: {contact}", contact=with_links(contact))
    if turn.may(Permission.SET_UP):
        return _("Clients find no human contact here yet. Set one: /setup, Practice, Human contact.")
    if turn.may(Permission.WORK_HERE):
        owners = ", ".join(person.name for person in await desk.people.owners())
        return _("To reach a human, ask the owner of the practice: {names}", names=owners)
    if not await desk.people.owners():
        return _("To reach a human, ask whoever sent you here.")
    return _("To reach a human, tap “Talk to a human”, or type: human.")


async def not_understood(turn: Turn, desk: Desk) -> str | None:
    """For somebody whom the bot fails to understand; None for staff without a contact, who know whom to ask."""
    contact = (await desk.practice.get()).contact
    if contact:
        return _("For a human, write to {contact}.", contact=with_links(contact))
    if turn.may(Permission.WORK_HERE):
        return None
    if not await desk.people.owners():
        return _("For a human, ask whoever sent you here.")
    return _("For a human, type: human.")
