"""Values that break things, and what they do to a payload: keys lost, types changed, depths and lengths overdone."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

HOSTILE = (
    "<!channel>", "<!here|all>", "<@U0OWN>", "<#C0GENERAL|general>", "<https://evil.example|your bank>",
    "</b>", "<b>bold", "<a href='https://evil.example'>x</a>", "<script>alert(1)</script>", "&lt;b&gt;&amp;amp;",
    "'; --", "'; DROP TABLE bookings; --", '" OR 1=1', "%", "_", "\\", "{0}", "{name}", "{ref.__class__}", "%s %d %n",
    "%(name)s", "${x}", "*bold* _it_ ~no~ `code`", "```", "> quoted", "[x](https://evil.example)", "||spoiler||",
    "\u202egnp.exe", "\u2066left\u2067right\u2068", "\u200f\u200e\u061c", "\u200b\u200d\ufeff", "\u00ad",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1e6\U0001f1f9", "e" + "\u0301" * 300, "\ufdfd" * 40,
    "\ud83d", "\udc00x", "a\ud800b", "\x00", "a\x00b", "\x1b[31m", "\r\n\r\nX: y", "\t", "\n" * 50, " ", "\u3164",
    "null", "None", "NaN", "-0", "0x10", "1e400", "٣", "½", "🂡", "ﬀ", "İ", "ß", "true", "[]", "{}", "../../etc/passwd",
    "https://evil.example/", "javascript:alert(1)", "mailto:a@b", "tel:+1", "+43 660 1234567", "a@b.c",
    "tomorrow 3pm", "31 feb", "2026-02-30", "2026-03-29 02:30", "0000-00-00", "99:99", "-1", "0", "1", "999999999999",
    "10:00-09:00", "mon-fri 9-17", "mon-fri 0-24", "sun-mon 25-26", "fri 17-9", "Coaching 50 min 80",
    "Coaching 0 min -80", "x 99999999 min 99999999999999", "é" * 61, "word " * 400, "x" * 3001, "x" * 10_000,
)  # fmt: skip

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 10**400, 0.5, -0.0, 1e308,
    float("nan"), float("inf"), float("-inf"), "", [], {}, [[]], [None], {"": None}, {"id": None}, {"id": {}},
)  # fmt: skip

DEPTHS = (5, 60, 400)


def text(rng: random.Random) -> str:
    """One hostile text, or several joined."""
    found = rng.choice(HOSTILE)
    return found if rng.random() < 0.8 else found + " " + rng.choice(HOSTILE)


def name(rng: random.Random, usual: str) -> str:
    """What a person or a workspace may call itself: one in five is hostile."""
    return usual if rng.random() < 0.8 else text(rng)


def anything(rng: random.Random) -> Any:
    """A value of any type. The caller may keep it: it shares nothing."""
    draw = rng.random()
    if draw < 0.45:
        return text(rng)
    if draw < 0.9:
        return copy.deepcopy(rng.choice(ODD))
    return nested(rng, rng.choice(DEPTHS))


def nested(rng: random.Random, depth: int) -> Any:
    """Lists in lists, or objects in objects."""
    value: Any = rng.choice(("", 0, None))
    for _ in range(depth):
        value = [value] if rng.random() < 0.5 else {"id": value}
    return value


def mutated(rng: random.Random, payload: Json, keep: frozenset[str] = frozenset()) -> Json:
    """A copy with one to four things wrong in it; top-level keys of `keep` stay."""
    made = copy.deepcopy(payload)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        places = [path for path in paths(made) if not (len(path) == 1 and path[0] in keep)]
        if places:
            rng.choice(WAYS)(rng, made, rng.choice(places))
    return made


def paths(value: Any, so_far: Path = ()) -> Iterator[Path]:
    """Where everything is, down to a depth that real payloads have."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*so_far, key)
        if len(so_far) < 8:
            yield from paths(below, (*so_far, key))


def _parent(payload: Json, path: Path) -> Any:
    at: Any = payload
    for step in path[:-1]:
        at = at[step]
    return at


def _drop(_rng: random.Random, payload: Json, path: Path) -> None:
    del _parent(payload, path)[path[-1]]


def _replace(rng: random.Random, payload: Json, path: Path) -> None:
    _parent(payload, path)[path[-1]] = anything(rng)


def _retype(rng: random.Random, payload: Json, path: Path) -> None:
    """The same content in another type."""
    parent, key = _parent(payload, path), path[-1]
    value = parent[key]
    ways: tuple[Callable[[Any], Any], ...] = (str, lambda it: [it], lambda it: {"value": it}, lambda it: {str(it): it})
    parent[key] = rng.choice(ways)(value)


def _write_into(rng: random.Random, payload: Json, path: Path) -> None:
    """Hostile words within a text."""
    parent, key = _parent(payload, path), path[-1]
    parent[key] = f"{parent[key]}{text(rng)}" if isinstance(parent[key], str) else text(rng)


def _repeat(rng: random.Random, payload: Json, path: Path) -> None:
    parent, key = _parent(payload, path), path[-1]
    value = parent[key]
    parent[key] = value * rng.choice((2, 50)) if isinstance(value, str | list) and len(value) < 200 else [value] * 3


def _move(rng: random.Random, payload: Json, path: Path) -> None:
    """What stands here stands somewhere else, too."""
    others = list(paths(payload))
    target = rng.choice(others)
    value = copy.deepcopy(_parent(payload, path)[path[-1]])
    _parent(payload, target)[target[-1]] = value


def _add(rng: random.Random, payload: Json, path: Path) -> None:
    parent = _parent(payload, path)
    if isinstance(parent, dict):
        parent[text(rng)[:80]] = anything(rng)
    else:
        parent.append(anything(rng))


WAYS: tuple[Callable[[random.Random, Json, Path], None], ...] = (
    _drop, _drop, _replace, _replace, _replace, _retype, _write_into, _write_into, _repeat, _move, _add,
)  # fmt: skip
