"""A package is given back: by its client alone, or by an owner with a reason; and what could not go back is settled."""

from dataclasses import dataclass

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Redirect, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.credits.grants import Grant
from bot.domain.payments.money import Money
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.credits import return_words
from bot.handlers.kit import endings, failures, phrases, refusals
from bot.services.desk import Desk
from bot.services.payments.packages.package_worth import Worth

MAY = Permission.KEEP_EVERY_BOOKING
DRAFT = "package-return"
LONGEST = 200
CARD, OTHERWISE = "card", "otherwise"


async def mine(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    """All that happens, before the client's own tap."""
    worth = await desk.package_returns.look(grant, turn.now)
    if not isinstance(worth, Worth) or not worth.alone or worth.held.grant.person_id != turn.person.id:
        return failures.missing()
    back = _("{amount} goes back to the card that you paid with.", amount=tell.amount(worth.back))
    yes = turn.do("credit", grant, "return", "yes", stated=worth.facts)
    act = Button(_("Give it back"), yes, Style.DANGER)
    title = _("Give {name} back?", name=worth.held.grant.name)
    lines = return_words.effect(turn, worth, back)
    return Screen(title, tuple(lines), ((act, Button(_("Keep it"), address("credit", grant))),))


async def give_mine(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    worth = await desk.package_returns.look(grant, turn.now)
    if not isinstance(worth, Worth) or worth.held.grant.person_id != turn.person.id:
        return failures.missing()
    turn.require(*worth.facts)
    act = turn.act(address("credit", grant))
    outcome = await desk.package_returns.give_back(act, grant, worth.facts)
    said = endings.returns(tell.amount(worth.back), None)
    return refusals.or_next(turn, outcome, address("credit", grant), said)


@dataclass(frozen=True)
class Asked:
    """What an owner can do: give the package back, or settle what is still owed for it."""

    grant: Grant
    name: str
    owed: Money | None
    worth: Worth | None

    @property
    def facts(self) -> tuple[object, ...]:
        return ("owed", self.owed.amount) if self.owed is not None else self.worth.facts if self.worth else ()

    @property
    def money(self) -> Money:
        """What this is about: all that is still owed, or else what goes back."""
        if self.owed is not None:
            return self.owed
        assert self.worth is not None
        return self.worth.back


async def _asked(turn: Turn, desk: Desk, grant: int) -> Asked | Screen:
    page = await desk.client_credits.page(grant, None, 1)
    if page is None:
        return failures.missing()
    held = page.held.grant
    money = await desk.package_returns.money(grant)
    if money.owed is not None:
        return Asked(held, money.payer_name, money.owed, None)
    worth = await desk.package_returns.look(grant, turn.now)
    if isinstance(worth, Worth):
        return Asked(held, page.client_name, None, worth)
    if worth is None:
        return failures.missing()
    return refusals.screen(turn, Refusal(Code.UNRETURNABLE, worth), address("grant", grant))


async def ask(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    asked = await _asked(turn, desk, grant)
    if isinstance(asked, Screen):
        return asked
    lines = _effect(turn, asked)
    hint = _("{name} reads it. Nothing goes back yet.", name=asked.name)
    reason = Field("reason", _("Why?"), FieldKind.LONG, hint=hint, max_length=LONGEST)
    ways = (Choice(CARD, _("Back to the card")), Choice(OTHERWISE, _("I paid it another way")))
    hint = _("If you have paid it by transfer or in cash, I only write that down.")
    how = Field("how", _("How does it go back?"), FieldKind.CHOICE, hint=hint, choices=ways)
    to = turn.do("grant", grant, "return", "ask", stated=asked.facts)
    back = address("grant", grant)
    fields = (reason,) if asked.owed is None else (how, reason)
    form = Form(to, fields, _("Go on"), cancel_to=back, leave_words=_("Leave it"))
    return Screen(_("Give money back"), tuple(lines), (), form=form)


def _effect(turn: Turn, asked: Asked) -> list[Line]:
    if asked.owed is not None:
        return [Line(return_words.owed_to(asked.owed, asked.name))]
    assert asked.worth is not None
    amount = tell.amount(asked.worth.back)
    back = _("{amount} goes back to {name}, to the card that was paid with.", amount=amount, name=asked.name)
    if asked.worth.payer_id != asked.grant.person_id:
        back = _("{amount} goes back to who gave it as a gift, to the card that was paid with.", amount=amount)
    return return_words.effect(turn, asked.worth, back)


async def keep(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    asked = await _asked(turn, desk, grant)
    if isinstance(asked, Screen):
        return asked
    turn.require(*asked.facts)
    body = {"grant": grant, "how": str(turn.values.get("how", CARD)), "reason": str(turn.values["reason"])}
    outcome = await desk.drafts.keep(turn.act(f"grant/{grant}/return/{{id}}"), DRAFT, body)
    return refusals.or_next(turn, outcome, address("grant", grant))


async def confirm(turn: Turn, desk: Desk, grant: int, draft: int) -> Screen | Redirect:
    asked, kept = await _asked(turn, desk, grant), await _kept(turn, desk, grant, draft)
    if isinstance(asked, Screen):
        return asked
    if kept is None:
        return Redirect(address("grant", grant, "return"))
    how, reason = kept
    otherwise = asked.owed is not None and how == OTHERWISE
    yes = turn.do("grant", grant, "return", draft, "yes", stated=(*asked.facts, how))
    act = Button(_("I paid it") if otherwise else _("Give it back"), yes, Style.DANGER)
    leave = Button(_("Leave it"), address("grant", grant), label=_("Give nothing back"))
    amount = tell.amount(asked.money)
    title, lines = _("Give {amount} back?", amount=amount), _effect(turn, asked)
    if otherwise:
        title = _("You paid {amount} another way?", amount=amount)
        words = _("You have paid {amount} to {name} yourself. I write it down, and nothing goes to the card.")
        lines = [Line(words.format(amount=amount, name=asked.name))]
    lines.append(Line(_("{name} reads your reason: {reason}", name=asked.name, reason=reason)))
    again = Button(_("Change it"), address("grant", grant, "return"))
    return Screen(title, tuple(lines), ((act,), (again, leave)))


async def give(turn: Turn, desk: Desk, grant: int, draft: int) -> Screen | Redirect:
    asked, kept = await _asked(turn, desk, grant), await _kept(turn, desk, grant, draft)
    if isinstance(asked, Screen):
        return asked
    if kept is None:
        return Redirect(address("grant", grant, "return"))
    how, reason = kept
    turn.require(*asked.facts, how)
    act, back = turn.act(address("grant", grant)), address("grant", grant)
    if asked.owed is None:
        outcome = await desk.package_returns.give_back(act, grant, asked.facts, reason)
    else:
        otherwise = how == OTHERWISE
        outcome = await desk.package_returns.settle_owed(act, grant, asked.money, another_way=otherwise, why=reason)
        if otherwise:
            return refusals.or_next(
                turn, outcome, back, _("Written down, and I am letting {name} know.", name=asked.name)
            )
    said = _("{amount} goes back, and I am letting {name} know.", amount=tell.amount(asked.money), name=asked.name)
    return refusals.or_next(turn, outcome, back, said)


async def _kept(turn: Turn, desk: Desk, grant: int, draft: int) -> tuple[str, str] | None:
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    return None if body is None or body["grant"] != grant else (body["how"], body["reason"])


async def told(turn: Turn, desk: Desk, grant: int, refund: int, since: int) -> Screen:
    """To its client, to who paid, and to the owners: what went back and what ended."""
    found = await desk.package_returns.told(turn.person, grant, refund, since)
    if found is None:
        return failures.missing()
    title, lines = return_words.told(turn, found)
    if found.grant.person_id == turn.person.id:
        lines += phrases.question_to((await desk.practice.get()).contact)
        rows = ((Button(_("The package"), address("credit", grant)), Button(_("Book a session"), "book")),)
    elif turn.may(MAY):
        rows = ((Button(_("Credits"), address("grant", grant)), Button(_("Start"), "start")),)
    else:
        rows = ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),)
    return Screen(title, tuple(lines), rows)


ROUTES: tuple[Route, ...] = (
    show("credit/{grant:id}/return", mine),
    do("credit/{grant:id}/return/yes", give_mine, back="credit/{grant:id}/return"),
)

OF_PRACTICE: tuple[Route, ...] = (
    show("grant/{grant:id}/return", ask, permission=MAY),
    do("grant/{grant:id}/return/ask", keep, back="grant/{grant:id}/return", permission=MAY),
    show("grant/{grant:id}/return/{draft:id}", confirm, permission=MAY),
    do("grant/{grant:id}/return/{draft:id}/yes", give, back="grant/{grant:id}/return/{draft:id}", permission=MAY),
)
