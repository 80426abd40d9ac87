"""A person's Slack client, over the stand-in's control routes."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import aiohttp

from tests.support.people.seen import Key, Seen, days_around

Json = dict[str, Any]
SUBMIT = "submit"
_LINK = re.compile(r"<(?![!@#])([^<>|]+)(?:\|([^<>]*))?>")
_DATE = re.compile(r"<!date\^[^|<>]*\|([^<>]*)>")
_BOLD = re.compile(r"(?<!\w)\*(\S(?:.*?\S)?)\*(?!\w)")


class SlackHands:
    """`channel` is a public channel's id, or None for the direct message with the bot."""

    platform = "slack"
    heard_is_answered = False

    def __init__(
        self, session: aiohttp.ClientSession, url: str, team: str, user: str, channel: str | None = None
    ) -> None:
        self._session = session
        self._root = f"{url}/_sandbox/slack"
        self.team = team
        self.user = user
        self.channel = channel

    async def look(self) -> list[Seen]:
        """The chat, then Home if it was drawn, then the modal on top."""
        shown = await self.state()
        found = [self._message(message) for message in self._messages(shown)]
        if shown["home"]:
            found.append(_view(shown["home"], "home", over_all=False))
        found += [_view(view, f"modal {view['id']}", over_all=True) for view in shown["modals"][-1:]]
        return [seen for seen in found if seen.text or seen.keys]

    def _messages(self, shown: Json) -> list[Json]:
        wanted = (c for c in shown["channels"] if (c["is_im"] if self.channel is None else c["id"] == self.channel))
        return next((list(channel["messages"]) for channel in wanted), [])

    def _message(self, message: Json) -> Seen:
        blocks = message.get("blocks", [])
        mine = message.get("user") == self.user
        text = shown_text(blocks) if blocks and not mine else displayed(message.get("text", ""))
        return Seen(f"{message['ts']}", text, _keys(blocks), mine)

    async def say(self, words: str) -> None:
        """A word with a slash is a command, whether in a channel or in the direct message."""
        where: Json = {} if self.channel is None else {"channel": self.channel}
        if words.startswith("/"):
            command, _, text = words.partition(" ")
            await self.act("command", command=command, text=text, **where)
        else:
            await self.act("say", text=words, **where)

    async def start(self, payload: str) -> None:
        """Slack has no deep links: whoever comes says hello."""
        assert not payload, "Slack has no start payload"
        await self.say("hello")

    async def press(self, seen: Seen, key: Key) -> None:
        """In a modal also a day or a time, by its words: a time is chosen and sent at once."""
        block, action, *chosen = key.at.split(" ")
        if block == SUBMIT:
            await self.act("submit", check=False)
            return
        if chosen and chosen[0] == SUBMIT:
            await self.act("submit", values={block: {action: chosen[1]}}, check=False)
            return
        if chosen:
            await self.act("click", block_id=block, action_id=action, value=chosen[0], view="top")
            return
        where: Json = {"channel": self.channel, "ts": seen.ref}
        if seen.ref == "home":
            where = {"home": True}
        elif seen.over_all:
            where = {"view": seen.ref.removeprefix("modal ")}
        await self.act("click", block_id=block, action_id=action, confirm=True, **where)

    async def forge(self, seen: Seen, _data: str) -> None:
        """Press the first button, whatever it was made to carry."""
        await self.press(seen, seen.keys[0])

    async def value(self, seen: Seen, key: Key) -> str:
        """What a button carries."""
        block_id, action = key.at.split(" ")
        message = next(m for m in self._messages(await self.state()) if str(m["ts"]) == seen.ref)
        block = next(block for block in message["blocks"] if block["block_id"] == block_id)
        return str(next(one for one in block["elements"] if one["action_id"] == action)["value"])

    async def fill(self, values: Sequence[str | None]) -> None:
        modals = (await self.state())["modals"]
        if not modals:
            await self._answer_in_chat(values)
            return
        inputs = [block for block in modals[-1]["blocks"] if block["type"] == "input"]
        assert len(inputs) >= len(values), f"the form asks {len(inputs)} things"
        given = {
            block["block_id"]: {block["element"]["action_id"]: value}
            for block, value in zip(inputs, values, strict=False)
            if value is not None
        }
        await self.act("submit", values=given, check=False)

    async def _answer_in_chat(self, values: Sequence[str | None]) -> None:
        """What took too long for the window is asked in the chat, where the answer is typed."""
        told = [seen for seen in await self.look() if not seen.mine]
        assert any(seen.key("Cancel") for seen in told[-1:]), "no form is open"
        [value] = values
        assert value is not None, "only words are typed"
        await self.say(value)

    async def leave(self) -> None:
        await self.act("close")

    async def opens_home(self) -> None:
        await self.act("open_home")

    async def heard(self) -> bool:
        return True

    async def act(self, name: str, *, check: bool = True, **body: Any) -> Json:
        told = await self.control(name, team=self.team, user=self.user, **body)
        assert not check or told["ok"], told
        return told

    async def control(self, name: str, **body: Any) -> Json:
        async with self._session.post(f"{self._root}/{name}", json=body) as answer:
            told: Json = await answer.json()
            return told

    async def state(self) -> Json:
        query = {"team": self.team, "user": self.user}
        async with self._session.get(f"{self._root}/state", params=query) as answer:
            shown: Json = await answer.json()
            return shown


