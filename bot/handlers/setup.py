"""`/setup`: one question at a time, left and resumed at will, then a checklist with a way to mend each line."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Field, Form, Invalid, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.acts import Act
from bot.domain.local_days import day_of
from bot.domain.offer_line import OfferLine
from bot.domain.offer_rules import OfferDraft
from bot.domain.offers import Place
from bot.domain.people import Role
from bot.domain.practice import Practice, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.spans import HoursChange
from bot.handlers import checklist, failures, refused, setup_fields
from bot.services.desk import Desk

ORDER = tuple(Question)


async def setup(turn: Turn, desk: Desk) -> Screen | Redirect:
    practice = await desk.practice.get()
    question = await _next(turn, desk, practice)
    if question is not None:
        return Redirect(address("setup", question.value))
    return await checklist.screen(turn, desk, practice)


async def _next(turn: Turn, desk: Desk, practice: Practice) -> Question | None:
    """The first question without an answer. Hours and place are the coaches' own where the owner is none."""
    open_ones = [question for question in ORDER if question not in practice.answered]
    team = await desk.coaches.all()
    if not open_ones or not (team or await desk.invitations.invitations(turn.now)):
        return open_ones[0] if open_ones else None
    owners = {person.id for person in await desk.people.owners()}
    if not any(coach.person_id in owners for coach in team):
        open_ones = [question for question in open_ones if question not in {Question.HOURS, Question.PLACE}]
    return open_ones[0] if open_ones else None


async def ask(turn: Turn, desk: Desk, question: str) -> Screen:
    if question not in set(Question):
        return failures.missing()
    practice = await desk.practice.get()
    asked = await _field(turn, desk, Question(question), practice)
    step = ORDER.index(Question(question)) + 1
    form = Form(turn.do("setup", question, "save"), (asked,), _("Save"), cancel_to="start")
    done = [Line(_("You can leave at any time; /setup goes on where you were."), Tone.QUIET)]
    return Screen(_("Setup {step} of {steps}", step=step, steps=len(ORDER)), tuple(done), (), form=form)


async def _field(turn: Turn, desk: Desk, question: Question, practice: Practice) -> Field:
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
            return setup_fields.offer(practice.currency or "EUR")
        case Question.PLACE:
            return setup_fields.place()


async def save(turn: Turn, desk: Desk, question: str) -> Screen | Redirect | Invalid:
    turn.require()
    if question not in set(Question):
        return failures.missing()
    answer = turn.values.get("answer")
    if answer is None:
        return Redirect(address("setup", question))
    if answer == setup_fields.OTHERS:
        return Redirect("team", _("Invite those who coach; the hours and places are theirs to set."))
    outcome = await SAVERS[Question(question)](desk, turn.act("setup"), answer)
    if isinstance(outcome, Refusal):
        if outcome.code is Code.CONTRADICTION:
            return Invalid({"answer": refused.words(outcome)})
        return refused.screen(turn, outcome, "setup")
    return Redirect(outcome.next, _waits_for_stripe(desk, answer))


def _waits_for_stripe(desk: Desk, answer: object) -> str | None:
    if isinstance(answer, OfferLine) and answer.price and not desk.deployment.payments_on:
        return refused.words(Refusal(Code.PAYMENTS_OFF))
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
    return await desk.offers.create(act, OfferDraft(answer.name, answer.length_min, answer.price))


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
    show("setup", setup, role=Role.OWNER, command="/setup"),
    show("setup/{question:word}", ask, role=Role.OWNER),
    do("setup/{question:word}/save", save, back="setup/{question:word}", role=Role.OWNER),
)
