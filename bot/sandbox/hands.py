"""A scripted person at a stand-in, who writes, taps buttons, fills in forms and waits for what they show.

Buttons are found by where they lead, so that a practice can be played whatever the words are.
"""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import aiohttp

Json = dict[str, Any]
PATIENCE = 10.0
LOOK_AGAIN = 0.03
DAYS_AHEAD = 30


class NotThere(Exception):
    """The person waited in vain; the message says what was on the screen instead."""


class Hands(Protocol):
    async def say(self, words: str) -> None:
        """Write words or a command with its slash, and wait for the answer."""

    async def tap(self, leads_to: str) -> None:
        """Tap the newest button whose address fits this pattern, and wait for what it changes."""

    async def answer(self, words: str) -> None:
        """Answer the one question that is asked."""

    async def wait_for(self, leads_to: str) -> str:
        """Wait for a button whose address fits; returns the address, or the URL of a link button."""


@dataclass(frozen=True)
class Found:
    """A button on the screen: its address or link, and how the stand-in wants to be told of the tap."""

    address: str
    act: Json


@dataclass
class ControlApi:
    """Calls the control routes of one stand-in over HTTP."""

    session: aiohttp.ClientSession
    root: str

    async def post(self, name: str, act: Json) -> Json:
        async with self.session.post(f"{self.root}/{name}", json=act) as answer:
            told: Json = await answer.json()
            if not told.get("ok", True):
                raise NotThere(f"{name} {act}: {told}")
            return told

    async def get(self, name: str, **query: str) -> Json:
        async with self.session.get(f"{self.root}/{name}", params=query) as answer:
            seen: Json = await answer.json()
            return seen


class _Person:
    """What both platforms share: looking until something is there, or has changed."""

    def __init__(self, control: ControlApi) -> None:
        self._control = control

    async def _look(self) -> Json:
        raise NotImplementedError

    def _buttons(self, seen: Json) -> Iterator[Found]:
        """All buttons, the newest first."""
        raise NotImplementedError

    def _bot_said(self, seen: Json) -> object:
        """What changes when the bot answers."""
        raise NotImplementedError

    def _is_done(self, _seen: Json) -> bool:
        """Whether nothing that the bot was told is still being answered, as far as the platform can tell."""
        return True

    async def _find(self, leads_to: str) -> Found:
        until = time.monotonic() + PATIENCE
        pattern = re.compile(leads_to)
        while True:
            seen = await self._look()
            for found in self._buttons(seen):
                if pattern.match(found.address):
                    return found
            if time.monotonic() > until:
                there = [found.address for found in self._buttons(seen)][:30]
                raise NotThere(f"no button leads to {leads_to}; there is {there} after {self._bot_said(seen)!r:.400}")
            await asyncio.sleep(LOOK_AGAIN)

    async def wait_for(self, leads_to: str) -> str:
        return (await self._find(leads_to)).address

    async def _act(self, name: str, act: Json) -> None:
        before = self._bot_said(await self._look())
        await self._control.post(name, act)
        until = time.monotonic() + PATIENCE
        # An answer may come in several steps: a message below, then the buttons of the one before go.
        while self._bot_said(seen := await self._look()) == before or not self._is_done(seen):
            if time.monotonic() > until:
                raise NotThere(f"{name} {act} was not answered")
            await asyncio.sleep(LOOK_AGAIN)


class TelegramHands(_Person):
    def __init__(self, control: ControlApi, user: int) -> None:
        super().__init__(control)
        self._user = user

    async def start(self, payload: str = "") -> None:
        await self._act("start", {"user": self._user, "payload": payload})

    async def say(self, words: str) -> None:
        await self._act("say", {"user": self._user, "text": words})

    answer = say

    async def tap(self, leads_to: str) -> None:
        found = await self._find(leads_to)
        await self._act("tap", {"user": self._user, **found.act})

    async def _look(self) -> Json:
        return await self._control.get(f"chats/{self._user}")

    def _buttons(self, seen: Json) -> Iterator[Found]:
        for message in reversed(seen["messages"]):
            for button in (button for buttons in message["keyboard"] for button in buttons):
                # By what it carries, as a client sends it: another button may stand in that place by now.
                data, url = button.get("callback_data"), button.get("url")
                yield Found((data or url or "").lstrip("!"), {"message_id": message["message_id"], "data": data})

    def _bot_said(self, seen: Json) -> object:
        mine = [message for message in seen["messages"] if message["from_bot"]]
        return [(message["text"], message["keyboard"]) for message in mine[-3:]]

    def _is_done(self, seen: Json) -> bool:
        """The webhook is answered once the reply is shown."""
        return not seen["pending_updates"] and not seen["unanswered"]


