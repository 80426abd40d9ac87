"""Vendors, the environment, the clock and the database are each reached from one place."""

import ast
import sys
from collections import defaultdict

import pytest

from tests.architecture.source import Source, dotted, imports, product, within

# What may be imported, and under which paths.
DOORS = {
    "telegram": ("bot/channels/telegram/",),
    "slack_bolt": ("bot/channels/slack/",),
    "slack_sdk": ("bot/channels/slack/",),
    "stripe": ("bot/integrations/",),
    "apscheduler": ("bot/scheduling/",),
    "aiohttp.web": (
        "bot/web/", "bot/channels/", "bot/sandbox/", "bot/processes.py", "bot/http_route.py", "bot/http_body.py",
    ),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "asyncpg": ("storage/",),
    "sqlite3": ("storage/",),
    "segno": ("bot/chat/", "bot/handlers/", "bot/services/", "bot/web/"),
}  # fmt: skip
ONE_FILE = ("stripe", "apscheduler")

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
NOW = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
}  # fmt: skip
IMPURE = (
    "asyncio", "http", "logging", "os", "random", "secrets", "socket", "sqlite3", "subprocess",
    "threading", "urllib.request",
)  # fmt: skip


@pytest.mark.parametrize("vendor", DOORS)
def test_a_vendor_is_imported_behind_its_door(vendor: str) -> None:
    elsewhere = [
        f"{source.at(node)} imports {name}"
        for source in product()
        if not source.path.startswith(DOORS[vendor])
        for name, node in imports(source)
        if within(name, vendor)
    ]
    assert not elsewhere, "\n".join(elsewhere)


def test_a_vendor_behind_one_door_has_one_file() -> None:
    files = defaultdict(set)
    for source in product():
        for name, _node in imports(source):
            files[name.split(".")[0]].add(source.path)
    assert not {vendor: sorted(files[vendor]) for vendor in ONE_FILE if len(files[vendor]) > 1}


def test_only_the_settings_read_the_environment() -> None:
    assert not uses(ENVIRONMENT, allowed=("bot/config.py",))


def test_only_the_clock_knows_now() -> None:
    """The stand-ins are outsiders: they keep their own time, as the real ones do."""
    assert not uses(NOW, allowed=("bot/clock.py", "bot/sandbox/"))


def test_handlers_are_told_the_time_and_the_settings() -> None:
    asking = [
        f"{source.at(node)} imports {name}"
        for source in product()
        if source.path.startswith("bot/handlers/")
        for name, node in imports(source)
        if within(name, "bot.clock") or within(name, "bot.config")
    ]
    assert not asking


def test_the_domain_is_pure() -> None:
    impure = []
    for source in (s for s in product() if s.path.startswith("bot/domain/")):
        for name, node in imports(source):
            ours = within(name, "bot.domain")
            standard = name.split(".")[0] in sys.stdlib_module_names
            if not (ours or standard) or any(within(name, module) for module in IMPURE):
                impure.append(f"{source.at(node)} imports {name}")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                impure.append(f"{source.at(node)} is asynchronous")
            if isinstance(node, ast.Call) and dotted(node.func) == "open":
                impure.append(f"{source.at(node)} opens a file")
    assert not impure, "\n".join(impure)


def test_the_rules_see_what_they_forbid() -> None:
    text = """\
import os as system
from time import time as t
import datetime as d
system.environ
t()
d.datetime.now()
"""
    source = Source("bot/x.py", text, ast.parse(text))
    assert [line for line, _name in mentions(source, ENVIRONMENT | NOW)] == [4, 5, 6]


def uses(names: set[str], allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{source.path}:{line} uses {name}"
        for source in product()
        if not source.path.startswith(allowed)
        for line, name in mentions(source, names)
    ]


def mentions(source: Source, names: set[str]) -> list[tuple[int, str]]:
    """Where one of the dotted `names` is used, whatever its module or itself was renamed to on import."""
    real = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            real.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            real.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)):
            head, _, rest = name.partition(".")
            full = ".".join(filter(None, (real.get(head, head), rest)))
            if full in names:
                found.append((node.lineno, full))
    return sorted(set(found))
