"""The router: an address is looked up, the permission is checked, a do is done once, and a screen comes out.

A `show` route writes nothing, calls nobody and can be repeated. A `do` route changes something once: its address ends
in a tag, its handler begins with `turn.require(...)`, and it returns the address to show next.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from bot.chat.address import Pattern, Segment
from bot.chat.screen import Invalid, Redirect, Screen
from bot.chat.turn import Stale, Turn
from bot.chat.words import _, speak
from bot.domain.acts import tap_key
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission

D = TypeVar("D")
Answer = Screen | Redirect | Invalid
Handler = Callable[..., Awaitable[Answer]]
Finish = Callable[[Turn, Any, str], Awaitable[bool]]

MAX_REDIRECTS = 8


class RouteKind(StrEnum):
    SHOW = "show"
    DO = "do"


@dataclass(frozen=True)
class Route:
    """`back` is the show pattern visited when a do's button is stale.

    `command` is the slash command with its slash; where words follow it they fill the first field of the form
    found at the address `words`. `changes_person` is False for an act that leaves its person as they were: zone,
    language and roles need not be read again.

    `finish` does what belongs to an act and cannot be part of its transaction, such as a call to a vendor; it returns
    whether there was anything to do. It gets the address that the act leads to, before that is shown. A second delivery
    of the act calls it again, since a process may have died between the two.
    """

    kind: RouteKind
    pattern: Pattern
    handler: Handler
    permission: Permission = Permission.BOOK
    command: str | None = None
    back: Pattern | None = None
    words: str | None = None
    changes_person: bool = True
    finish: Finish | None = None


def show(
    pattern: str,
    handler: Handler,
    *,
    permission: Permission = Permission.BOOK,
    command: str | None = None,
    words: str | None = None,
) -> Route:
    return Route(RouteKind.SHOW, Pattern(pattern), handler, permission, command, words=words)


def do(
    pattern: str,
    handler: Handler,
    *,
    back: str,
    permission: Permission = Permission.BOOK,
    changes_person: bool = True,
    finish: Finish | None = None,
) -> Route:
    own, backwards = Pattern(pattern), Pattern(back)
    return Route(RouteKind.DO, own, handler, permission, None, backwards, changes_person=changes_person, finish=finish)


class TooManyRedirects(RuntimeError):
    """Screens lead to each other in a circle: a mistake of ours."""


@dataclass(frozen=True)
class Found:
    route: Route
    arguments: dict[str, Segment]
    bare: str
    tag: str


class _Answers(dict[str, object]):
    """A form's answers. A do that is reached without one that it needs came from no form of ours: it does nothing."""

    def __missing__(self, name: str) -> object:
        raise Stale


class Router(Generic[D]):
    """`seen` answers which address an update has led to by now, or None.

    `person` reads a person again: what is shown after a do is shown to who they are by then, since the act may
    have changed their zone, language or roles.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        desk: D,
        *,
        seen: Callable[[str], Awaitable[str | None]],
        missing: Callable[[Turn], Screen],
        person: Callable[[int], Awaitable[Person | None]],
    ) -> None:
        self.routes = tuple(routes)
        self._desk = desk
        self.led_to = seen
        self._missing = missing
        self._person = person
        self._by_head: dict[str, list[Route]] = {}
        for route in self.routes:
            self._by_head.setdefault(route.pattern.text.split("/")[0], []).append(route)
        self.commands = {route.command: route for route in self.routes if route.command is not None}

    def find(self, to: str) -> Found | None:
        segments = to.split("/")
        for route in self._by_head.get(segments[0], ()):
            own = segments[:-1] if route.kind is RouteKind.DO else segments
            arguments = route.pattern.match(own)
            if arguments is not None:
                tag = segments[-1] if route.kind is RouteKind.DO else ""
                return Found(route, arguments, "/".join(own), tag)
        return None

    def is_show(self, to: str) -> bool:
        found = self.find(to)
        return found is not None and found.route.kind is RouteKind.SHOW

    def same_route(self, one: str, other: str) -> bool:
        """Whether two addresses lead to the same handler."""
        first, second = self.find(one), self.find(other)
        return first is not None and second is not None and first.route is second.route

    async def visit(self, turn: Turn, to: str) -> Screen:
        """Go to an address as this person."""
        screen = await self.send(turn, to, {})
        assert isinstance(screen, Screen), f"{to} refuses answers that nobody gave"
        return screen

    async def send(self, turn: Turn, to: str, values: dict[str, Any]) -> Screen | Invalid:
        """As `visit`, with a form's answers for the first step."""
        note: str | None = None
        for _step in range(MAX_REDIRECTS):
            found = self.find(to)
            if found is None or not turn.may(found.route.permission):
                return self._missing(turn)
            at = replace(turn, address=found.bare, tag=found.tag, values=_Answers(values))
            answer = await self._handle(at, found)
            if isinstance(answer, Screen):
                return replace(answer, address=to, note=note or answer.note)
            if isinstance(answer, Invalid):
                return answer
            to, note, values = answer.to, answer.note or note, {}
            if found.route.kind is RouteKind.DO:
                turn = replace(turn, generation=None, written=answer.written)
                turn = await self._afterwards(turn) if found.route.changes_person else turn
        raise TooManyRedirects(to)

    async def _afterwards(self, turn: Turn) -> Turn:
        person = await self._person(turn.person.id) or turn.person
        if person.language != turn.person.language:
            speak(person.language)
        return replace(turn, person=person)

    async def _handle(self, turn: Turn, found: Found) -> Answer:
        if found.route.kind is RouteKind.SHOW:
            return await found.route.handler(turn, self._desk, **found.arguments)
        if turn.led_to is not None:
            return await self._finish(turn, found.route, Redirect(turn.led_to))
        try:
            answer = await found.route.handler(turn, self._desk, **found.arguments)
        except Stale:
            answer = None
        if isinstance(answer, Redirect) or (answer is not None and turn.values):
            return await self._finish(turn, found.route, answer)
        before = await self.led_to(turn.key)
        if isinstance(answer, Screen) and (before is not None or turn.button is None):  # made by the act
            return answer
        if before is not None:  # its other copy was faster
            return await self._finish(turn, found.route, Redirect(before))
        done = None if turn.button is None else await self.led_to(tap_key(turn.person.id, turn.button))
        if done is not None:  # refused, since an earlier tap on this very button did it
            return Redirect(done, _("Done already. This is how things stand now."))
        if isinstance(answer, Screen):
            return answer
        # A button that is out of date, or the act of a form without its answers.
        assert found.route.back is not None
        return Redirect(
            found.route.back.fill(found.arguments),
            _("Something has changed since I sent that. This is how things stand now."),
        )

    async def _finish(self, turn: Turn, route: Route, answer: Answer) -> Answer:
        if route.finish is None or not isinstance(answer, Redirect):
            return answer
        took_its_time = await route.finish(turn, self._desk, answer.to)
        return replace(answer, written=None) if took_its_time else answer  # what was written may be another by now
