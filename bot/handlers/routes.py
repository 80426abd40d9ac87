"""The whole bot on one page: what can be reached, by whom, from which file."""

from bot.chat.router import Route
from bot.handlers import (
    audit,
    booking,
    cancelling,
    checklist,
    clients,
    clocks,
    coach_cancelling,
    coaching,
    days,
    helping,
    hold,
    home,
    hours,
    hours_forms,
    inviting,
    joining,
    moving,
    near_times,
    notices,
    offer_forms,
    offer_settings,
    offers,
    practice,
    proposals,
    proposing,
    reminding,
    removing,
    session_page,
    sessions,
    settings,
    settling,
    setup,
    sharing,
    staff_notices,
    start,
    talking,
    team,
    today,
    typed_times,
    workspaces,
)

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
    *notices.ROUTES,
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
