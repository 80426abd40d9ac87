"""Who a coach is, in one line that clients read before they choose: set by the coach, or by an owner."""

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Field, Form, Line, Redirect, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import ABOUT_LENGTH
from bot.handlers.kit import failures, refusals
from bot.services.desk import Desk


async def form(turn: Turn, desk: Desk, coach: int) -> Screen:
    found = await desk.coaches.find(coach, turn.generation)
    if found is None or not _may(turn, coach):
        return failures.missing()
    hint = _("For example: Executive coach, 15 years in tech teams. Clients read it before they choose.")
    label = _("{name} in one line", name=found.name)
    asked = Field("about", label, hint=hint, default=found.about, optional=True, max_length=ABOUT_LENGTH)
    words = _("Leave it empty to show nothing.")
    asking = Form(turn.do("about", coach, "save"), (asked,), _("Save"), cancel_to=_page(turn, coach))
    return Screen(_("About the coach"), (Line(words, Tone.QUIET),), (), form=asking)


async def save(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    turn.require()
    about = " ".join(str(turn.values["about"]).split())
    outcome = await desk.coaches.set_about(turn.act(_page(turn, coach)), coach, about or None)
    return refusals.or_next(turn, outcome, _page(turn, coach), _("Saved."))


def _may(turn: Turn, coach: int) -> bool:
    return turn.person.coach_id == coach or turn.may(Permission.KEEP_TEAM)


def _page(turn: Turn, coach: int) -> str:
    return "coach" if turn.person.coach_id == coach else address("team", coach)


ROUTES: tuple[Route, ...] = (
    show("about/{coach:id}", form),
    do("about/{coach:id}/save", save, back="about/{coach:id}"),
)