class SlackHands(_Person):
    def __init__(self, control: ControlApi, team: str, user: str) -> None:
        super().__init__(control)
        self._who = {"team": team, "user": user}

    async def say(self, words: str) -> None:
        command, _, text = words.partition(" ")
        if words.startswith("/"):
            await self._act("command", {**self._who, "command": command, "text": text})
        else:
            await self._act("say", {**self._who, "text": words})

    async def answer(self, words: str) -> None:
        """In the modal on top, which has one input."""
        until = time.monotonic() + PATIENCE
        while not (modals := (await self._look())["modals"]):
            if time.monotonic() > until:
                raise NotThere("no modal was opened")
            await asyncio.sleep(LOOK_AGAIN)
        inputs = [block for block in modals[-1]["blocks"] if block["type"] == "input"]
        values = {inputs[0]["block_id"]: {inputs[0]["element"]["action_id"]: words}}
        await self._act("submit", {**self._who, "values": values})

    async def tap(self, leads_to: str) -> None:
        """In a modal also a day or a time: the day is chosen in its date picker, a time is chosen and sent."""
        found = await self._find(leads_to)
        await self._act("submit" if "values" in found.act else "click", {**self._who, **found.act})

    async def _look(self) -> Json:
        return await self._control.get("state", **self._who)

    def _buttons(self, seen: Json) -> Iterator[Found]:
        for view in reversed(seen["modals"]):
            yield from _in_blocks(view["blocks"], {"view": view["id"]})
            yield from _in_modal(view)
        for channel in seen["channels"]:
            for message in reversed(channel["messages"] if channel["is_im"] else []):
                yield from _in_blocks(message.get("blocks", []), {"channel": channel["id"], "ts": message["ts"]})

    def _bot_said(self, seen: Json) -> object:
        direct = [message for channel in seen["channels"] if channel["is_im"] for message in channel["messages"]]
        said = [(message["text"], message.get("blocks")) for message in direct[-4:] if message.get("bot_id")]
        return [(view["id"], view["hash"], view["errors"]) for view in seen["modals"]], said


def _in_modal(view: Json) -> Iterator[Found]:
    """What can be sent from a modal that asks for a time, or about an act."""
    place = {"view": view["id"]}
    act = json.loads(view["private_metadata"] or "{}").get("to")
    if view["submit"] and act:
        yield Found(act, {**place, "values": {}})
    for block in view["blocks"]:
        element = block.get("element") or block.get("accessory") or {}
        at = {"block_id": block["block_id"], "action_id": element.get("action_id")}
        if element.get("type") == "datepicker" and block["type"] == "section":
            leads = element["action_id"].partition("|")[2]
            first = date.fromisoformat(element["initial_date"])
            for day in (first + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD)):
                yield Found(f"{leads}/{day}", {**place, **at, "value": day.isoformat()})
        elif element.get("type") == "static_select":
            for option in (option for group in element.get("option_groups", []) for option in group["options"]):
                values = {block["block_id"]: {element["action_id"]: option["value"]}}
                yield Found(option["value"], {**place, "values": values})


def _in_blocks(blocks: list[Json], place: Json) -> Iterator[Found]:
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else [block.get("accessory")]
        for element in elements:
            if element and element["type"] == "button":
                leads = element.get("url") or element.get("value") or ""
                act = {**place, "block_id": block["block_id"], "action_id": element["action_id"]}
                yield Found(leads.lstrip("!"), act)
