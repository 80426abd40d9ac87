"""Mails in a real browser, as on a narrow phone and on a desk, in the light and in the dark."""

import itertools

import pytest
from playwright.async_api import Page

from bot.channels.email.render import draw
from bot.chat.screen import Screen
from tests.channels.email.email_setup import ANA, CANCELLED, HEAD, RECEIPT, REMINDER, end_of, url_of
from tests.support.people.chromium_page import page_on

SCREENS = (REMINDER, CANCELLED, RECEIPT)
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
SMALL = """() => [...document.querySelectorAll('a[class]:not(.link)')].filter(a => {
  const box = a.getBoundingClientRect(); return box.height < 44 || box.right > window.innerWidth;
}).map(a => a.textContent)"""
FAINT = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (let at = e; at; at = at.parentElement) {
    const c = getComputedStyle(at).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  return [...document.querySelectorAll('h1, p, a')].filter(e => e.textContent.trim()).map(e => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    return [(a + .05) / (b + .05), e.textContent.trim()];
  }).filter(([contrast]) => contrast < 4.5);
}"""


@pytest.mark.browser
async def test_mails_fit_and_can_be_read_and_tapped(chromium: str) -> None:
    asked: list[str] = []
    async with page_on(chromium, "about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        for screen, width, scheme in itertools.product(SCREENS, (320, 600), ("light", "dark")):
            await shows(page, screen, width, scheme)
            assert await page.evaluate(TOO_WIDE) <= 0, (screen.title, width)
            assert await page.evaluate(SMALL) == [], (screen.title, width)
            assert await page.evaluate(FAINT) == [], (screen.title, scheme)
    assert [url for url in asked if not url.startswith("about:")] == []


async def shows(page: Page, screen: Screen, width: int, scheme: str) -> None:
    mail = draw(screen, lambda each: url_of(ANA, each), HEAD, answered=False, end_url=end_of(ANA, screen))
    await page.set_viewport_size({"width": width, "height": 700})
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_content(mail.html)
