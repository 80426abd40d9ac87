"""Screens: what a person sees, as plain data with no platform in it. Channels draw them, tests read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.bookings.bookings import Booking
from bot.domain.subjects import Subject


class Tone(StrEnum):
    NORMAL = "normal"
    STRONG = "strong"  # the fact that matters most on this screen
    QUIET = "quiet"  # a footnote
    TERMS = "terms"  # a footnote on what is agreed to: the price, and until when it can be undone


class Style(StrEnum):
    PLAIN = "plain"
    SUCCESS = "success"  # the one act that is meant: it books, moves, confirms
    PRIMARY = "primary"  # the likeliest way on; at most one of these two on a screen
    DANGER = "danger"  # only what loses something


@dataclass(frozen=True)
class Line:
    """One paragraph. The text is plain: channels escape it, so a client named `<!channel>` stays a name."""

    text: str
    tone: Tone = Tone.NORMAL


@dataclass(frozen=True)
class Button:
    """`to` is an address. `label` says what happens out of context, for screen readers; default: `text`."""

    text: str
    to: str
    style: Style = Style.PLAIN
    label: str | None = None


@dataclass(frozen=True)
class Link:
    """A button that opens a web page (the card form, a share link)."""

    text: str
    url: str
    style: Style = Style.PLAIN


Row = tuple[Button | Link, ...]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DAY = "day"  # raw value `2026-12-01`


@dataclass(frozen=True)
class Wrong:
    """What a validator returns for a value that it does not take: words for the person.

    `instead` are answers that are likely meant; in a chat without modals each becomes a button.
    """

    words: str
    instead: tuple[str, ...] = ()


def as_it_is(raw: str) -> object:
    return raw


@dataclass(frozen=True)
class Field:
    """One question. `read` turns the raw text (or the chosen value) into a value, or says what is wrong.

    Fields of one form never depend on each other; a dependency is two screens. `suggested`: the default is a
    proposal, not how it stands. `keep`: the words on the button that takes the default, where there is no modal.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str | None = None
    choices: tuple[Choice, ...] = ()
    default: str | None = None
    suggested: bool = False
    keep: str | None = None
    optional: bool = False
    read: Callable[[str], object] = as_it_is
    max_length: int = 500


@dataclass(frozen=True)
class Form:
    """Slack shows it as a modal, Telegram asks field by field. `to` is a do address, tag included.

    `back_to` is where Back leads from the first field; without it, where Cancel does. `leave_words`: those in
    place of Cancel, where that could be read as cancelling a session.
    """

    to: str
    fields: tuple[Field, ...]
    submit: str
    cancel_to: str | None = None
    back_to: str | None = None
    leave_words: str | None = None


@dataclass(frozen=True)
class Choices:
    """Choices that belong together; the value of each is an address."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Picker:
    """A day and a time to choose. Where no date picker opens, the buttons of its screen are a grid that says the same.

    `day` is the one whose `times` these are, on the clock in `city`; there may be none. `act` says what sending one
    does, `on` is what the address of any other day begins with. A page of days alone names in `first` the page to open
    instead. `rest` are the buttons beside a date picker.
    """

    on: str
    city: str
    act: str
    day: date | None = None
    times: tuple[Choices, ...] = ()
    first: str | None = None
    rest: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Picture:
    """PNG bytes with words for who cannot see it."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class File:
    """A paper to keep and to open elsewhere: its name with the ending, and in words what it is."""

    name: str
    data: bytes = field(repr=False)
    about: str


@dataclass(frozen=True)
class Kept:
    """The message about something that a screen is: of a held booking, or of a confirmed one. `until`: see `Screen`."""

    kind: str
    subject: Subject
    until: datetime | None = None


@dataclass(frozen=True)
class Screen:
    """A page: a title, lines, rows of buttons, at most one form or one picker.

    `note` is one line on top about what has just happened or changed. `public` marks what may be shown in a
    channel or a group; everything else is answered to the asker alone. `posted`: a public screen that was asked
    for to be read by everybody in the channel. `over`: what the address was about is no
    longer so; a notice of it is not sent any more, and one that was sent is corrected to this. `kept`: what
    this screen says of something; the message that shows it is the one message that says so. `leave` is set on a
    step towards an act: where giving it up leads. `until`: when its words or buttons stop being right without
    anything being done; a notice that shows it is drawn again then. `file` comes into the private chat, wherever the
    page is shown. `language`: the one that it speaks, where nobody
    who draws it speaks it anyway.
    """

    title: str
    body: tuple[Line, ...] = ()
    buttons: tuple[Row, ...] = ()
    form: Form | None = None
    picker: Picker | None = None
    note: str | None = None
    picture: Picture | None = None
    file: File | None = None
    public: bool = False
    posted: bool = False
    over: bool = False
    kept: Kept | None = None
    leave: str | None = None
    until: datetime | None = None
    address: str | None = None  # filled by the router: where this screen was found
    language: str | None = field(default=None, repr=False)

    @property
    def is_step(self) -> bool:
        """Whether it leads to an act: such a page stands in a window over the chat, where the platform opens one."""
        return self.form is not None or self.picker is not None or self.leave is not None


@dataclass(frozen=True)
class Redirect:
    """Show another address instead: a screen with one choice skips itself, a do leads to what it made.

    `written` is the booking as a do has just written it, so that the next page need not read it again.
    """

    to: str
    note: str | None = None
    written: Booking | None = None


@dataclass(frozen=True)
class Invalid:
    """A form's answers cannot stand; words by field name. Nothing was changed."""

    errors: Mapping[str, str] = field(default_factory=dict)
