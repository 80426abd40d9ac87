"""Asks the fields of a form one by one, in any chat where words can be typed but no modal opens.

The open form is kept with the conversation: where it was found, where it is sent, and the raw answers so far.
The form itself is found again at its address, so an open form survives a deploy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.address import address
from bot.chat.clean import clean
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Row, Screen, Style, Tone, Wrong
from bot.chat.shorten import shorten
from bot.chat.words import _
from bot.domain.people.names import is_visible, one_line

HEAD = "form"
PICK, BACK, CANCEL, SKIP, MEANT = "pick", "back", "cancel", "skip", "meant"
COLUMNS = 2
SHOWN = 32
"""Of an answer that stands already, on its button."""


@dataclass(frozen=True)
class OpenForm:
    """`at` is the show address of the form, `to` the do address it goes to, `answers` raw values by field.

    `sent_by` is the update whose answer was the last one: the form is on its way, and open to nothing else.
    `tried` is an answer that could not stand, for which others were proposed.
    `was` is the form as it was read, which an answer goes on from; None for one that is opened now.
    """

    at: str
    to: str
    index: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    sent_by: str | None = None
    tried: str | None = None
    was: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        data = {"at": self.at, "to": self.to, "index": self.index, "answers": dict(self.answers)}
        at_times = {"sent_by": self.sent_by, "tried": self.tried}
        return {**data, **{name: value for name, value in at_times.items() if value is not None}}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "OpenForm":
        known = (data["at"], data["to"], data["index"], data["answers"], data.get("sent_by"), data.get("tried"))
        return OpenForm(*known, was=data)

    def is_open_to(self, key: str) -> bool:
        """A form on its way is open to the update that sent it alone, delivered again after its process died."""
        return self.sent_by in (None, key)

    def step(self, by: int) -> "OpenForm":
        return replace(self, index=max(0, self.index + by), tried=None)

    def with_answer(self, name: str, raw: str) -> "OpenForm":
        return replace(self, answers={**self.answers, name: raw}, index=self.index + 1, tried=None)


def read_field(asked: Field, raw: str) -> object | Wrong:
    """The value of one raw answer, or what is wrong with it. An empty optional answer is None."""
    text = raw.strip() if asked.kind is FieldKind.LONG else one_line(raw)
    if not is_visible(text):
        return None if asked.optional else Wrong(_("This needs an answer."))
    if len(text) > asked.max_length:
        return Wrong(_("That is too long: at most {n} characters.", n=asked.max_length))
    if asked.kind is FieldKind.CHOICE:
        value = _chosen(asked, text)
        if value is None:
            return Wrong(_("Choose one of these, please."))
        return asked.read(value)
    return asked.read(text)


def _chosen(asked: Field, text: str) -> str | None:
    for choice in asked.choices:
        if text == choice.value or text.casefold() == clean(choice.label).casefold():
            return choice.value
    return None


def read_form(form: Form, raw: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """The values by field name, and for each answer that is refused the words that say why."""
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for asked in form.fields:
        value = read_field(asked, raw.get(asked.name, ""))
        if isinstance(value, Wrong):
            errors[asked.name] = value.words
        else:
            values[asked.name] = value
    return values, errors


def ask(
    screen: Screen, form: Form, opened: OpenForm, wrong: str | None = None, instead: tuple[str, ...] = ()
) -> Screen:
    """The screen that asks the field at `opened.index`, with its choices, Back and Cancel in the last row.

    `instead`: what may be meant by the answer that was `wrong`, a button each.
    """
    asked = form.fields[opened.index]
    lines = [Line(asked.label, Tone.STRONG)]
    if wrong:
        lines.insert(0, Line(wrong))
    if asked.hint:
        lines.append(Line(asked.hint, Tone.QUIET))
    if asked.kind is not FieldKind.CHOICE and asked.default and not asked.suggested:
        lines.append(Line(_("Now: {value}", value=asked.default), Tone.QUIET))
    title = screen.title
    if len(form.fields) > 1:
        title = _("{title} ({step} of {steps})", title=title, step=opened.index + 1, steps=len(form.fields))
    body = (*(screen.body if opened.index == 0 and not wrong else ()), *lines)
    meant = tuple((Button(each, address(HEAD, MEANT, opened.index, n)),) for n, each in enumerate(instead))
    buttons = (*meant, *_choice_rows(asked, opened), *_keep_row(asked, opened), _last_row(form, opened))
    return replace(screen, title=title, body=body, buttons=buttons, form=None)


def _choice_rows(asked: Field, opened: OpenForm) -> tuple[Row, ...]:
    buttons = [_choice_button(choice, number, opened) for number, choice in enumerate(asked.choices)]
    return tuple(tuple(buttons[i : i + COLUMNS]) for i in range(0, len(buttons), COLUMNS))


def _choice_button(choice: Choice, number: int, opened: OpenForm) -> Button:
    return Button(choice.label, address(HEAD, PICK, opened.index, number))


def _keep_row(asked: Field, opened: OpenForm) -> tuple[Row, ...]:
    """The answer that stands already, or none."""
    if asked.default is not None and all(asked.default != choice.value for choice in asked.choices):
        value = shorten(asked.default, SHOWN)
        keep = _("Take: {value}", value=value) if asked.suggested else _("Keep: {value}", value=value)
        return ((Button(asked.keep or keep, address(HEAD, SKIP, opened.index), Style.PRIMARY),),)
    if asked.optional:
        return ((Button(_("Skip"), address(HEAD, SKIP, opened.index)),),)
    return ()


def _last_row(form: Form, opened: OpenForm) -> Row:
    leave = Button(form.leave_words or _("Cancel"), address(HEAD, CANCEL))
    return (Button(_("Back"), address(HEAD, BACK, opened.index)), leave)
