"""What pages and mails are drawn with alike: links that lead to web pages, and templates that escape what they get."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

SCHEMES = ("https://", "http://")

UrlOf = Callable[[str], str]
"""The URL at which a browser reaches an address of the chat."""


class NoWay(ValueError):
    """Something to tap leads to no web page: a mistake of ours, found by tests."""


@dataclass(frozen=True)
class Way:
    """A button or link as a browser has it. `style` is that of the screen's."""

    text: str
    url: str
    style: str
    label: str | None


def web_url(url: str) -> str:
    """The URL itself. Raises `NoWay` for another scheme: escaping does not make `javascript:` harmless."""
    if not url.startswith(SCHEMES):
        raise NoWay(url)
    return url


def template(file: Path) -> "jinja2.Template":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(file.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(file.name)
