"""Whoever opens a gift sees it first and takes it by a tap; while nothing of it is used, it can be handed back."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.credits.gifts import Gift
from bot.domain.refusals import Code, Refusal
from bot.domain.tokens import GIFT
from bot.handlers.gifts import gift_words
from bot.handlers.kit import credit_words, failures, package_words, refusals
from bot.services.desk import Desk

DEAD = "start/dead"


async def by_link(turn: Turn, desk: Desk, token: str) -> Screen | Redirect:
    """Replaces the token by a proof in the addresses that follow, since addresses are stored and logged."""
    found = await desk.gifts.by_token(token) if GIFT.fits(token) else None
    return Redirect(DEAD) if found is None else Redirect(address("gift-shown", found.id, _proof(turn, found)))


def _proof(turn: Turn, gift: Gift) -> str:
    """A proof that this person, and no other, has shown the token of this gift."""
    return "p" + turn.guard.tag(turn.person.id, address("gift-shown", gift.id), ())


def _is_proven(turn: Turn, gift: int, proof: str) -> bool:
    return turn.guard.holds(proof[1:], turn.person.id, address("gift-shown", gift), ())


async def code_form(turn: Turn, _desk: Desk) -> Screen:
    hint = _("{n} letters and digits; hyphens do not matter.", n=GIFT.length)
    asked = Field("code", _("Which code were you given?"), hint=hint, max_length=80)
    form = Form(turn.do("gift-code", "check"), (asked,), _("Show it"), cancel_to="gifts")
    return Screen(_("Open a gift"), (), (), form=form)


async def by_code(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    found = await desk.gifts.by_code(turn.act("gifts"), str(turn.values.get("code") or ""))
    if isinstance(found, Refusal):
        words = _("No gift has this code. Look at it once more, or ask whoever gave it to you.")
        return Invalid({"code": words if found.code is Code.LINK_DEAD else refusals.words(found)})
    return Redirect(address("gift-shown", found.id, _proof(turn, found)))


async def shown(turn: Turn, desk: Desk, gift: int, proof: str) -> Screen | Redirect:
    """What it is and from whom, before it is taken."""
    found = await desk.gifts.find(gift)
    if found is None or not _is_proven(turn, gift, proof):
        return Redirect(DEAD)
    if found.taken_by == turn.person.id and found.grant_id is not None:
        return Redirect(address("credit", found.grant_id))
    if not found.can_be_taken(turn.now):
        return _over()
    giver = await desk.people.find(found.person_id)
    lines = [Line(gift_words.what(found), Tone.STRONG)]
    lines += map(Line, credit_words.of_gift(found, await desk.gifts.left_of(found)))
    if giver is not None:
        lines.append(Line(_("From {name}", name=giver.name)))
    if found.expires_at is not None:
        zone = await package_words.zone_of_practice(turn, desk)
        lines.append(Line(_("Valid until {end}.", end=credit_words.last_moment(found.expires_at, zone))))
    lines.append(Line(_("It is yours once you take it. {name} reads that it was taken, and nothing else.",
                        name="" if giver is None else giver.name), Tone.QUIET))  # fmt: skip
    yes = turn.do("gift-shown", gift, proof, "yes", stated=(found.version,))
    return Screen(
        _("A gift for you"), tuple(lines), ((Button(_("Take it"), yes, Style.SUCCESS), Button(_("Not now"), "start")),)
    )


def _over() -> Screen:
    words = _("Somebody took it, or it is over. Nothing was changed; ask whoever gave it to you.")
    return Screen(_("This gift cannot be taken any more"), (Line(words),), ((Button(_("Start"), "start"),),))


async def take(turn: Turn, desk: Desk, gift: int, proof: str) -> Screen | Redirect:
    found = await desk.gifts.find(gift)
    if found is None or not _is_proven(turn, gift, proof):
        return Redirect(DEAD)
    turn.require(found.version)
    outcome = await desk.gifts.take(turn.act("credit/{id}"), gift)
    if isinstance(outcome, Refusal) and outcome.code is Code.LINK_DEAD:
        return _over()
    return refusals.or_next(turn, outcome, address("gift-shown", gift, proof), _("It is yours: book when you like."))


async def hand_back(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    """It was meant for somebody else."""
    found = await desk.gifts.to_hand_back(turn.person, grant)
    if found is None:
        return failures.missing()
    yes = turn.do("credit", grant, "hand-back", "yes", stated=(found.version,))
    words = _("Its code works again, and whoever it is for can take it. You then have none of it.")
    keep = Button(_("Keep it"), address("credit", grant))
    title = _("Hand {name} back?", name=found.name)
    return Screen(title, (Line(words),), ((Button(_("Hand the gift back"), yes, Style.DANGER), keep),))


async def give_back(turn: Turn, desk: Desk, grant: int) -> Screen | Redirect:
    found = await desk.gifts.to_hand_back(turn.person, grant)
    if found is None:
        return refusals.screen(turn, Refusal(Code.CHANGED), address("credit", grant))
    turn.require(found.version)
    outcome = await desk.gifts.hand_back(turn.act("packages"), grant)
    return refusals.or_next(turn, outcome, address("credit", grant), _("Handed back: its code works again."))


ROUTES: tuple[Route, ...] = (
    show("gift-open/{token:word}", by_link),
    show("gift-code", code_form),
    do("gift-code/check", by_code, back="gift-code"),
    show("gift-shown/{gift:id}/{proof:word}", shown),
    do("gift-shown/{gift:id}/{proof:word}/yes", take, back="gift-shown/{gift:id}/{proof:word}"),
    show("credit/{grant:id}/hand-back", hand_back),
    do("credit/{grant:id}/hand-back/yes", give_back, back="credit/{grant:id}"),
)
