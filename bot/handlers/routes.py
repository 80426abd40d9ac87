"""The whole bot on one page: what can be reached, by whom, from which file."""

from bot.chat.router import Route
from bot.handlers import notice_kinds
from bot.handlers.bookings import (
    booking,
    cancelling,
    coach_cancelling,
    days,
    hold,
    moving,
    near_times,
    proposals,
    proposing,
    reminding,
    session_page,
    sessions,
    settling,
    talking,
    typed_times,
)
from bot.handlers.calendar import hours, hours_forms
from bot.handlers.conversation import helping, home, start
from bot.handlers.offers import offer_forms, offer_settings, offers
from bot.handlers.people import clocks, settings
from bot.handlers.practice import audit, checklist, practice, setup, sharing, workspaces
from bot.handlers.reports import clients, today
from bot.handlers.team import coaching, inviting, joining, removing, staff_notices, team

CLIENT: tuple[Route, ...] = (
    *start.ROUTES,
    *helping.ROUTES,
    *home.ROUTES,
    *booking.ROUTES,
    *days.ROUTES,
    *typed_times.ROUTES,
    *clocks.ROUTES,
    *hold.ROUTES,
    *sessions.ROUTES,
    *session_page.ROUTES,
    *moving.ROUTES,
    *cancelling.ROUTES,
    *proposals.ROUTES,
    *talking.ROUTES,
    *settings.ROUTES,
)

NOTICES: tuple[Route, ...] = (
    *notice_kinds.ROUTES,
    *reminding.ROUTES,
    *near_times.ROUTES,
)

COACH: tuple[Route, ...] = (
    *today.ROUTES,
    *settling.ROUTES,
    *hours.ROUTES,
    *hours_forms.ROUTES,
    *clients.ROUTES,
    *coach_cancelling.ROUTES,
    *proposing.ROUTES,
    *coaching.ROUTES,
    *joining.ROUTES,
)

# The pages of /setup that are no question stand before the one that takes any word for a question.
OWNER: tuple[Route, ...] = (
    *checklist.ROUTES,
    *practice.ROUTES,
    *setup.ROUTES,
    *offers.ROUTES,
    *offer_forms.ROUTES,
    *offer_settings.ROUTES,
    *team.ROUTES,
    *inviting.ROUTES,
    *removing.ROUTES,
    *sharing.ROUTES,
    *workspaces.ROUTES,
    *staff_notices.ROUTES,
    *audit.ROUTES,
)

ROUTES: tuple[Route, ...] = (*CLIENT, *NOTICES, *COACH, *OWNER)
