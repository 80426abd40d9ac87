"""`/setup`: one question at a time, left and resumed at will, then a checklist with a way to mend each line."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.acts import Act
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.spans import HoursChange
from bot.domain.people.permissions import Permission
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.offers import Offer, Place
from bot.domain.practice.parse_offer import OfferLine
from bot.domain.practice.practice import Practice, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, refusals, setup_fields, typed_amounts
from bot.handlers.kit.typed import understood
from bot.handlers.practice import checklist, repricing
from bot.services.desk import Desk

ORDER = tuple(Question)


async def setup(turn: Turn, desk: Desk) -> Screen | Redirect:
    practice = await desk.practice.get(turn.generation)
    question = await _next(turn, desk, practice)
    if question is not None:
        return Redirect(address("setup", question.value))
    return await checklist.screen(turn, desk, practice)


async def _next(turn: Turn, desk: Desk, practice: Practice) -> Question | None:
    """The first question without an answer."""
    return next((each for each in await _questions(turn, desk) if each not in practice.answered), None)


async def _questions(turn: Turn, desk: Desk) -> tuple[Question, ...]:
    """Hours and place are the coaches' own where the owner is none."""
    team = await desk.coaches.all(turn.generation)
    if not (team or await desk.invitations.invitations(turn.now)):
        return ORDER
    owners = {person.id for person in await desk.people.owners()}
    if any(coach.person_id in owners for coach in team):
        return ORDER
    return tuple(each for each in ORDER if each not in {Question.HOURS, Question.PLACE})


async def ask(turn: Turn, desk: Desk, question: str) -> Screen:
    if question not in set(Question):
        return failures.missing()
    asked = await field(turn, desk, Question(question), await desk.practice.get(turn.generation))
    step = ORDER.index(Question(question)) + 1
    back = await _before(turn, desk, Question(question))
    form = Form(turn.do("setup", question, "save"), (asked,), _("Save"), cancel_to="start", back_to=back)
    done = [Line(_("You can leave at any time; /setup goes on where you were."), Tone.QUIET)]
    rows: tuple[Row, ...] = () if back is None else ((Button(_("Back"), back),),)
    return Screen(_("Setup {step} of {steps}", step=step, steps=len(ORDER)), tuple(done), rows, form=form)


async def _before(turn: Turn, desk: Desk, question: Question) -> str | None:
    """The question before this one, where a mistyped answer can be mended."""
    earlier = [each for each in await _questions(turn, desk) if ORDER.index(each) < ORDER.index(question)]
    return address("setup", earlier[-1].value) if earlier else None


async def field(turn: Turn, desk: Desk, question: Question, practice: Practice) -> Field:
    zone = practice.zone or turn.person.zone
    match question:
        case Question.NAME:
            return setup_fields.name(practice.name)
        case Question.CURRENCY:
            return setup_fields.currency(practice.currency)
        case Question.ZONE:
            label = _("What is the time where the practice is?")
            return setup_fields.zone(zone, turn.now, label, suggested=practice.zone is None)
        case Question.HOURS:
            today = day_of(turn.now, zone or "UTC")
            return setup_fields.hours(today, others=await desk.coaches.of(turn.person) is None)
        case Question.OFFER:
            given = await _given_offer(desk, practice)
            return setup_fields.offer(practice.currency or "EUR", None if given is None else typed_amounts.line(given))
        case Question.PLACE:
            return setup_fields.place()


async def _given_offer(desk: Desk, practice: Practice) -> Offer | None:
    """The answer to the question for an offer, as long as setup goes on."""
    if Question.OFFER not in practice.answered or Question.PLACE in practice.answered:
        return None
    offers = await desk.offers.all()
    return offers[0] if len(offers) == 1 else None


async def save(turn: Turn, desk: Desk, question: str) -> Screen | Redirect | Invalid:
    turn.require()
    if question not in set(Question):
        return failures.missing()
    answer = turn.values.get("answer")
    if answer is None:
        return Redirect(address("setup", question))
    if answer == setup_fields.OTHERS:
        return Redirect("team", _("Invite those who coach; the hours and places are theirs to set."))
    said = [understood.words(Question(question), answer, turn.now), _waits_for_stripe(desk, answer)]
    return await keep(turn, desk, Question(question), answer, "setup", " ".join(each for each in said if each))


async def keep(
    turn: Turn, desk: Desk, question: Question, answer: object, then: str, said: str | None
) -> Screen | Redirect | Invalid:
    """Save the answer and go on to `then`; to the offers, where some are paused by it."""
    repriced = await repricing.coming(desk, question, answer)
    outcome = await SAVERS[question](desk, turn.act("offers" if repriced else then), answer)
    if isinstance(outcome, Refusal):
        if outcome.code is Code.CONTRADICTION:
            return Invalid({"answer": refusals.words(outcome)})
        return refusals.screen(turn, outcome, then)
    return Redirect(outcome.next, await repricing.words(desk, repriced) if repriced else said)


def _waits_for_stripe(desk: Desk, answer: object) -> str | None:
    if isinstance(answer, OfferLine) and answer.price and not desk.deployment.payments_on:
        return refusals.words(Refusal(Code.PAYMENTS_OFF))
    return None


async def _save_name(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    return await desk.practice.answer_name(act, str(answer))


async def _save_currency(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    return await desk.practice.answer_currency(act, str(answer))


async def _save_zone(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    return await desk.practice.answer_zone(act, str(answer))


async def _save_hours(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    """Who gives hours is a coach: two acts of one update, each with a key of its own."""
    assert isinstance(answer, HoursChange)
    became = await desk.practice.become_coach(replace(act, key=f"{act.key}:coach"))
    person = await desk.people.find(act.person.id)
    coach = None if person is None else await desk.coaches.of(person)
    if isinstance(became, Refusal) or coach is None:
        return became
    return await desk.hours.save(act, coach.id, coach.version, answer)


async def _save_offer(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    assert isinstance(answer, OfferLine)
    given = await _given_offer(desk, await desk.practice.get())
    if given is None:
        return await desk.offers.create(act, OfferDraft(answer.name, answer.price, length_min=answer.length_min))
    fields = {"name": answer.name, "length_min": answer.length_min, "price": answer.price}
    return await desk.offers.change(act, given.id, given.version, **fields)


async def _save_place(desk: Desk, act: Act, answer: object) -> Done | Refusal:
    assert isinstance(answer, Place)
    coach = await desk.coaches.of(act.person)
    if coach is None:
        return Refusal(Code.NOT_FOUND)
    return await desk.coaches.set_place(act, coach.id, answer)


SAVERS: dict[Question, Callable[[Desk, Act, object], Awaitable[Done | Refusal]]] = {
    Question.NAME: _save_name,
    Question.CURRENCY: _save_currency,
    Question.ZONE: _save_zone,
    Question.HOURS: _save_hours,
    Question.OFFER: _save_offer,
    Question.PLACE: _save_place,
}


ROUTES: tuple[Route, ...] = (
    show("setup", setup, permission=Permission.SET_UP, command="/setup"),
    show("setup/{question:word}", ask, permission=Permission.SET_UP),
    do("setup/{question:word}/save", save, back="setup/{question:word}", permission=Permission.SET_UP),
)
