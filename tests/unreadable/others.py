"""What everybody does in a practice while one row of it is broken, and whether it works."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from bot import sweeps
from bot.chat.channel import Incoming, Reply
from bot.chat.screen import Button
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile
from tests.fuzz.story import OWN
from tests.fuzz.world import World
from tests.handlers.bare_chat import as_text
from tests.handlers.conversation.crowded import IVA, THEO
from tests.services.bare_practice import ANA, CLIENT, OWNER

PAGES = {
    CLIENT: ("/book", "/sessions", "/settings", "past", "home", "with/1"),
    THEO: ("/sessions", "past", "/book"),
    IVA: ("/sessions", "past", "home"),
    ANA: ("/today", "/clients", "/availability", "/coach", "home"),
    OWNER: ("/today", "/clients", "agenda", "/availability", "home"),
    OWN: ("/audit", "/setup", "today/all", "clients/all", "team", "offers", "workspaces", "invite"),
}
FAULT = "Something went wrong on our side"
WAY = (r"offer-of/1|days/1/.*", r"times/1/.*", r"review/1/.*", r"hold/1/.*")
"""The addresses of the buttons from the first page to a booked session."""

REFERENCE = re.compile(r"\b[A-Z2-9]{6}\b")


@dataclass(frozen=True)
class Trouble:
    """Who or what did not work, and what is known of why."""

    where: str
    why: str


class Everybody:
    def __init__(self, world: World) -> None:
        self._world = world
        self._keys = itertools.count()

    async def turn(self, who: Profile, to: str) -> Reply | None:
        chat = who.chat_ref
        window = Window(WindowKind.HOME if to == "home" else WindowKind.MESSAGE, chat)
        update = Incoming(who, f"everybody:{next(self._keys)}", window)
        said: dict[str, object] = {"command": to, "text": ""} if to.startswith("/") else {"address": to}
        if to == "home" and who.platform is Platform.SLACK:
            said = {"home": True}
        return await self._world.house.front.turn(Incoming(**{**vars(update), **said}))

    async def pages(self, who: Profile) -> list[Trouble]:
        """The pages of this person that fail."""
        found = []
        for to in PAGES[who]:
            try:
                reply = await self.turn(who, to)
            except Exception as error:  # noqa: BLE001
                found.append(Trouble(f"{who.name} {to}", repr(error)))
                continue
            if reply is None:
                found.append(Trouble(f"{who.name} {to}", "silence"))
            elif FAULT in reply.screen.title:
                found.append(Trouble(f"{who.name} {to}", as_text(reply.screen)))
        return found

    async def sweeps(self) -> list[Trouble]:
        """The sweeps that fail."""
        found = []
        for sweep in sweeps.all_sweeps(self._world.house):
            try:
                await sweep.run()
            except Exception as error:  # noqa: BLE001
                found.append(Trouble(f"sweep {sweep.name}", repr(error)))
        return found

    async def page(self, who: Profile, to: str) -> Reply:
        """As `turn`, where there is an answer."""
        reply = await self.turn(who, to)
        assert reply is not None
        return reply

    async def books(self, who: Profile) -> list[Trouble]:
        """Book a free session by buttons alone."""
        reply = await self.page(who, "/book")
        for way in WAY:
            buttons = [each for row in reply.screen.buttons for each in row if isinstance(each, Button)]
            following = next((each.to for each in buttons if re.fullmatch(way, each.to)), None)
            if following is not None:
                reply = await self.page(who, following)
        if reply.screen.kept is not None:
            return []
        return [Trouble(f"{who.name} books", as_text(reply.screen))]

    async def person_id(self, who: Profile) -> int:
        return (await self.page(who, "/sessions")).account.person_id


def database(world: World) -> Path:
    return world.folder / "live.db"
