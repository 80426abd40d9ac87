"""Every address of every route fits a button, and every command that can be typed is written down."""

import re
from datetime import UTC, date, datetime

import pytest

from bot.chat.address import MAX_BYTES, READERS, Segment
from bot.chat.router import Route, RouteKind
from bot.chat.turn import TAG_LENGTH
from bot.domain.people.people import Role
from bot.handlers.conversation import commands
from bot.handlers.kit.typed import zone_names
from bot.handlers.routes import ROUTES
from tests.architecture.source import ROOT, product

SPEAKING_OF_ADDRESSES = ("bot/chat/", "bot/handlers/", "bot/services/", "bot/domain/")
LARGE_ID = 999_999_999_999
ZONE = zone_names.code("America/Argentina/ComodRivadavia")
LONGEST_WORDS = {
    "zone": ZONE, "token": "j-" + "a" * 27, "proof": "p" + "a" * TAG_LENGTH, "team": "t" * 12,
    "who": f"p{LARGE_ID}", "what": "bookings",
}  # fmt: skip
"""Any other word of an address is one of ours, with at most this many letters."""
OUR_WORD = "w" * 14

PLACE = re.compile(r"\{(\w+):(\w+)\}")
QUOTED = re.compile(r"`([a-z-]+(?:/(?:[\w-]+|<tag>|\{\w+:\w+\}))+)`")
"""An address or a pattern in a text, where one of its segments is typed: see `TYPED`."""

TYPED = re.compile(r"/(\d|\{\w+:)")


def largest(route: Route) -> str:
    arguments: dict[str, Segment] = {}
    for name, kind in PLACE.findall(route.pattern.text):
        values: dict[str, Segment] = {
            "id": LARGE_ID,
            "day": date(2199, 12, 31),
            "instant": datetime(2199, 12, 31, 23, 59, tzinfo=UTC),
            "word": LONGEST_WORDS.get(name, OUR_WORD),
        }
        arguments[name] = values[kind]
    text = PLACE.sub(lambda place: written(arguments[place[1]]), route.pattern.text)
    return text + ("/" + "a" * TAG_LENGTH if route.kind is RouteKind.DO else "")


def written(segment: Segment) -> str:
    if isinstance(segment, datetime):
        return f"{segment:%Y%m%dT%H%MZ}"
    return segment.isoformat() if isinstance(segment, date) else str(segment)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.pattern.text))
def test_an_address_fits_with_the_largest_of_everything(route: Route) -> None:
    to = largest(route)
    assert len(to) <= MAX_BYTES, f"{len(to)} bytes: {to}"
    own = to.split("/")[: -1 if route.kind is RouteKind.DO else None]
    assert route.pattern.match(own) is not None, to


def test_an_address_that_is_an_example_is_one_of_ours() -> None:
    texts = {source.path: source.text for source in product() if source.path.startswith(SPEAKING_OF_ADDRESSES)}
    texts["README.md"] = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = [
        (path, example) for path, text in texts.items() for example in QUOTED.findall(text) if TYPED.search(example)
    ]
    assert len({path for path, _example in examples}) > 2
    unknown = [f"{path}: {example}" for path, example in examples if not is_ours(example)]
    assert not unknown, "\n".join(unknown)


def is_ours(example: str) -> bool:
    act = example.endswith("/<tag>")
    text = example.removesuffix("/<tag>")
    return any(
        ((route.kind is RouteKind.DO) is act and (route.pattern.match(text.split("/")) is not None))
        or route.pattern.text == text
        for route in ROUTES
    )


def test_kinds_of_segments_never_match_each_other() -> None:
    samples = {"id": "123456789012", "day": "2026-12-01", "instant": "20261201T0900Z", "word": ZONE}
    for kind, text in samples.items():
        assert [name for name, read in READERS.items() if read(text) is not None] == [kind]


def test_every_command_is_described_and_in_the_readme() -> None:
    routed = {route.command for route in ROUTES if route.command}
    described = {command for role in Role for command, _words in commands.described(role)}
    assert described <= routed
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in readme.splitlines() if line.startswith("|"))
    manifest = (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
    for command in sorted(described):
        assert f"`{command}" in table, f"{command} is not in README's table"
        assert f"command: {command}\n" in manifest, f"{command} is not in Slack's manifest"
    for command in sorted(routed - described - {"/start"}):
        assert f"`{command}" in readme or f"/rapport {command[1:]}" in readme, f"{command} is nowhere in README"
