"""The page at an address whose token belongs to nothing that we know of, and the one while nobody can look."""

from aiohttp import web

from bot.chat.screen import Line, Screen
from bot.chat.words import _, speaking
from bot.pages import language
from bot.pages.draw import as_html
from bot.pages.headers import HEADERS


def receipt(request: web.Request) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        return _page(404, _("Nothing here"), _("This address belongs to no receipt that we know of."))


def calendar(request: web.Request) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        words = _("This address belongs to no calendar. Perhaps its owner made a new link, or switched it off.")
        return _page(404, _("Nothing here"), words)


def away(request: web.Request, again_s: int) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        words = _("We cannot look right now. Nothing is lost: try again in a minute.")
        answer = _page(503, _("One moment"), words)
    answer.headers["Retry-After"] = str(again_s)
    return answer


def _page(status: int, title: str, words: str) -> web.Response:
    page = as_html(Screen(title, (Line(words),)))
    return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)
