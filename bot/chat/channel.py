"""The protocols between a chat platform and the app: each folder of `bot/channels/` implements `Channel` and calls
`Front`.

The *living message* of a chat is the one that taps edit: the page that the person looks at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.chat.limits import Limits
from bot.chat.screen import Kept, Screen
from bot.chat.turn import Progress, Window, WindowKind
from bot.domain.people.people import Account, Platform, Profile, Role, Unreachable


class NotDelivered(Exception):
    """A message did not go out. Its subclasses decide what happens to the row in the outbox."""


class CannotReach(NotDelivered):
    """Nothing reaches this account any more: it blocked us, was deactivated, or uninstalled the app."""

    def __init__(self, why: Unreachable) -> None:
        super().__init__(why.value)
        self.why = why


class TryLater(NotDelivered):
    """The platform asks to wait (429), or could not be reached before anything was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class Away(TryLater):
    """The platform could not be reached, or fell over before it did anything: nobody asked to wait."""


class FellOver(Away):
    """The platform failed over the request, and may have done it all the same. `asked_s`: it asked to wait so long."""

    def __init__(self, seconds: float, asked_s: float = 0.0) -> None:
        super().__init__(seconds)
        self.asked_s = asked_s


class ShutOut(TryLater):
    """The platform takes nothing from us, whoever it is for: our token is refused."""


class TooMany(TryLater):
    """The platform's rate limit is reached (429): other messages may meet it, too."""


class PerhapsDelivered(NotDelivered):
    """A time-out or a cut connection after the request went out: nobody knows."""


class PassedOver(NotDelivered):
    """It does not go there this time, though the account stays open: another one of the person's may take it."""


class NoHistory(NotDelivered):
    """Nobody can look whether a message arrived there."""


@dataclass(frozen=True)
class Sent:
    chat_ref: str
    message_ref: str


class Channel(Protocol):
    """Sends and corrects messages that answer nothing a person did: reminders, notices, receipts."""

    platform: Platform
    limits: Limits
    """How fast it takes messages."""

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        """Post a message of its own. `key` identifies it in the message's metadata where there is one."""

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        """Correct a message sent before. A message that is gone or too old to edit is not an error."""

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        """Look for a message by its key; None: it is not there. Raises `NoHistory` where nobody can look."""

    async def answers(self) -> bool:
        """Ask the platform something harmless: whether it answers, be it with a refusal, and does not fail."""

    async def publish_home(self, to: Account, screen: Screen) -> None:
        """Draw the person's home page, where the platform has one; otherwise nothing happens."""


@dataclass(frozen=True)
class Incoming:
    """Something a person said or did, as a channel read it. Exactly one of the last five fields is set.

    `key` is the platform's own id of this update (`telegram:77`, `slack:Ev0…`): a second delivery has the same.
    `address` is what a button carried (flag byte removed), `command` a slash command with its text in `text`,
    `payload` a deep link's, `text` typed words, `answers` the raw values of the form at `form_at` that is to be
    sent to `form_to`; a tap in a window comes from its page, `form_at`. `home` asks for the home page. Empty `text` is
    something without words: a picture, a sticker.
    `progress` shows words where the answer will stand, until it is there. `order` rises with what is
    said and done on this platform, whenever it is delivered; None where the platform does not tell.
    """

    profile: Profile
    key: str
    window: Window
    address: str | None = None
    command: str | None = None
    text: str | None = None
    payload: str | None = None
    answers: Mapping[str, str] | None = None
    form_at: str | None = None
    form_to: str | None = None
    home: bool = False
    modals: bool = False  # this window can open a modal right now
    order: float | None = None
    progress: Progress | None = field(default=None, compare=False, repr=False)
    replies_to: str | None = None  # the message that typed words were written under
    submitted: bool = False  # the window in which this was chosen closes, unless another step follows

    @property
    def stays_in_window(self) -> bool:
        """Whether the answer stands in the window that this was tapped in, over the page below it."""
        return self.window.kind is WindowKind.MODAL and self.answers is None and not self.submitted


@dataclass(frozen=True)
class Reply:
    """What to show, to whom, and where the person's living message stands (`living_ref` of the same chat).

    `errors`: a form's answers cannot stand, words by field name; `screen` is then the form again.
    `new` asks for a new message instead of an edit, since words were typed below the living one. `roles` are those
    that the person has, for a command menu of their own. `key` is that of the update which it answers. `again`: that
    one came late or a second time, and what the chat stands at is shown in its living message, or is there already.
    `waited`: the platform did not take it at once, and the chat may have gone on since.
    """

    account: Account
    screen: Screen
    language: str
    living_ref: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    new: bool = False
    roles: frozenset[Role] = frozenset()
    key: str | None = None
    again: bool = False
    waited: bool = False


class Front(Protocol):
    """Takes everything that a person says or does, the same way for every platform."""

    async def turn(self, incoming: Incoming) -> Reply | None:
        """Answer it; None when nothing is to be said (another bot, a closed workspace). Raises only `StorageAway`."""

    async def turned_away(self, incoming: Incoming) -> Reply | None:
        """It is not taken: more of its chat waits already than a person says. None when they need not hear it again.

        Raises only `StorageAway`.
        """

    async def shown(self, account: Account, message_ref: str | None, key: str | None = None) -> None:
        """The reply to the update `key` was shown in this message of the private chat, from now on its living one."""

    async def is_living(self, account: Account, message_ref: str) -> bool:
        """Whether this is still the living message of the chat, which another process may have changed meanwhile."""

    async def drawn_over(self, account: Account, message_ref: str) -> None:
        """A page was written over this message, which was the living one no more: what it keeps is drawn again."""

    async def kept(self, account: Account, what: Kept, sent: Sent, key: str | None = None) -> str | None:
        """The reply, whose screen is `kept`, was shown in this message: from now on it is the only one about `what`.

        It is drawn as a notice, is corrected when the facts change, and is not the living message. Returns the
        message that was the only one before; the channel removes its buttons.
        """

    def keeps(self, account: Account, message_ref: str) -> bool:
        """Whether `kept` was just told of this message, so that no page may take its place any more."""

    async def unseen(self, reply: Reply, seconds: float) -> None:
        """The reply did not reach the private chat, or perhaps did not.

        It is sent again as a message of its own, `seconds` from now, unless the person has gone on by then.
        """

    async def reachable(self, profile: Profile, why_not: Unreachable | None) -> None:
        """The platform told that the person can (None) or cannot be written to."""

    async def profile_changed(self, profile: Profile) -> None:
        """Name, language or zone changed on the platform."""

    async def workspace_gone(self, workspace: str, at: datetime | None) -> None:
        """The app was removed from a workspace, at a time by the platform's clock where that is known."""

    def menu(self, language: str, roles: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Commands (with slash) and their descriptions for a command menu."""
