"""A person's browser, as far as card pages need one: opens pages, sends forms, follows redirects."""

from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import aiohttp

CARDS = {"succeeds": "success", "is declined": "declined", "needs a challenge": "challenge"}


@dataclass(frozen=True)
class Page:
    """`links` by their words."""

    url: str
    status: int
    title: str
    text: str
    links: dict[str, str]


class Browser:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def open(self, url: str) -> Page:
        async with self._session.get(url) as answer:
            return _page(str(answer.url), answer.status, await answer.text())

    async def send(self, url: str, **fields: str) -> Page:
        async with self._session.post(url, data=fields) as answer:
            return _page(str(answer.url), answer.status, await answer.text())

    async def pay(self, page: Page, card: str) -> Page:
        """Fill in the card page; where the browser ends up."""
        ended = await self.send(page.url, card=CARDS[card], email="client@example.com")
        if ended.url.endswith("/challenge"):
            ended = await self.send(ended.url, outcome="approve")
        return ended


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title, self.words, self.links = "", list[str](), dict[str, str]()
        self._open, self._href = list[str](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self._href = dict(attrs).get("href") or "" if tag == "a" else self._href

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title = data.strip()
        elif "style" not in self._open and data.strip():
            self.words.append(data.strip())
            if "a" in self._open:
                self.links[data.strip()] = self._href


def _page(url: str, status: int, html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    links = {words: urljoin(url, unescape(href)) for words, href in reader.links.items()}
    return Page(url, status, reader.title, "\n".join(reader.words), links)
