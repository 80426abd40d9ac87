"""Our own web pages: a screen as HTML, drawn by one template, without a script."""

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.screen import Button, Link, Screen
from bot.chat.words import current_language
from bot.pages.drawing import NoWay, UrlOf, Way, template, web_url
from bot.pages.headers import STYLE

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent


def as_html(screen: Screen, *, url_of: UrlOf | None = None, look_again_s: int | None = None) -> str:
    """The whole page in the language that is being spoken. Buttons become links; a form is not drawn.

    `look_again_s`: the browser loads the page again after so many seconds. Raises `NoWay`.
    """
    picture = None if screen.picture is None else base64.b64encode(screen.picture.png).decode()
    return _template().render(
        screen=screen,
        language=current_language(),
        rows=[[_way(each, url_of) for each in row] for row in screen.buttons],
        picture=None if picture is None else f"data:image/png;base64,{picture}",
        look_again_s=look_again_s,
        style=STYLE,
    )


def _way(each: Button | Link, url_of: UrlOf | None) -> Way:
    if isinstance(each, Link):
        return Way(each.text, web_url(each.url), each.style.value, None)
    if url_of is None:
        raise NoWay(each.to)
    return Way(each.text, url_of(each.to), each.style.value, each.label)


@cache
def _template() -> "jinja2.Template":
    return template(Path(__file__).with_name("page.html"))