def displayed(mrkdwn: str) -> str:
    """What Slack's client draws: links and bold without their marks, entities as characters; dates as our words."""
    plain = _LINK.sub(lambda found: found[2] or found[1], _DATE.sub(r"\1", mrkdwn))
    lines = (_BOLD.sub(r"\1", line) for line in plain.splitlines())
    return "\n".join(lines).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shown_text(blocks: list[Json]) -> str:
    return "\n".join(_texts(blocks))


def _texts(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        named = [block.get("text"), block.get("label"), block.get("hint"), *block.get("fields", [])]
        elements = block.get("elements", []) if block["type"] == "context" else []
        for text in [*named, *elements]:
            if isinstance(text, dict) and text.get("type") == "mrkdwn":
                yield displayed(text["text"])
            elif isinstance(text, dict) and text.get("type") == "plain_text":
                yield text["text"]


def _keys(blocks: list[Json]) -> tuple[Key, ...]:
    found = []
    for block in blocks:
        elements = [*block.get("elements", []), block.get("accessory", {})] if block["type"] != "rich_text" else []
        for element in elements:
            if element.get("type") == "button":
                at = f"{block['block_id']} {element['action_id']}"
                found.append(Key(element["text"]["text"], at, element.get("url")))
    return tuple(found)


def _steps(view: Json) -> Iterator[Key]:
    """Days and times to choose in a modal, and the button that sends it where nothing is left to fill in."""
    for block in view["blocks"]:
        element = block.get("element") or block.get("accessory") or {}
        at = f"{block['block_id']} {element.get('action_id')}"
        if element.get("type") == "datepicker" and block["type"] == "section":
            shown = element["initial_date"]
            for day, label in days_around(shown):
                yield Key(label, "" if day == shown else f"{at} {day}", hidden=True)
        for option in (option for group in element.get("option_groups", []) for option in group["options"]):
            yield Key(option["text"]["text"], f"{at} {SUBMIT} {option['value']}")
    if view.get("submit") and not any(block["type"] == "input" for block in view["blocks"]):
        yield Key(view["submit"]["text"], f"{SUBMIT} {SUBMIT}")


def _view(view: Json, ref: str, *, over_all: bool) -> Seen:
    title = [view["title"]["text"]] if view.get("title") else []
    wrong = list((view.get("errors") or {}).values())
    text = "\n".join([*title, shown_text(view["blocks"]), *wrong])
    asks = tuple(block["label"]["text"] for block in view["blocks"] if block["type"] == "input")
    return Seen(ref, text, (*_keys(view["blocks"]), *_steps(view)), asks=asks, over_all=over_all)
