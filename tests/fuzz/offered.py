"""What the practice offers each person right now: pages, acts and forms, found by walking from button to button."""

import random
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from bot.chat.clean import clean
from bot.chat.router import Route, RouteKind, Router
from bot.chat.screen import Button, Form, Invalid
from bot.chat.turn import Guard, Turn
from bot.chat.words import speaking
from bot.domain.people.people import Profile
from bot.handlers.kit import failures
from bot.handlers.routes import ROUTES
from bot.services.desk import Desk
from tests.fuzz import values
from tests.fuzz.shots import CLIENTS, NOTHING, STAFF
from tests.fuzz.story import CAST, STAFF_CAST
from tests.fuzz.world import World

OF_A_KIND = 4
TAGS = ("aaaaaaaa", "AAAAAAAA", "a", "a" * 20, "aaaaaaaà", "", "........", "0", "-")
WORDS = ("type", "yes", "no", "hold", "send", "0", "from", "any", "pause", "name", "zone", "constructor")
DAYS = ("2026-12-08", "2026-02-30", "0001-01-01", "9999-12-31", "2199-12-31", "2000-01-01", "2026-12-8")
INSTANTS = ("20261208T0900Z", "20261208T0907Z", "20000101T0000Z", "21991231T2359Z", "20261332T2561Z", "20261208T0900")
IDS = (*map(str, range(9)), "999", "9223372036854775807", "9223372036854775808", "1" * 19, "1" * 30, "-1", "٣", "1.5")


@dataclass
class Offered:
    """`shows` and `acts` are addresses as buttons carry them; `forms` by the page where they stand."""

    who: Profile
    shows: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    forms: list[tuple[str, Form]] = field(default_factory=list)

    @property
    def may(self) -> frozenset[str]:
        """What this person can change at all."""
        return STAFF if self.who in STAFF_CAST else CLIENTS

    def judged(self, to: str) -> frozenset[str]:
        """What an address may change: nothing, unless one of this person's own acts is in it, once it is cleaned."""
        plain = clean(to)
        begun = plain.lstrip("!").startswith("form/")
        return self.may if begun or any(act in plain for act in self.own_acts) else NOTHING

    @property
    def own_acts(self) -> list[str]:
        return [*self.acts, *(form.to for _at, form in self.forms)]


Everybody = dict[Profile, Offered]
_KNOWN: WeakKeyDictionary[World, Everybody] = WeakKeyDictionary()


async def offered(world: World) -> Everybody:
    """Walked through once: every batch begins with the same practice at the same moment."""
    if world not in _KNOWN:
        _KNOWN[world] = await _offered(world)
    return _KNOWN[world]


async def _offered(world: World) -> Everybody:
    desk = world.house.desk
    router = Router(ROUTES, desk, seen=_never, person=desk.people.find, missing=lambda _turn: failures.missing())
    guard = Guard(world.settings.secret_keys)
    return {who: await _walk(world, router, desk, guard, who) for who in CAST}


async def _never(_key: str) -> None:
    return None


async def _walk(world: World, router: Router[Desk], desk: Desk, guard: Guard, who: Profile) -> Offered:
    """Breadth first, a few pages of each route beside the places to begin at."""
    found = Offered(who)
    met = await desk.people.meet(who, world.house.clock.now())
    assert met is not None
    plain = (route.pattern.text for route in ROUTES if route.kind is RouteKind.SHOW and "{" not in route.pattern.text)
    waiting, tally = [*plain, *world.seeds], dict.fromkeys((route.pattern.text for route in ROUTES), 0)
    for to in waiting:
        at = router.find(to)
        if to in found.shows or at is None or (tally[at.route.pattern.text] >= OF_A_KIND and to not in world.seeds):
            continue
        tally[at.route.pattern.text] += 1
        found.shows.append(to)
        turn = Turn(met.person, met.account, world.house.clock.now(), f"walk:{to}", guard, who.platform.value)
        with speaking(met.person.language):
            screen = await router.visit(turn, to)
        assert not isinstance(screen, Invalid)
        leads = [each.to for row in screen.buttons for each in row if isinstance(each, Button)]
        found.acts += [each for each in leads if not router.is_show(each) and each not in found.acts]
        waiting += [each for each in leads if router.is_show(each)]
        if screen.form is not None and screen.address is not None:
            found.forms.append((screen.address, screen.form))
    return found


def filled(rng: random.Random, route: Route) -> str:
    """An address of this route about anything, with a tag that nobody made for it."""
    kinds = {"id": IDS, "day": DAYS, "instant": INSTANTS, "word": WORDS}
    parts = []
    for part in route.pattern.text.split("/"):
        kind = part.rstrip("}").rpartition(":")[2] if part.startswith("{") else ""
        parts.append(rng.choice(kinds[kind]) if kind and rng.random() < 0.9 else part if not kind else values.text(rng))
    return "/".join([*parts, rng.choice(TAGS)] if route.kind is RouteKind.DO else parts)


def mangled(rng: random.Random, to: str) -> str:
    """An address with something wrong in it."""
    at, cut = rng.randrange(len(to) + 1), rng.randrange(len(to) + 1)
    ways = (
        to[:at] + values.text(rng) + to[at:], to[:cut], to[cut:], to.upper(), to + "/", "/" + to, to * 3, f"{to}/{to}",
        to.replace("/", "//"), to.replace("/", "\\"), f" {to}", f"{to}?x=1", f"{to}\n", to[::-1], f"form/{to}",
        "!" * rng.randrange(4) + to, to.replace("1", rng.choice(IDS)),
        "/".join(rng.sample(to.split("/"), to.count("/") + 1)),
    )  # fmt: skip
    return rng.choice(ways)


def address(rng: random.Random, everybody: Everybody, own: Offered) -> tuple[str, str]:
    """A kind of address, and one for this person to tap."""
    draw = rng.random()
    if draw < 0.18:
        return "", rng.choice(own.shows)
    if draw < 0.32 and own.acts:
        return "", rng.choice(own.acts)
    if draw < 0.40:
        step = rng.choice(("pick", "back", "cancel", "skip", "", "other"))
        return " form", "/".join(["form", step, *(rng.choice(IDS) for _ in range(rng.randrange(4)))])
    if draw < 0.55:
        stranger = everybody[rng.choice([who for who in everybody if who is not own.who])]
        return " foreign", rng.choice(stranger.own_acts + stranger.shows)
    if draw < 0.75:
        return " forged", filled(rng, rng.choice(ROUTES))
    if draw < 0.85:
        act = rng.choice(own.own_acts)
        return " forged", f"{act.rpartition('/')[0]}/{rng.choice(TAGS)}"
    return " mangled", mangled(rng, rng.choice(own.shows + own.own_acts))
