"""All workspaces of the stand-in, the ids it gives out, and the feed of what changed."""

import asyncio
import secrets
import string
from collections.abc import Callable

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.triggers import ResponseUrls, Triggers
from bot.sandbox.slack.workspace import Channel, Installation, Json, SlackApp, Team, UploadedFile, User, View
from bot.sandbox.standin import SandboxClock

FEED_KEPT = 5_000


class Feed:
    """Numbered changes, so that a page can ask for what came after the one it knows."""

    def __init__(self) -> None:
        self._changes: list[Json] = []
        self._last = 0
        self._arrived = asyncio.Event()

    @property
    def last(self) -> int:
        return self._last

    def add(self, kind: str, team: str, user: str | None = None, **about: str) -> None:
        """`user` is who sees it; None means everybody of the workspace."""
        self._last += 1
        self._changes.append({"n": self._last, "kind": kind, "team": team, "user": user, **about})
        del self._changes[:-FEED_KEPT]
        self._arrived.set()
        self._arrived = asyncio.Event()

    async def after(self, seen: int, patience: float) -> list[Json]:
        """Changes after `seen`; waits up to `patience` seconds for the first."""
        if self._last <= seen:
            try:
                async with asyncio.timeout(patience):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        return [change for change in self._changes if change["n"] > seen]


class Slack:
    """The state behind the Web API, the pages and the people.

    `announce` hands an event of the Events API to whoever delivers it.
    """

    def __init__(self, clock: SandboxClock, app: SlackApp) -> None:
        self.clock = clock
        self.app = app
        self.teams: dict[str, Team] = {}
        self.tokens: dict[str, Installation] = {}
        self.files: dict[str, UploadedFile] = {}
        self.feed = Feed()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls(clock)
        self.origin = ""
        self.announce: Callable[[Team, Json], None] = lambda _team, _event: None
        self._count = 0
        self._last_ts = 0

    def new_id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}07RAP{self._count:05d}"

    def new_local_id(self) -> str:
        """The short id that Slack gives to a block or an element that came without."""
        return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))

    def new_hash(self) -> str:
        return f"{self.seconds()}.{secrets.token_hex(4)}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def new_ts(self) -> str:
        """The product's time as `seconds.microseconds`, never the same twice and never going back."""
        now = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_team(self, name: str, domain: str, team_id: str | None = None) -> Team:
        team = Team(team_id or self.new_id("T"), name, domain)
        self.teams[team.id] = team
        self.add_channel(team, "general", [])
        return team

    def add_user(
        self,
        team: Team,
        name: str,
        real_name: str,
        *,
        tz: str | None = None,
        locale: str = "en-US",
        is_bot: bool = False,
        user_id: str | None = None,
    ) -> User:
        user = User(user_id or self.new_id("U"), team.id, name, real_name, tz, locale, is_bot)
        user.updated = self.seconds()
        team.users[user.id] = user
        for channel in team.channels.values():
            if channel.name == "general" and not is_bot:
                channel.members.append(user.id)
        self.feed.add("user", team.id)
        return user

    def add_channel(self, team: Team, name: str | None, members: list[str]) -> Channel:
        creator = members[0] if members else ""
        channel_id = self.new_id("C" if name else "D")
        channel = Channel(channel_id, team.id, name, list(members), self.seconds(), creator)
        team.channels[channel.id] = channel
        return channel

    def direct(self, team: Team, user: str) -> Channel:
        """The person's direct message with the bot, opened now if it never was."""
        if team.installation is None:
            raise ApiError("app_not_installed")
        return team.direct(user) or self.add_channel(team, None, [user, team.installation.bot_user])

    def install(self, team: Team, installer: str, token: str | None = None) -> Installation:
        """Install the app; a second time gives the same token as long as the first is good."""
        if team.installation is not None:
            team.installation.installer = installer
            return team.installation
        bot = next((user for user in team.users.values() if user.is_bot and user.name == "rapport"), None)
        bot = bot or self.add_user(team, "rapport", self.app.name, is_bot=True)
        token = token or f"xoxb-{team.id}-{secrets.token_hex(12)}"
        team.installation = Installation(team.id, token, bot.id, self.new_id("B"), installer)
        self.tokens[token] = team.installation
        self.feed.add("installed", team.id)
        return team.installation

    def uninstall(self, team: Team, *, revoked: bool = False) -> Installation | None:
        """Close the workspace to the app: its token answers account_inactive, or token_revoked."""
        gone, team.installation = team.installation, None
        if gone is not None:
            gone.state = "token_revoked" if revoked else "account_inactive"
            team.stacks.clear()
            team.homes.clear()
            self.feed.add("uninstalled", team.id)
        return gone

    def show_error(self, team: Team, user: str, where: str, error: str) -> None:
        """An error as the person's Slack shows it."""
        shown = {"ts": self.new_ts(), "where": where, "error": error}
        team.errors.setdefault(user, []).append(shown)
        self.feed.add("error", team.id, user, error=error)

    def close_views(self, team: Team, user: str, closed: list[View]) -> None:
        team.stacks[user] = [view for view in team.stack(user) if view not in closed]
        self.feed.add("modal", team.id, user)
