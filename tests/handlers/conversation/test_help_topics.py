"""`/help` says of each page where it is: of none that it is the start."""

from bot.chat.router import RouteKind
from bot.handlers import notice_kinds
from bot.handlers.conversation import help_topics
from bot.handlers.routes import ROUTES

NO_PLACE = {
    "start", "home", "help", "gone", "human", "terms", "paysupport", "prices", "told",
    "about", "ask", "joining", "offered", "answer-letter", "reply", "typed", "move-to", "notice", "remind", "let-go",
    "ill", "soonest", "gift-open",
}  # fmt: skip
"""The start and what is said there, questions, and addresses that only lead on."""


def test_each_page_has_its_words() -> None:
    messages = {route.pattern for route in (*notice_kinds.ROUTES, *notice_kinds.ROUTES_OF_BEFORE)}
    shows = [route.pattern for route in ROUTES if route.kind is RouteKind.SHOW and route.pattern not in messages]
    assert {pattern.text.partition("/")[0] for pattern in shows} <= {*help_topics.PLACES, *NO_PLACE}
