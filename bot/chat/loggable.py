"""What is logged of something that a person said or did: ids. What is not of our making is told by its length, since it
may hold anybody's words."""

from typing import Any

from bot.chat.channel import Incoming
from bot.chat.router import Router
from bot.logs import unless_odd

BESIDE_ROUTES = {"/start", "/rapport"}
"""Commands of ours that no route has."""


def ids(router: Router[Any], incoming: Incoming) -> dict[str, Any]:
    command = incoming.command
    known = command is None or command in router.commands or command in BESIDE_ROUTES
    return {
        "key": unless_odd(incoming.key),
        "address": None if incoming.address is None else _address(router, incoming.address),
        "command": command if known else len(command or ""),
        "window": incoming.window.kind.value,
    }


def _address(router: Router[Any], to: str) -> str | int:
    """Without its tag, and with the length of each word that stands for something, such as a code."""
    found = router.find(to)
    if found is None:
        return len(to)
    words = {value for value in found.arguments.values() if isinstance(value, str)}
    return "/".join(f"({len(each)})" if each in words else each for each in found.bare.split("/"))
