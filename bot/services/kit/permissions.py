"""Who may change what. Routes are guarded by role too; here the row itself is looked at."""

from bot.domain.acts import Act
from bot.domain.people.people import Role
from bot.domain.refusals import Code, Refusal

NOT_FOUND = Refusal(Code.NOT_FOUND)
"""Not there and not yours give the same answer."""


def owns(act: Act) -> bool:
    return Role.OWNER in act.person.roles


def may_keep(act: Act, coach_id: int) -> bool:
    """Whether the person may change this coach's hours, place and state: the coach, or an owner."""
    return act.person.coach_id == coach_id or owns(act)
