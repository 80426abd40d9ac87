"""Asks forms field by field where there is no modal, and takes forms sent whole from a modal or a command's words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.chat import forms
from bot.chat.address import address
from bot.chat.channel import Incoming
from bot.chat.forms import OpenForm
from bot.chat.router import Router
from bot.chat.screen import Field, Form, Invalid, Screen, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.conversations import Conversation
from bot.services.conversation.conversations import Taken
from bot.services.desk import Desk
from bot.services.people.people import Met
from storage.engine import StorageAway

OTHER = "type"
"""A page of choices has a form for other answers; this is the last segment of its address."""


class Overtaken(Exception):
    """Another answer came first at the same moment: nothing was done, and the turn begins anew."""


class Asking:
    def __init__(self, desk: Desk, router: Router[Desk]) -> None:
        self._desk = desk
        self._router = router

    async def begin(self, turn: Turn, screen: Screen) -> Screen:
        """Ask the first field of the screen's form."""
        assert screen.form is not None
        opened = OpenForm(at=screen.address or "", to=screen.form.to)
        return await self._ask(turn, screen, screen.form, opened)

    async def tapped(self, turn: Turn, conversation: Conversation, to: str) -> Screen:
        """A button of a question: a choice, Back, Skip or Cancel. One of an older question shows the open one."""
        parts = to.split("/")
        verb, numbers = parts[1], [int(part) for part in parts[2:] if part.isdigit()]
        if conversation.form is None:
            return await self._nothing_open(turn)
        opened = OpenForm.from_json(conversation.form)
        if verb == forms.CANCEL:
            return await self._cancel(turn, opened)
        screen, form = await self._form(turn, opened)
        if form is None:
            return screen
        if opened.sent_by is not None:
            return await self._deliver(turn, screen, form, opened)
        if numbers[:1] != [opened.index]:
            return forms.ask(screen, form, opened)
        if verb == forms.BACK and opened.index == 0:
            await self._keep(turn, None)
            return await self._router.visit(turn, form.back_to or form.cancel_to or "start")
        if verb == forms.BACK:
            return await self._ask(turn, screen, form, opened.step(-1))
        asked = form.fields[opened.index]
        if verb == forms.SKIP:
            value = asked.default or ""
        elif verb == forms.PICK and len(numbers) == 2 and numbers[1] < len(asked.choices):
            value = asked.choices[numbers[1]].value
        elif verb == forms.MEANT and len(numbers) == 2 and numbers[1] < len(meant := _meant(asked, opened)):
            value = meant[numbers[1]]
        else:
            return forms.ask(screen, form, opened)
        return await self._next(turn, screen, form, opened.with_answer(asked.name, value))

    async def steps(self, turn: Turn, conversation: Conversation, verb: str) -> Screen:
        """Take Back or Cancel, typed as a word."""
        assert conversation.form is not None
        index = OpenForm.from_json(conversation.form).index
        return await self.tapped(turn, conversation, address(forms.HEAD, verb, index))

    async def typed(self, turn: Turn, conversation: Conversation, text: str) -> Screen:
        """Words typed while a question is open are its answer."""
        assert conversation.form is not None
        opened = OpenForm.from_json(conversation.form)
        screen, form = await self._form(turn, opened)
        if form is None:
            return screen
        if opened.sent_by is not None:
            return await self._deliver(turn, screen, form, opened)
        asked = form.fields[opened.index]
        value = forms.read_field(asked, text)
        if isinstance(value, Wrong):
            return await self._refused(turn, screen, form, opened, text, value)
        return await self._next(turn, screen, form, opened.with_answer(asked.name, text))

    async def _refused(
        self, turn: Turn, screen: Screen, form: Form, opened: OpenForm, text: str, wrong: Wrong
    ) -> Screen:
        """Ask again; an answer for which others are proposed is kept, since their buttons only count them."""
        if not wrong.instead:
            return forms.ask(screen, form, opened, wrong.words)
        tried = replace(opened, tried=text)
        return await self._step(turn, tried) or forms.ask(screen, form, tried, wrong.words, wrong.instead)

    async def again(self, turn: Turn, conversation: Conversation, wrong: str | None = None) -> Screen:
        """The open question once more, with a word on what was wrong."""
        assert conversation.form is not None
        opened = OpenForm.from_json(conversation.form)
        screen, form = await self._form(turn, opened)
        return screen if form is None else forms.ask(screen, form, opened, wrong)

    async def shown(self, turn: Turn, conversation: Conversation) -> Screen:
        """As `again`, where nothing may be written: a form that is no more stays open until the person's next turn."""
        assert conversation.form is not None
        opened = OpenForm.from_json(conversation.form)
        screen, form = await self._found(turn, opened)
        return screen if form is None else forms.ask(screen, form, opened)

    async def as_it_stands(self, turn: Turn, conversation: Conversation) -> Screen:
        """The open question, or else the page that the chat shows."""
        if conversation.form is not None:
            return await self.again(turn, conversation)
        return await self._router.visit(turn, turn.stands or "start")

    async def line(self, turn: Turn, at: str, words: str) -> Screen:
        """A command's words fill the first field of the form at `at`; where they cannot stand, it is asked."""
        screen = await self._router.visit(turn, at)
        if screen.form is None:
            return screen
        value = forms.read_field(screen.form.fields[0], words)
        if isinstance(value, Wrong):
            opened = OpenForm(at=at, to=screen.form.to, tried=words if value.instead else None)
            return await self._ask(turn, screen, screen.form, opened, value)
        return await self._first_answered(turn, screen, screen.form, at, words)

    async def meant(self, turn: Turn, words: str) -> Screen | None:
        """On a page of choices that also has a form for other answers, typed words that can stand are one."""
        at = f"{turn.stands}/{OTHER}"
        if not turn.stands or not self._router.is_show(at):
            return None
        screen = await self._router.visit(turn, at)
        if screen.form is None or isinstance(forms.read_field(screen.form.fields[0], words), Wrong):
            return None
        return await self._first_answered(turn, screen, screen.form, at, words)

    async def _first_answered(self, turn: Turn, screen: Screen, form: Form, at: str, words: str) -> Screen:
        opened = OpenForm(at=at, to=form.to).with_answer(form.fields[0].name, words)
        return await self._next(turn, screen, form, opened)

    async def submit(self, turn: Turn, at: str, to: str, raw: dict[str, str]) -> tuple[Screen, dict[str, str]]:
        """Take a whole form at once. Errors by field name come with the form's own screen."""
        screen = await self._router.visit(turn, at if self._router.is_show(at) else "")
        if screen.form is None or not self._router.same_route(screen.form.to, to):
            return screen, {}
        values, errors = forms.read_form(screen.form, raw)
        if errors:
            return screen, errors
        answer = await self._router.send(turn, to, values)
        if isinstance(answer, Invalid):
            return screen, dict(answer.errors)
        return answer, {}

    async def _next(self, turn: Turn, screen: Screen, form: Form, opened: OpenForm) -> Screen:
        if opened.index < len(form.fields):
            return await self._ask(turn, screen, form, opened)
        return await self._send(turn, screen, form, opened)

    async def _send(self, turn: Turn, screen: Screen, form: Form, opened: OpenForm) -> Screen:
        """Of two last answers at once one is sent; the other finds the form on its way."""
        if opened.was is not None:
            sent = replace(opened, sent_by=turn.key)
            again = await self._step(turn, sent)
            if again is not None:
                return again
            opened = replace(sent, was=sent.as_json())
        try:
            return await self._deliver(turn, screen, form, opened)
        except StorageAway:
            raise  # delivered again, the same update finds its form on the way
        except Exception:
            await self._keep(turn, replace(opened, index=opened.index - 1, sent_by=None), opened.was)
            raise

    async def _deliver(self, turn: Turn, screen: Screen, form: Form, opened: OpenForm) -> Screen:
        values, errors = forms.read_form(form, opened.answers)
        answer: Screen | Invalid = Invalid(errors)
        if not errors:
            answer = await self._router.send(turn, opened.to, values)
        if isinstance(answer, Invalid):
            name, words = next(iter(answer.errors.items()))
            at = [asked.name for asked in form.fields].index(name)
            again = replace(opened, index=at, sent_by=None)
            await self._keep(turn, again, opened.was)
            return forms.ask(screen, form, again, words)
        if answer.form is None:  # else that one takes its place, so that no word falls between the two
            await self._keep(turn, None, opened.was)
        return answer

    async def _ask(
        self, turn: Turn, screen: Screen, form: Form, opened: OpenForm, wrong: Wrong | None = None
    ) -> Screen:
        why = (wrong.words, wrong.instead) if wrong is not None else ()
        return await self._step(turn, opened) or forms.ask(screen, form, opened, *why)

    async def _step(self, turn: Turn, opened: OpenForm) -> Screen | None:
        """None when this update leads from the form as it was read to `opened`; else the question that is open.

        Raises `Overtaken`.
        """
        step = await self._desk.conversations.step(
            turn.account.id, turn.key, opened.was, opened.as_json(), turn.now, turn.order
        )
        if step.taken is Taken.OVERTAKEN:
            raise Overtaken
        if step.taken is Taken.NOW:
            return None
        now_open = None if step.form is None else OpenForm.from_json(step.form)
        on_its_way = now_open is not None and now_open.sent_by is not None
        if on_its_way and not turn.late:
            raise Overtaken  # its outcome is waited for
        if now_open is None or on_its_way:
            return await self._router.visit(turn, await self._router.led_to(turn.key) or "start")
        screen, form = await self._form(turn, now_open)
        return screen if form is None else forms.ask(screen, form, now_open)

    async def _form(self, turn: Turn, opened: OpenForm) -> tuple[Screen, Form | None]:
        """The form found again at its address; one that is no more is closed, and what is there instead comes back."""
        screen, form = await self._found(turn, opened)
        if form is None:
            await self._keep(turn, None)
        return screen, form

    async def _found(self, turn: Turn, opened: OpenForm) -> tuple[Screen, Form | None]:
        screen = await self._router.visit(turn, opened.at)
        if screen.form is None or (opened.sent_by is None and opened.index >= len(screen.form.fields)):
            return screen, None
        return screen, screen.form

    async def _cancel(self, turn: Turn, opened: OpenForm) -> Screen:
        screen = await self._router.visit(turn, opened.at)
        await self._keep(turn, None)
        to = (screen.form.cancel_to if screen.form else None) or "start"
        return replace(await self._router.visit(turn, to), note=_("Nothing was changed."))

    async def _nothing_open(self, turn: Turn) -> Screen:
        note = _("That question is closed; nothing was changed. Here is what you can do next.")
        return replace(await self._router.visit(turn, "start"), note=note)

    async def _keep(self, turn: Turn, opened: OpenForm | None, was: Mapping[str, Any] | None = None) -> None:
        """`was`: only while that one is still open."""
        data = None if opened is None else opened.as_json()
        await self._desk.conversations.open_form(turn.account.id, data, turn.now, was, turn.order)


def _meant(asked: Field, opened: OpenForm) -> tuple[str, ...]:
    """What was proposed in place of the last answer."""
    value = forms.read_field(asked, opened.tried or "")
    return value.instead if isinstance(value, Wrong) else ()


def is_step(incoming: Incoming) -> bool:
    """A tap on a button of a question."""
    return (incoming.address or "").split("/")[0] == forms.HEAD


def with_open_form(met: Met, key: str, patience: int) -> Met:
    """A form that another update has just sent is waited for: its outcome may ask the next question.

    Raises `Overtaken`; with no more `patience` the form is taken for closed.
    """
    form = met.conversation.form
    if form is None or OpenForm.from_json(form).is_open_to(key):
        return met
    if patience > 0:
        raise Overtaken
    return replace(met, conversation=replace(met.conversation, form=None))
