"""What a Slack workspace holds: plain records that the methods and the people change."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
InputValues = dict[str, dict[str, Json]]
"""`state.values`: block_id → action_id → the element's state."""

TokenState = Literal["active", "account_inactive", "token_revoked", "token_expired"]


@dataclass(frozen=True)
class SlackApp:
    """The one app that the stand-in knows, as its pages on api.slack.com would list it."""

    app_id: str = "A07RAPPORT"
    name: str = "Rapport"
    client_id: str = "1111.2222"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - known to everybody by intention
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    app_token: str = "xapp-1-A07RAPPORT-1-sandbox"  # noqa: S105
    verification_token: str = "sandbox-verification-token"  # noqa: S105
    scopes: str = "commands,chat:write,im:write,im:history,users:read,files:write"


@dataclass
class User:
    """`tz` is an IANA zone, or None for somebody who never told Slack."""

    id: str
    team_id: str
    name: str
    real_name: str
    tz: str | None
    locale: str
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0


@dataclass
class Message:
    """`only_for` marks an ephemeral message; `values` holds each reader's unsent choices."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    bot_id: str | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    only_for: str | None = None
    files: list[str] = field(default_factory=list)
    values: dict[str, InputValues] = field(default_factory=dict)


@dataclass
class Channel:
    """A direct message between one person and the bot (`name` is None), or a public channel."""

    id: str
    team_id: str
    name: str | None
    members: list[str]
    created: int
    creator: str
    messages: list[Message] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        return self.name is None

    def message(self, ts: str) -> Message | None:
        return next((one for one in self.messages if one.ts == ts), None)


@dataclass
class View:
    """An open modal or a person's Home: `body` is what the app sent, with ids filled in."""

    id: str
    team_id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None
    values: InputValues
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")


@dataclass
class Installation:
    team_id: str
    token: str
    bot_user: str
    bot_id: str
    installer: str
    state: TokenState = "active"


@dataclass
class UploadedFile:
    """`content` is None until the bytes arrived; `done` after files.completeUploadExternal."""

    id: str
    team_id: str
    name: str
    length: int
    title: str
    alt_text: str
    created: int
    content: bytes | None = None
    mimetype: str = "application/octet-stream"
    channels: list[str] = field(default_factory=list)
    done: bool = False


@dataclass
class Team:
    """`stacks` holds each person's open modals, bottom first; `homes` their App Home."""

    id: str
    name: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    errors: dict[str, list[Json]] = field(default_factory=dict)
    installation: Installation | None = None

    def direct(self, user: str) -> Channel | None:
        """The person's direct message with the bot, once it was opened."""
        return next((c for c in self.channels.values() if c.is_im and user in c.members), None)

    def stack(self, user: str) -> list[View]:
        return self.stacks.setdefault(user, [])

    def view(self, view_id: str) -> View | None:
        open_ones = [view for stack in self.stacks.values() for view in stack]
        return next((view for view in [*open_ones, *self.homes.values()] if view.id == view_id), None)
