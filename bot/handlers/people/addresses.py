"""Addresses of mail and SMS: added by a form, proved by a code that is typed here, sent anew, and removed."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Row, Screen, Style, Tone, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.addresses import CODE_DIGITS, LONGEST_EMAIL, EmailProblem, parse_email
from bot.domain.people.people import Account, Platform, Unreachable
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, refusals
from bot.handlers.kit.typed.number_words import mobile_reader
from bot.handlers.kit.typed.phone_numbers import example_number, spaced
from bot.services.desk import Desk

LIST = "settings/notify"
ADDRESS, CODE = "address", "code"


def shown(account: Account) -> str:
    """An address as people read it."""
    known = account.address or ""
    return spaced(known) if account.platform is Platform.SMS and known else known


def state(account: Account) -> str:
    """In one line, what is so with an address."""
    where = shown(account)
    if not account.verified:
        return _("{address}: waits for its code", address=where)
    match account.unreachable:
        case None:
            return _("{address}: confirmed", address=where)
        case Unreachable.BOUNCED:
            return _("{address}: takes no messages. Add it again once it does.", address=where)
        case _:
            return _("{address}: switched off there. Add it again to switch it on.", address=where)


def add_buttons(desk: Desk) -> tuple[Button, ...]:
    words = {Platform.EMAIL: _("Add e-mail"), Platform.SMS: _("Add phone")}
    return tuple(
        Button(said, address("settings", "notify", "add", platform.value))
        for platform, said in words.items()
        if platform in desk.deployment.addresses
    )


async def ask(turn: Turn, desk: Desk, kind: str) -> Screen:
    platform = _platform(desk, kind)
    if platform is None:
        return failures.missing()
    field = await _number_field(turn, desk) if platform is Platform.SMS else _email_field()
    form = Form(turn.do("settings", "notify", "keep", kind), (field,), _("Send the code"), cancel_to=LIST)
    lines = [Line(_("I send a code of {n} digits there, and you type it here.", n=CODE_DIGITS))]
    if platform is Platform.SMS:
        lines.append(Line(await _agreement(turn, desk), Tone.TERMS))
    title = _("Your phone") if platform is Platform.SMS else _("Your e-mail")
    return Screen(title, tuple(lines), (), form=form)


async def _agreement(turn: Turn, desk: Desk) -> str:
    """What whoever gives their number agrees to; kept as it is read here."""
    name = (await desk.practice.get(turn.generation)).name or _("The practice")
    return _(
        "With your number you agree that {practice} texts you about your sessions, and about what you choose under "
        "Notifications. You end it by removing the number here, or by an SMS with the word STOP.",
        practice=name,
    )


def _email_field() -> Field:
    return Field(ADDRESS, _("Which e-mail address is yours?"), read=_read_email, max_length=LONGEST_EMAIL)


async def _number_field(turn: Turn, desk: Desk) -> Field:
    zones = (turn.person.zone, (await desk.practice.get(turn.generation)).zone)
    hint = _("With its country, such as {example}.", example=example_number(zones))
    return Field(ADDRESS, _("Which phone number is yours?"), hint=hint, read=mobile_reader(zones), max_length=40)


def _read_email(raw: str) -> object:
    found = parse_email(raw)
    match found:
        case EmailProblem.NO_ADDRESS:
            return Wrong(_("That is no e-mail address. Write it like ana@example.org, and nothing else."))
        case EmailProblem.TOO_LONG:
            return Wrong(_("That address is longer than any can be. Please look at it once more."))
        case EmailProblem.NAME:
            return Wrong(_("Before the @ I can only write to plain letters, without accents. Give another address."))
    return found


async def keep(turn: Turn, desk: Desk, kind: str) -> Screen | Redirect | Invalid:
    turn.require()
    platform = _platform(desk, kind)
    if platform is None:
        return failures.missing()
    given = str(turn.values[ADDRESS])
    agreed = await _agreement(turn, desk) if platform is Platform.SMS else None
    outcome = await desk.addresses.add(turn.act("settings/notify/code/{id}"), platform, given, agreed)
    if isinstance(outcome, Refusal) and outcome.code is Code.UNPROVED:
        return Invalid({ADDRESS: refusals.words(outcome)})
    return refusals.or_next(turn, outcome, LIST)


async def code_form(turn: Turn, desk: Desk, account: int) -> Screen | Redirect:
    found = await desk.addresses.unproved(turn.person.id, account)
    if found is None:
        return Redirect(LIST)
    asked = Field(CODE, _("Which code did I send there?"), hint=_("{n} digits.", n=CODE_DIGITS), max_length=40)
    here = address("settings", "notify", "at", account)
    form = Form(turn.do("settings", "notify", "prove", account), (asked,), _("Confirm"), cancel_to=here)
    lines = (
        Line(shown(found.account), Tone.STRONG),
        Line(_("I sent a code there. It is good for 15 minutes; look among unwanted messages, too.")),
    )
    return Screen(_("Your code"), lines, (), form=form)


async def prove(turn: Turn, desk: Desk, account: int) -> Screen | Redirect | Invalid:
    turn.require()
    outcome = await desk.addresses.prove(turn.act(LIST), account, str(turn.values.get(CODE) or ""))
    if isinstance(outcome, Refusal) and outcome.code is Code.UNPROVED:
        return Invalid({CODE: refusals.words(outcome)})
    return refusals.or_next(turn, outcome, LIST, _("Confirmed. Where this chat cannot be reached, I write there."))


async def page(turn: Turn, desk: Desk, account: int) -> Screen:
    """One address of theirs, and what can be done about it."""
    found = await _own(turn, desk, account)
    if found is None:
        return failures.missing()
    rows: list[Row] = []
    if not found.verified:
        code = Button(_("Type the code"), address("settings", "notify", "code", account), Style.PRIMARY)
        again = Button(_("Send another code"), turn.do("settings", "notify", "again", account))
        rows = [(code, again)] if found.platform in desk.deployment.addresses else []
    remove = Button(_("Remove it"), turn.do("settings", "notify", "remove", account), Style.DANGER)
    rows += [(remove,), (Button(_("Back"), LIST), Button(_("Start"), "start"))]
    return Screen(_("Your address"), (Line(state(found)),), tuple(rows))


async def send_again(turn: Turn, desk: Desk, account: int) -> Screen | Redirect:
    turn.require()
    act = turn.act(address("settings", "notify", "code", account))
    outcome = await desk.addresses.send_again(act, account)
    back = address("settings", "notify", "at", account)
    return refusals.or_next(turn, outcome, back, _("I sent another code. The one before is good no more."))


async def remove(turn: Turn, desk: Desk, account: int) -> Screen | Redirect:
    turn.require()
    found = await _own(turn, desk, account)
    outcome: Done | Refusal = await desk.addresses.remove(turn.act(LIST), account)
    said = None if found is None else _("I forgot {address}, and write there no more.", address=shown(found))
    return refusals.or_next(turn, outcome, LIST, said)


async def told_code(turn: Turn, desk: Desk, account: int) -> Screen:
    """The message that carries the code: for the address itself, and shown nowhere else."""
    code = await desk.addresses.code(turn.account) if turn.account.id == account else None
    if code is None:
        return failures.missing()
    practice = (await desk.practice.get(turn.generation)).name
    title = _("Your code: {code}", code=code)
    if practice is not None:
        title = _("Your code for {practice}: {code}", practice=practice, code=code)
    lines = (
        Line(_("Type it within 15 minutes in the chat where you asked for it.")),
        Line(_("You did not ask for it? Then nothing is to be done, and nothing was changed."), Tone.QUIET),
    )
    return Screen(title, lines)


async def _own(turn: Turn, desk: Desk, account: int) -> Account | None:
    return next((each for each in await desk.addresses.of(turn.person.id) if each.id == account), None)


def _platform(desk: Desk, kind: str) -> Platform | None:
    return next((each for each in desk.deployment.addresses if each.value == kind), None)


ROUTES: tuple[Route, ...] = (
    show("settings/notify/add/{kind:word}", ask),
    do("settings/notify/keep/{kind:word}", keep, back="settings/notify/add/{kind:word}"),
    show("settings/notify/code/{account:id}", code_form),
    do("settings/notify/prove/{account:id}", prove, back="settings/notify/code/{account:id}"),
    show("settings/notify/at/{account:id}", page),
    do("settings/notify/again/{account:id}", send_again, back="settings/notify/at/{account:id}"),
    do("settings/notify/remove/{account:id}", remove, back="settings/notify/at/{account:id}"),
)
