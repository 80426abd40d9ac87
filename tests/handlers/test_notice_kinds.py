"""A kind of notice is declared in two places: what is always so for it in the domain, its screen in the handlers."""

import ast
import re

from bot.chat.router import RouteKind
from bot.domain.notices.notices import RULES, NoticeKind, address_of
from bot.handlers.notice_kinds import ROUTES, SAYS_ANOTHER_PAGE, SCREENS
from bot.handlers.routes import ROUTES as EVERY_ROUTE
from tests.architecture.source import Source, product


def test_every_kind_has_its_rule_and_its_screen() -> None:
    assert set(RULES) == set(NoticeKind)
    assert set(SCREENS) | SAYS_ANOTHER_PAGE == set(NoticeKind)
    assert not set(SCREENS) & SAYS_ANOTHER_PAGE


def test_every_screen_is_on_the_page_of_all_routes() -> None:
    assert set(ROUTES) <= set(EVERY_ROUTE)
    assert all(route.kind is RouteKind.SHOW for route in ROUTES)


def test_the_address_of_a_kind_leads_to_its_screen() -> None:
    for (kind, screen), route in zip(SCREENS.items(), ROUTES, strict=True):
        examples: dict[str, int | str] = {"id": 7, "day": "2026-12-01", "instant": "20261201T0900Z", "word": "ending"}
        ids = [examples[each] for each in re.findall(r"{\w+:(\w+)}", route.pattern.text)]
        to = address_of(kind, *ids)
        [found] = [each for each in EVERY_ROUTE if each.pattern.match(to.split("/")) is not None]
        assert found.handler is screen.handler, to


def test_no_screen_of_a_notice_is_without_its_kind() -> None:
    lost = [
        f"{source.path}: {node.name}"
        for source in product()
        if re.fullmatch(r"bot/handlers/\w+/(notices|reminders)\.py", source.path)
        for node in source.tree.body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
        if not _is_named_elsewhere(node.name, source)
    ]
    assert not lost, "name their kinds in bot/handlers/notice_kinds.py"


def _is_named_elsewhere(name: str, home: Source) -> bool:
    others = (source for source in product() if source.path.startswith("bot/handlers/") and source.path != home.path)
    named = re.compile(rf"(notices|reminders)(\.| import .*\b){name}\b")
    return any(named.search(source.text) for source in others)
