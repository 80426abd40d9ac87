"""A scripted person: says, taps, fills and sees the same on every platform.

Every act waits until the chat has answered it; every `sees` waits some seconds for what is to come. Where the
platform or the product says that it has, nobody waits longer. A failure shows the whole conversation.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.support.people.browser import Browser, Page
from tests.support.people.hands import Hands, Told
from tests.support.people.seen import Key, Seen

PATIENCE = 20.0
"""Seconds for something that is to come by itself: two cores may be busy with other tests."""

ANSWER = 2.5
"""Seconds after which an act that changed nothing on the screen counts as answered."""

POLL = 0.02
REST = 0.05
"""Seconds without a change after which an answer counts as whole; more where the answer itself took longer."""

WIDTH = 60
LAST = 25

T = TypeVar("T")


class Person:
    """`city` is where the person's clock is. `tapped` counts the taps since it was last set."""

    answer_within = ANSWER

    def __init__(
        self, name: str, cluster: str, hands: Hands, browser: Browser | None = None, told: Told | None = None
    ) -> None:
        self.name = name
        self.city = cluster
        self.hands = hands
        self.tapped = 0
        self._browser = browser
        self._told_by = told
        self._known: dict[str, Seen] = {}
        self._fresh: list[str] = []
        """What came or changed since the person's last act, the latest last."""
        self._order: list[str] = []
        self._story: list[str] = []

    @property
    def platform(self) -> str:
        return self.hands.platform

    async def starts(self, payload: str = "") -> None:
        await self.does(f"opens the chat {payload}".strip(), lambda: self.hands.start(payload))

    async def says(self, words: str) -> None:
        await self.does(f"says: {words}", lambda: self.hands.say(words))

    async def taps(self, label: str, on: str = "") -> None:
        """Press the button `label` (or one that begins so) on what changed last, or where `on` can be read."""
        seen, key = await self.finds(label, on)
        assert key.url is None, self._told(f"[{key.label}] is a link")
        if not key.at:
            return
        self.tapped += 1
        await self.does(f"taps [{key.label}]", lambda: self.hands.press(seen, key))

    async def fills(self, *values: str | None) -> None:
        """Answer the open form; None takes what stands there."""
        await self.does(f"answers: {', '.join(str(value) for value in values)}", lambda: self.hands.fill(values))

    async def leaves_form(self) -> None:
        """Turn away from the open form without an answer."""
        await self.does("leaves the form", self.hands.leave)

    async def sees(self, *words: str, within: float = PATIENCE) -> Seen:
        """Something that came or changed since the person's last act holds all of these words."""

        async def there() -> Seen | None:
            await self._look()
            return next((seen for seen in self._new() if seen.holds(words)), None)

        return await self._until(there, f"{self.name} does not see {' … '.join(words)}", within)

    async def still_sees(self, *words: str, within: float = PATIENCE) -> Seen:
        """Anything in the chat, however old, holds all of these words."""

        async def there() -> Seen | None:
            await self._look()
            return next((seen for seen in reversed(self._all()) if seen.holds(words)), None)

        return await self._until(there, f"{self.name} finds nowhere {' … '.join(words)}", within)

    async def sees_no_more(self, *words: str, within: float = PATIENCE) -> None:
        async def gone() -> bool | None:
            await self._look()
            return None if any(seen.holds(words) for seen in self._all()) else True

        await self._until(gone, f"{self.name} still sees {' … '.join(words)}", within)

    async def never_sees(self, *words: str, seconds: float = 1.5) -> None:
        """Nothing of the kind is there, nor comes in this while; where it is told, until the product is at rest."""
        until = time.monotonic() + seconds
        if self._told_by is not None:
            await self._told_by.rests()
            until = 0.0
        while True:
            await self._look()
            found = [seen for seen in self._all() if seen.holds(words)]
            assert not found, self._told(f"{self.name} sees {' … '.join(words)}")
            if time.monotonic() >= until:
                return
            await asyncio.sleep(POLL)

    async def counts(self, *words: str) -> int:
        """How many messages of the bot hold these words now."""
        await self._look()
        return sum(seen.holds(words) for seen in self._all())

    async def comes_to_see(self, count: int, *words: str, within: float = PATIENCE) -> None:
        """So many messages of the bot hold all of these words, and no more."""

        async def there() -> bool | None:
            return True if await self.counts(*words) == count else None

        await self._until(there, f"{self.name} does not come to see {count} times {' … '.join(words)}", within)

    async def can_tap(self, label: str) -> bool:
        await self._look()
        return any(seen.key(label) for seen in self._new())

    async def labels(self, pattern: str, within: float = PATIENCE) -> list[str]:
        """The buttons that begin so (a regular expression), on the latest message that has any."""

        async def there() -> list[str] | None:
            await self._look()
            found = (
                [key.label for key in seen.keys if not key.hidden and re.match(pattern, key.label)]
                for seen in self._reach()
            )
            return next(filter(None, found), None)

        return await self._until(there, f"{self.name} finds no button like {pattern}", within)

    async def link(self, label: str = "Pay", on: str = "") -> str:
        """Where a link leads."""
        _seen, key = await self.finds(label, on)
        assert key.url is not None, self._told(f"[{key.label}] is no link")
        return key.url

    async def opens_link(self, label: str = "Pay", on: str = "") -> Page:
        """Counts as a tap; the page opens in the person's browser."""
        url = await self.link(label, on)
        assert self._browser is not None
        self.tapped += 1
        self._story.append(f"{self.name} opens [{label}]")
        return await self._browser.open(url)

    async def pays(self, card: str = "succeeds", on: str = "") -> Page:
        """Open the card page from the chat and pay there: the card `succeeds`, `is declined` or `needs a challenge`."""
        page = await self.opens_link("Pay", on)
        assert self._browser is not None
        self._fresh.clear()
        paid = await self._browser.pay(page, card)
        self._story.append(f"{self.name} pays with a card that {card}: {paid.title}")
        return paid

    async def has_card_kept(self) -> None:
        """Open the page on which a card is kept, from the chat, and enter one."""
        page = await self.opens_link("Enter a card")
        assert self._browser is not None
        await self._browser.pay(page, "succeeds")

    async def tells_clock(self) -> None:
        """Where the platform does not know the person's zone, it is asked before the first times."""
        if self.platform != "telegram":
            return
        await self.says("/settings")
        await self.taps("Change zone")
        await self.taps("Another city or time")
        await self.fills(self.city)
        await self.sees(self.city)

    def transcript(self) -> str:
        return "\n".join([f"── {self.name}, on {self.platform} ──", *self._story])

    async def does(self, told: str, act: Callable[[], Awaitable[object]]) -> None:
        """Any act, and then until it was answered."""
        await self._look()
        self._fresh.clear()
        self._story.append(f"{self.name} {told}")
        try:
            await act()
        except AssertionError as impossible:
            raise AssertionError(self._told(str(impossible))) from None
        await self._answered()

    async def _answered(self) -> None:
        """Until the answer is on the screen: as far as that is told, else until the screen has changed and rests."""
        began = time.monotonic()
        changed_at: float | None = None
        while (now := time.monotonic()) < began + self.answer_within:
            if self._told_by is not None:
                await self._told_by.answered()
            if await self._look():
                changed_at = now
            if await self.hands.heard():
                if self._told_by is not None or self.hands.heard_is_answered:
                    return
                theirs = any(not self._known[ref].mine for ref in self._fresh if ref in self._known)
                if theirs and changed_at is not None and now - changed_at >= max(REST, changed_at - began):
                    return
            await asyncio.sleep(POLL)

    async def finds(self, label: str, on: str = "") -> tuple[Seen, Key]:
        async def there() -> tuple[Seen, Key] | None:
            await self._look()
            for seen in self._reach():
                key = seen.key(label)
                if key is not None and seen.holds([on]):
                    return seen, key
            return None

        where = f" where {on!r} can be read" if on else ""
        return await self._until(there, f"{self.name} finds no button [{label}]{where}", PATIENCE)

    def _reach(self) -> list[Seen]:
        """What can be tapped, the latest first; an open modal covers the rest."""
        found = list(reversed(self._all()))
        covering = [seen for seen in found if seen.over_all]
        return covering[:1] or found

    def _new(self) -> list[Seen]:
        """What the person did not write and has not answered yet."""
        fresh = [self._known[ref] for ref in reversed(self._fresh) if ref in self._known]
        return [seen for seen in fresh if not seen.mine]

    def _all(self) -> list[Seen]:
        """Everything that the person did not write, what changed last at the end."""
        return [self._known[ref] for ref in self._order if ref in self._known and not self._known[ref].mine]

    async def _look(self) -> bool:
        """Whether something came, changed or went."""
        now = {seen.ref: seen for seen in await self.hands.look()}
        changed = [seen for ref, seen in now.items() if self._known.get(ref) != seen]
        gone = self._known.keys() - now.keys()
        for seen in changed:
            self._note(seen, self._known.get(seen.ref))
            for kept in (self._fresh, self._order):
                if seen.ref in kept:
                    kept.remove(seen.ref)
                kept.append(seen.ref)
        self._known = now
        return bool(changed or gone)

    def _note(self, seen: Seen, before: Seen | None) -> None:
        """One line of the story for each line that the person reads."""
        if seen.mine:
            return
        if before is not None and before.text == seen.text and not seen.keys:
            self._story.append(f"    bot: (no more buttons under “{seen.text.splitlines()[0][:WIDTH]}”)")
            return
        head, *more = [line for line in seen.lines() if line.strip()] or [""]
        changed = " (changed)" if before is not None else ""
        self._story += [f"    bot{changed}: {head}", *(f"         {line}" for line in more)]

    async def _until(self, look: Callable[[], Awaitable[T | None]], wrong: str, within: float) -> T:
        until = time.monotonic() + within
        found = await look()
        if found is None and self._told_by is not None:
            self._told_by.hurries()
        while True:
            found = found or await look()
            if found is not None:
                return found
            if time.monotonic() > until:
                raise AssertionError(self._told(wrong))
            await asyncio.sleep(POLL)

    def _told(self, wrong: str) -> str:
        """What went wrong, after what; the report of the journey has the whole."""
        return "\n".join([wrong, "", *self._story[-LAST:]])
