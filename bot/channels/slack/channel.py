"""The Slack channel: payloads in, messages out. Nothing here touches the network before it is asked to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import aiohttp

from bot.channels.slack.api import Api, BadToken, InBetween, Refused, Unreadable
from bot.channels.slack.background import Background
from bot.channels.slack.chats import Chats
from bot.channels.slack.events_endpoint import EventsEndpoint
from bot.channels.slack.listeners import Listeners
from bot.channels.slack.oauth import OAuth
from bot.channels.slack.ports import WorkspaceDirectory
from bot.channels.slack.profiles import Profiles
from bot.channels.slack.receiving import SlackReceiver
from bot.channels.slack.renewal import Renewals
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.tokens import Tokens
from bot.channels.slack.turns import Turns
from bot.channels.slack.windows import SlackWindows
from bot.chat.channel import Away, CannotReach, Front, NoHistory, NotDelivered, PerhapsDelivered, Sent, TryLater
from bot.chat.limits import ONE_A_SECOND, Limit, Limits
from bot.chat.screen import Screen
from bot.chat.words import speaking
from bot.clock import Clock
from bot.config import Slack
from bot.domain.people.people import Account, Platform, Unreachable
from bot.http_route import HttpRoute
from bot.services.practice.workspaces import HISTORY_SECONDS

EVENTS_GUARD = "Slack's signature (HMAC-SHA256 over time and body), at most five minutes old"
OAUTH_GUARD = "public: begins an installation; its end needs a signed state, ten minutes old at most"
DRAIN_SECONDS = 8.0
CHECK_SECONDS = 5.0
CLOCKS_APART = timedelta(minutes=10)
NOT_SLACK = "what answers there is not Slack"
REFUSED_SECONDS = 300.0
"""A refusal that is about the app and not about the person: somebody has to mend it first."""


class SlackChannel:
    """Implements `bot.channels.port.ChatPlatform`.

    `public_url` has no slash at its end. Outgoing calls share `session`, which stays the caller's to close.
    """

    platform = Platform.SLACK
    limits = Limits(Limit(1000, 0.001, 0.001), ONE_A_SECOND)
    """One a second into a channel (Web API, `chat.postMessage`). For a workspace it gives no figure ("several hundred a
    minute"), and asks to wait."""

    settings: tuple[str, ...] = ("SLACK_BOT_TOKEN", "SLACK_API_URL")

    def __init__(
        self,
        settings: Slack,
        public_url: str,
        session: aiohttp.ClientSession,
        workspaces: WorkspaceDirectory,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._background = Background()
        self._api = Api(settings.api_url, session)
        self._renewals = Renewals(self._api, settings, workspaces, clock)
        self._tokens = Tokens(self._api, workspaces, settings.bot_token, self._renewals, clock)
        self._profiles = Profiles(self._api, self._background, clock)
        self._chats = Chats(self._api)
        self._windows = SlackWindows(self._api, self._chats, self._find_lately, reads=self._tokens.reads_history)
        self._turns = Turns(self._tokens, self._profiles, self._chats, self._windows, self._background)
        taker = SlackReceiver(self._turns, self._profiles, self._api, self._background, clock)
        listeners = Listeners(self._api.client(), taker)
        self.handle = EventsEndpoint(settings.signing_secret, listeners.dispatch).handle
        oauth = OAuth(settings, public_url.rstrip("/"), self._api, workspaces, clock)
        self.install = oauth.install
        self.oauth_redirect = oauth.redirected
        self.oauth_confirmed = oauth.confirmed
        self._workspaces = workspaces
        self._clock = clock
        self._socket = SocketMode(settings.app_token, self._api, listeners.dispatch) if settings.app_token else None

    def attach(self, front: Front) -> None:
        """From now on people are answered; before, they are told to try again."""
        self._turns.attach(front)

    def routes(self) -> Sequence[HttpRoute]:
        """Without a client id the app cannot be installed by others, and has no pages for it."""
        events = HttpRoute("POST", "/slack/events", self.handle, EVENTS_GUARD)
        if not self._settings.client_id:
            return [events]
        install = HttpRoute("GET", "/slack/install", self.install, OAUTH_GUARD, visited=True)
        redirect = HttpRoute("GET", "/slack/oauth_redirect", self.oauth_redirect, OAUTH_GUARD, visited=True)
        confirmed = HttpRoute("POST", redirect.path, self.oauth_confirmed, OAUTH_GUARD, visited=True)
        return [events, install, redirect, confirmed]

    async def start(self, *, receive: bool = True) -> None:
        """Open the websocket in the background, if Socket Mode is on. A worker does not `receive`."""
        if receive and self._socket is not None:
            self._socket.start()

    async def close(self) -> None:
        """Take nothing more, and finish what is in hand."""
        if self._socket is not None:
            await self._socket.close()
        await self._windows.close()
        await self._background.drain(DRAIN_SECONDS)
        await self._renewals.close()

    async def renew(self) -> None:
        """Exchange the bot tokens that soon end, where Slack's token rotation is on."""
        await self._renewals.ahead()

    async def settled(self) -> None:
        """Every answer that was given so far is shown."""
        await self._background.settled()

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        """Post a notice; its buttons open a new message when they are tapped."""
        try:
            return await self._chats.post(to, await self._token(to), screen, key=key, notice=True)
        except Refused as refused:
            raise TryLater(REFUSED_SECONDS) from refused

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        try:
            await self._chats.edit(sent, await self._token(to), screen, notice=True)
        except Refused as refused:
            if not refused.gone:
                raise TryLater(REFUSED_SECONDS) from refused

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        """Raises `TryLater` when the workspace's history was read less than a minute ago, or cannot be read now."""
        try:
            token = await self._token(to)
            if not await self._workspaces.may_read_history(to.workspace):
                raise TryLater(HISTORY_SECONDS)
            return await self._chats.find(await self._chats.of(to, token), token, key, since.timestamp())
        except (CannotReach, Refused) as refused:
            raise NoHistory from refused
        except PerhapsDelivered as unheard:
            raise TryLater(HISTORY_SECONDS) from unheard

    async def _find_lately(self, to: Account, key: str) -> Sent | None:
        """As `find`, for a message that was posted a moment ago."""
        return await self.find(to, key, self._clock.now() - CLOCKS_APART)

    async def answers(self) -> bool:
        try:
            await self._reachable()
        except (Away, PerhapsDelivered):
            return False
        except (NotDelivered, Refused):
            return True
        return True

    async def publish_home(self, to: Account, screen: Screen) -> None:
        token = await self._token(to)
        with speaking(screen.language or self._profiles.language(to.workspace, to.user_ref)):
            try:
                await self._windows.publish(to.user_ref, screen, token)
            except Refused as refused:
                raise TryLater(REFUSED_SECONDS) from refused

    async def check(self) -> str | None:
        """None while Slack accepts what the settings hold; otherwise what is wrong, in words."""
        try:
            if self._settings.bot_token:
                said = await self._tokens.introduce(CHECK_SECONDS)
                if not said.get("team_id"):
                    return NOT_SLACK
            else:
                await self._reachable()
            if self._settings.app_token:
                asked = self._api.client().apps_connections_open(app_token=self._settings.app_token)
                await self._api.run("apps.connections.open", asked, CHECK_SECONDS)
        except (CannotReach, BadToken):
            return "Slack does not accept the token"
        except (InBetween, Unreadable):
            return NOT_SLACK
        except (TryLater, PerhapsDelivered):
            return "Slack does not answer"
        except Refused as refused:
            return f"Slack answers {refused.code}"
        return None

    async def _reachable(self) -> None:
        """Without a token of its own the app is a stranger to Slack, which says so."""
        try:
            await self._api.run("auth.test", self._api.client().auth_test(), CHECK_SECONDS)
        except BadToken:
            return

    async def _token(self, to: Account) -> str:
        token = await self._tokens.of(to.workspace)
        if token is None:
            raise CannotReach(Unreachable.UNINSTALLED)
        return token
