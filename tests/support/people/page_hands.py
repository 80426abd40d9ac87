"""A person at the simulator's page: what they see is what the page shows, and they type and press as anybody would."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import Locator, Page

from tests.support.people.seen import Key, Seen, days_around

DRAWN_WITHIN = 30.0
"""Seconds: two cores may be busy with other tests."""

LOOK_AGAIN = 0.05

# What stands in one chat, read at one moment; null while it is being drawn.
READ = """
([side, name]) => {
  const section = document.getElementById(side);
  const chip = section.querySelector(".people [aria-pressed=true]");
  if (!chip || !chip.ariaLabel.startsWith(name)) return null;
  if (!section.querySelector("article, .tg-start, .empty, .sk-install")) return null;
  const hidden = (part) => !part.checkVisibility();
  const words = (part, kinds) => [...part.querySelectorAll(kinds)]
    .filter((one) => !hidden(one)).map((one) => one.innerText);
  const keys = (part) => [...part.querySelectorAll("button")]
    .filter((one) => !hidden(one) && !one.matches(".tg-answer, .command, .x, [type=submit], footer button"))
    .map((one) => one.innerText.trim());
  // A choice of day and time, and the button that sends a modal where nothing is left to fill in.
  const steps = (part) => ({
    day: part.querySelector(".sk-accessory input[type=date]")?.value ?? null,
    options: [...part.querySelectorAll("select optgroup option")].map((one) => one.innerText),
    submit: part.querySelector("select, textarea, input:not([type=date])") ? null
      : part.querySelector("[type=submit]")?.innerText ?? null,
  });
  const BLOCKS = ".sk-header, .sk-text, .sk-context, .sk-alert, .sk-label, .sk-hint, .sk-error";
  const found = [...section.querySelectorAll("article")].filter((one) => !hidden(one)).map((one) => ({
    ref: one.dataset.message ?? one.dataset.ts ?? "", text: words(one, `.words, ${BLOCKS}`).join("\\n"),
    keys: keys(one), mine: one.classList.contains("mine") || one.ariaLabel?.startsWith(name), asks: [], over: false,
  }));
  for (const [kind, over] of [[".sk-home", false], [".sk-modal", true]]) {
    const part = section.querySelector(kind);
    if (!part || hidden(part)) continue;
    found.push({ ref: kind, text: words(part, `h2, ${BLOCKS}`).join("\\n"), keys: keys(part), mine: false,
                 asks: words(part, ".sk-label"), over, ...(over ? steps(part) : {}) });
  }
  return found;
}
"""


class PageHands:
    """`name` is on the person's chip in the page; several people of one platform take turns at its chat."""

    heard_is_answered = False

    def __init__(self, page: Page, platform: str, name: str) -> None:
        self.platform = platform
        self._page = page
        self._name = name
        self.side = page.locator(f"#{platform}")
        self.message = self.side.get_by_label("Message", exact=True)

    async def becomes(self) -> None:
        """The page shows this person's chat: on a phone the side is chosen first."""
        tab = self._page.locator(f"#to-{self.platform}")
        if await self.side.is_hidden() and await tab.is_visible():
            await tab.click()
        chip = self.side.locator(f'.chip[aria-label^="{self._name}"]')
        if await chip.get_attribute("aria-pressed") != "true":
            await chip.click()

    async def look(self) -> list[Seen]:
        await self.becomes()
        for _ in range(int(DRAWN_WITHIN / LOOK_AGAIN)):
            found = await self._page.evaluate(READ, [self.platform, self._name])
            if found is not None:
                return [_seen(one) for one in found if one["text"] or one["keys"]]
            await asyncio.sleep(LOOK_AGAIN)
        raise AssertionError(f"the page never shows the chat of {self._name}")

    async def say(self, words: str) -> None:
        await self.becomes()
        await self.message.fill(words)
        await self.message.press("Enter")

    async def start(self, payload: str) -> None:
        """Telegram's first press; on Slack whoever comes says hello."""
        assert not payload, "a link with a payload is followed where it stands"
        await self.becomes()
        if self.platform == "slack":
            await self.say("hello")
        else:
            await self.side.get_by_role("button", name="START", exact=True).click()

    async def press(self, seen: Seen, key: Key) -> None:
        """In a modal also a day or a time by its words: a time is chosen and sent at once."""
        await self.becomes()
        window = self.side.locator(".sk-modal")
        match key.at.split(" "):
            case ["day", day]:
                await window.locator("input[type=date]").fill(day)
            case ["option"]:
                await window.locator("select").select_option(label=key.label)
                await window.locator("[type=submit]").click()
            case ["submit"]:
                await window.locator("[type=submit]").click()
            case _:
                await self._button(seen, key).click()

    def _button(self, seen: Seen, key: Key) -> Locator:
        message = f'article:is([data-message="{seen.ref}"], [data-ts="{seen.ref}"])'
        place = seen.ref if seen.ref.startswith(".") else message
        words = re.compile(rf"^\s*{re.escape(key.label)}\s*$")
        return self.side.locator(place).get_by_role("button").filter(has_text=words).first

    async def fill(self, values: Sequence[str | None]) -> None:
        """A form on Slack; on Telegram one question after the other, here of one."""
        if self.platform == "telegram":
            [value] = values
            assert value is not None, "a question is answered in words here"
            await self.say(value)
            return
        form = self.side.locator(".sk-modal")
        await form.wait_for()
        inputs = form.locator("input, textarea, select")
        for number, value in enumerate(values):
            if value is not None:
                await inputs.nth(number).fill(value)
        await inputs.nth(len(values) - 1).press("Enter")

    async def leave(self) -> None:
        await self.becomes()
        await self._page.keyboard.press("Escape")

    async def heard(self) -> bool:
        return await self.side.locator("[aria-busy=true]").count() == 0


def _seen(read: dict[str, Any]) -> Seen:
    keys = [Key(label, str(number)) for number, label in enumerate(read["keys"])]
    keys += [Key(label, "option") for label in read.get("options", ())]
    if read.get("submit"):
        keys.append(Key(read["submit"], "submit"))
    if read.get("day"):
        shown = read["day"]
        keys += [Key(label, "" if day == shown else f"day {day}", hidden=True) for day, label in days_around(shown)]
    return Seen(read["ref"], read["text"], tuple(keys), read["mine"], tuple(read["asks"]), over_all=read["over"])
