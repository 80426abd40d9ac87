"""Serves the Slack channel over HTTP beside the stand-in, with a small front that answers by a script."""

import asyncio
import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.channels.slack.channel import SlackChannel
from bot.chat.channel import Incoming, Reply, Sent
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Kept, Line, Link, Screen, Style, Tone
from bot.chat.turn import WindowKind
from bot.clock import Clock
from bot.config import Slack
from bot.domain.people.people import Account, Platform, Profile, Unreachable
from bot.sandbox.standin import Served, serve
from storage.engine import StorageAway
from tests.channels.slack.slack_workspaces import Workspaces
from tests.sandbox.slack import slack_driver

Json = dict[str, Any]
HOSTILE = "<!channel> pays $1,000.50 & *wins* <b>"

KINDS = (Choice("a", "Alone"), Choice("b", "Together"))
FORM = Screen(
    "What to call the practice, in full",
    (Line("Clients read it first."),),
    ((Button("Never mind", "start"),),),
    form=Form(
        "form/send/tag12345",
        (
            Field("name", "Name", hint="For example: Harbour", max_length=20),
            Field("kind", "Kind", FieldKind.CHOICE, choices=KINDS, default="a"),
            Field("day", "Since", FieldKind.DAY, optional=True),
        ),
        "Save",
        cancel_to="start",
    ),
    address="form",
)
SCREENS = {
    "start": Screen(
        "Welcome",
        (Line("I am a bot."),),
        (
            (Button("Book", "book", Style.PRIMARY), Button("Form", "form"), Button("Done", "done")),
            (Link("Site", "https://example.org/"),),
        ),
        public=True,
    ),
    "home": Screen("Home", (Line("Nothing booked."),), ((Button("Book", "book"), Button("Form", "form")),)),
    "book": Screen("Which day?", (Line("In Kyiv.", Tone.QUIET),), ((Button("Tuesday", "day", label="Book Tuesday"),),)),
    "day": Screen("Tuesday", (Line(HOSTILE),), ((Button("Back", "book"),),)),
    "form": FORM,
    "done": Screen("Saved", (), ((Button("Back", "start"),),)),
}


