"""Who may change what. Routes are guarded by a permission too; here the row itself is looked at."""

from bot.domain.acts import Act
from bot.domain.people.permissions import Permission, may
from bot.domain.refusals import Code, Refusal

NOT_FOUND = Refusal(Code.NOT_FOUND)
"""Not there and not yours give the same answer."""


def may_keep(act: Act, coach_id: int) -> bool:
    """Whether the person may change this coach's hours, place and state: the coach, or who keeps the team."""
    return act.person.coach_id == coach_id or may(act.person, Permission.KEEP_TEAM)