class Front:
    """Keeps what it was asked; every key of a do counts once, as the real one's acts do."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.accounts: dict[tuple[str, str], Account] = {}
        self.living: dict[int, str | None] = {}
        self.unreachable: list[tuple[str, Unreachable | None]] = []
        self.changed: list[Profile] = []
        self.gone: list[str] = []
        self.gone_at: list[datetime | None] = []
        self.kept_messages: list[tuple[Kept, Sent]] = []
        self.unseen_replies: list[tuple[str | None, float]] = []
        self.away = False
        self.slow = 0.0
        self.taking = asyncio.Event()

    async def turn(self, incoming: Incoming) -> Reply | None:
        if self.slow:
            self.taking.set()
            await asyncio.sleep(self.slow)
        if self.away:
            raise StorageAway("gone fishing")
        self.heard.append(incoming)
        account = self._account(incoming.profile)
        screen, errors = self._screen(incoming)
        if screen.form is not None and not incoming.modals and not incoming.home:
            screen = replace(screen, title="Asked one by one", form=None)
        typed = incoming.address is None and incoming.answers is None
        living = self.living.get(account.id)
        below = typed or incoming.window.notice
        return Reply(account, screen, "en", living, errors, new=below, key=incoming.key)

    def _account(self, profile: Profile) -> Account:
        key = (profile.workspace, profile.user_ref)
        known = self.accounts.get(key) or Account(len(self.accounts) + 1, 1, Platform.SLACK, *key, None)
        self.accounts[key] = replace(known, chat_ref=profile.chat_ref or known.chat_ref)
        return self.accounts[key]

    def _screen(self, incoming: Incoming) -> tuple[Screen, dict[str, str]]:
        if incoming.home:
            return self._at("home"), {}
        if incoming.answers is not None:
            name = incoming.answers["name"]
            if name == "taken":
                return FORM, {"name": "That name is taken."}
            if name == "next":
                assert FORM.form is not None
                return replace(FORM, title="Another", form=replace(FORM.form, to="form/2/tag12345")), {}
            return self._at("done"), {}
        if incoming.address is not None:
            return self._at(incoming.address), {}
        word = (incoming.command or incoming.text or "start").lstrip("/")
        return self._at(word if word in SCREENS else "start"), {}

    @staticmethod
    def _at(address: str) -> Screen:
        return replace(SCREENS.get(address, SCREENS["start"]), address=address)

    async def kept(self, account: Account, what: Kept, sent: Sent, key: str | None = None) -> str | None:
        self.kept_messages.append((what, sent))
        return None

    async def is_living(self, account: Account, message_ref: str) -> bool:
        return True

    async def drawn_over(self, account: Account, message_ref: str) -> None: ...

    def keeps(self, account: Account, message_ref: str) -> bool:
        return any(sent.message_ref == message_ref for _what, sent in self.kept_messages)

    async def unseen(self, reply: Reply, seconds: float) -> None:
        self.unseen_replies.append((reply.screen.address, seconds))

    async def turned_away(self, incoming: Incoming) -> Reply | None: ...

    async def shown(self, account: Account, message_ref: str | None, key: str | None = None) -> None:
        self.living[account.id] = message_ref

    async def reachable(self, profile: Profile, why_not: Unreachable | None) -> None:
        self.unreachable.append((profile.user_ref, why_not))

    async def profile_changed(self, profile: Profile) -> None:
        self.changed.append(profile)

    async def workspace_gone(self, workspace: str, at: datetime | None) -> None:
        self.gone.append(workspace)
        self.gone_at.append(at)

    def menu(self, language: str, roles: Sequence[str]) -> Sequence[tuple[str, str]]:
        return []

    def kinds(self) -> list[WindowKind]:
        return [incoming.window.kind for incoming in self.heard]


@dataclass
class SlackSetup:
    """Everything a test needs: the person's hands (`there`), the channel, and what stands behind it."""

    there: slack_driver.Workspace
    channel: SlackChannel
    front: Front
    workspaces: Workspaces
    served: Served
    settings: Slack
    receiver: dict[str, SlackChannel]

    async def act(self, name: str, **act: Any) -> Json:
        outcome = await self.there.act(name, **act)
        await self.channel.settled()
        return outcome

    async def direct(self) -> list[Json]:
        return await self.there.messages()

    async def last(self) -> Json:
        return (await self.direct())[-1]

    async def press(self, text: str, message: Json | None = None, **more: Any) -> Json:
        """A button of the private chat's last message, or of another one."""
        message = message or await self.last()
        shown = await self.there.state()
        channel = next(c["id"] for c in shown["channels"] if any(m["ts"] == message["ts"] for m in c["messages"]))
        return await self.act("click", channel=channel, ts=message["ts"], text=text, **more)

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        url = f"{self.served.url}/slack/events"
        async with self.there.session.post(url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status, await answer.text()

    def signed(self, body: bytes, content: str = "application/json", at: str | None = None) -> dict[str, str]:
        stamp = at or str(int(time.time()))
        base = f"v0:{stamp}:".encode() + body
        mac = hmac.new((self.settings.signing_secret or "").encode(), base, hashlib.sha256).hexdigest()
        return {"Content-Type": content, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}

    async def send(self, payload: Json, *, form: bool = False) -> tuple[int, str]:
        """A signed payload as JSON, or as an interaction's form."""
        if not form:
            raw = json.dumps(payload).encode()
            return await self.post(raw, self.signed(raw))
        raw = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.post(raw, self.signed(raw, "application/x-www-form-urlencoded"))


@asynccontextmanager
async def desk(*, own_token: bool = True, app_token: bool = False) -> AsyncIterator[SlackSetup]:
    async with slack_driver.workspace() as there, aiohttp.ClientSession() as session:
        identity = there.standin.identity
        settings = Slack(
            bot_token=there.token if own_token else None,
            client_id=None if own_token else identity.client_id,
            client_secret=None if own_token else identity.client_secret,
            signing_secret=None if app_token else identity.signing_secret,
            app_token=identity.app_token if app_token else None,
            api_url=f"{there.served.url}/api/",
        )
        app = web.Application()
        receiver: dict[str, SlackChannel] = {}

        async def enter(request: web.Request) -> web.StreamResponse:
            slack = receiver["slack"]
            back = slack.oauth_confirmed if request.method == "POST" else slack.oauth_redirect
            doors = {"events": slack.handle, "install": slack.install, "oauth_redirect": back}
            return await doors[request.match_info["door"]](request)

        app.router.add_route("*", "/slack/{door}", enter)
        served = await serve(app)
        workspaces, front = Workspaces(there.token if own_token else None), Front()
        channel = receiver["slack"] = SlackChannel(settings, served.url, session, workspaces, Clock())
        channel.attach(front)
        there.standin.settings.request_url = f"{served.url}/slack/events"
        await channel.start(receive=True)
        try:
            yield SlackSetup(there, channel, front, workspaces, served, settings, receiver)
        finally:
            there.standin.settings.request_url = ""
            await channel.close()
            await served.close()


def restarted(slack: SlackSetup) -> SlackSetup:
    """The same doors with a new process behind them, which remembers nothing."""
    channel = SlackChannel(slack.settings, slack.served.url, slack.there.session, slack.workspaces, Clock())
    channel.attach(slack.front)
    slack.receiver["slack"] = channel
    return replace(slack, channel=channel)
