"""Who may go where: what each role is allowed is pinned, so that no change of a table opens or closes a page."""

import pytest

from bot.domain.people.people import Person, Role
from bot.domain.people.permissions import PERMISSIONS, Permission, may
from bot.handlers.routes import ROUTES
from tests.architecture.source import imports, product

EVERYBODY = """
    book booking/{booking:id} cancel/{booking:id} cancel/{booking:id}/yes card card/{what:word}/{id:id}
    card/{what:word}/{id:id}/post client/{person:id} clock/{offer:id}/{coach:id} clock/{offer:id}/{coach:id}/type
    clock/{offer:id}/{coach:id}/typed clock/{offer:id}/{coach:id}/{zone:word} coach-cancel/{booking:id}
    coach-cancel/{booking:id}/reason coach-cancel/{booking:id}/{draft:id} coach-cancel/{booking:id}/{draft:id}/yes
    coach/accept/{token:word} coach/join coach/join/check days/{offer:id}/{coach:id}
    days/{offer:id}/{coach:id}/{first:day} free/{offer:id} gone help hold/{booking:id} hold/{booking:id}/release
    hold/{offer:id}/{coach:id}/{at:instant} home invited/{invitation:id} invited/{invitation:id}/yes
    late/{booking:id} late/{booking:id}/{minutes:id} let-go/{booking:id} message/{message:id} move/{booking:id}
    move/{booking:id}/from/{first:day} move/{booking:id}/{at:instant} move/{booking:id}/{at:instant}/yes
    move/{booking:id}/{day:day} move/{booking:id}/{day:day}/{page:id} notice/booked/{booking:id}
    notice/cancelled/{booking:id} notice/hold/{booking:id} notice/hold-ending/{booking:id}
    notice/hold-ended/{booking:id} notice/hold-ended/{booking:id}/before
    notice/moved/{booking:id} notice/paid-late/{booking:id}
    notice/paid-twice/{booking:id} notice/refund-failed/{booking:id} notice/refunded/{booking:id}
    notice/settle/{booking:id} notice/undeliverable/{booking:id} notice/unsure/{booking:id}
    number/{booking:id} number/{booking:id}/save
    gifts give/package/{package:id} give/package/{package:id}/buy give/session/{offer:id}
    give/session/{offer:id}/buy gift/{gift:id} gift/{gift:id}/back gift/{gift:id}/back/yes gift-open/{token:word}
    gift-code gift-code/check gift-shown/{gift:id}/{proof:word} gift-shown/{gift:id}/{proof:word}/yes
    credit/{grant:id}/hand-back credit/{grant:id}/hand-back/yes
    credit/{grant:id}/return credit/{grant:id}/return/yes
    credit/{grant:id} credit/{grant:id}/{before:id} package/{package:id} package/{package:id}/buy packages
    packages/{page:id} hold/{booking:id}/package/{package:id} hold/{booking:id}/buy/{package:id}
    offer-of/{offer:id}
    offered/{invitation:id}/{proof:word} offered/{invitation:id}/{proof:word}/yes opened owners past
    past/{before:instant} proposal-answered/{proposal:id} proposal-withdrawn/{proposal:id} proposal/{proposal:id}
    proposal/{proposal:id}/accept proposal/{proposal:id}/withdraw
    proposal/{proposal:id}/decline proposal/{proposal:id}/decline/yes proposal/{proposal:id}/other
    propose/{booking:id} propose/{booking:id}/from/{first:day} propose/{booking:id}/{at:instant}
    propose/{booking:id}/{at:instant}/yes propose/{booking:id}/{day:day} propose/{booking:id}/{day:day}/{page:id}
    reclock/{booking:id} reclock/{booking:id}/type reclock/{booking:id}/typed reclock/{booking:id}/{zone:word}
    remind/{booking:id}/moved
    remind/{booking:id}/{minutes:id} removed/{coach:id} review/{offer:id}/{coach:id}/{at:instant} sessions
    sessions/{page:id} settings settings/language settings/language/{code:word} settings/reminders
    settings/reminders/stop settings/reminders/stop/{kind:word}
    settings/reminders/{which:word} settle/{booking:id}/{outcome:word} settling/{booking:id}
    share/{what:word}/{id:id} soonest/{offer:id}/{coach:id} start start/cancelled start/dead
    tell/{offer:id}/{coach:id} times/{offer:id}/{coach:id}/{day:day} times/{offer:id}/{coach:id}/{day:day}/{page:id}
    told unsettle/{booking:id} when/from/{day:day} when/{at:instant} when/{day:day} with/{coach:id}
    write/{booking:id} write/{booking:id}/send zone zone-follow zone/type zone/typed zone/{zone:word}
"""

COACHES = """
    coach coach/place coach/place/save coach/zone coach/zone/save coach/{coach:id}/pause
    coach/{coach:id}/resume hours hours/date hours/date/preview hours/draft/{draft:id} hours/draft/{draft:id}/save
    hours/usual hours/usual/{page:id} hours/usual/{first:day}/{last:day}
    hours/line hours/line/preview hours/off hours/off/preview hours/outside hours/outside/{page:id}
    hours/undo hours/undo/{version:id} hours/weekday
    hours/weekday/preview joining/hours joining/hours/save joining/place joining/place/save joining/zone
    joining/zone/save needs-hours/{coach:id}
"""

STAFF = """
    clients clients/{page:id} today/{day:day}
    give-back/of/{person:id} give-back/{booking:id} give-back/{booking:id}/ask give-back/{booking:id}/{draft:id}
    give-back/{booking:id}/{draft:id}/yes
"""

COMING = """
    agenda agenda/{page:id}
"""

TODAY = """
    today
"""

OWNERS = """
    grant/{grant:id}/return grant/{grant:id}/return/ask grant/{grant:id}/return/{draft:id}
    grant/{grant:id}/return/{draft:id}/yes
    audit/day/{who:word}/{what:word} audit/only/{who:word}/{what:word} audit/only/{who:word}/{what:word}/{before:id}
    audit/only/{who:word}/{what:word}/{day:day} audit/only/{who:word}/{what:word}/{day:day}/{before:id}
    audit/what/{who:word}/{what:word} audit/what/{who:word}/{what:word}/{day:day} audit/when/{who:word}/{what:word}
    audit/when/{who:word}/{what:word}/{day:day} audit/who/{who:word}/{what:word}
    audit/who/{who:word}/{what:word}/{day:day} audit/who/{who:word}/{what:word}/{day:day}/{page:id}
    audit/who/{who:word}/{what:word}/{page:id}
    report report/money report/money/{day:day} report/money/year/{day:day}
    audit audit/{before:id} clients/all clients/all/{page:id} invitations invitations/{invitation:id}/revoke invite
    invite/link invite/pick invite/pick/{page:id} invite/{account:id} joined/{coach:id} offer/{offer:id}
    offer/{offer:id}/archive offer/{offer:id}/archive/yes offer/{offer:id}/coach/{coach:id} offer/{offer:id}/coaches
    offer/{offer:id}/edit/{group:word} offer/{offer:id}/open offer/{offer:id}/pause
    offer/{offer:id}/save/{group:word} offers offers/intro offers/line offers/line/save offers/new offers/single
    offers/single/save setup setup/change/{question:word} setup/change/{question:word}/save setup/contact/form
    setup/contact/keep setup/packages setup/packages/line/{offer:id} setup/packages/make/{offer:id}/{sessions:id}
    setup/packages/new setup/packages/of/{offer:id} setup/packages/save/{offer:id} setup/package/{package:id}
    setup/package/{package:id}/archive setup/package/{package:id}/archive/yes
    setup/package/{package:id}/edit/{group:word} setup/package/{package:id}/offer/{offer:id}
    setup/package/{package:id}/offers setup/package/{package:id}/open setup/package/{package:id}/pause
    setup/package/{package:id}/save/{group:word} setup/payments setup/practice setup/receipts/form
    setup/receipts/keep setup/{question:word}
    setup/{question:word}/save share team
    team/{coach:id}/day team/{coach:id}/day/{day:day} team/{coach:id}/hours team/{coach:id}/sessions
    team/{coach:id}/outside team/{coach:id}/outside/{page:id} team/{coach:id}/sessions/{page:id}
    today/all today/all/{day:day} today/all/{day:day}/{page:id}
    team/me team/{coach:id} team/{coach:id}/fates team/{coach:id}/pause team/{coach:id}/remove
    team/{coach:id}/remove/{draft:id} team/{coach:id}/remove/{draft:id}/yes team/{coach:id}/resume workspace-new
    notice/workspace-lost
    workspace/{team:word} workspace/{team:word}/close workspace/{team:word}/reopen workspaces
"""

PINNED = {
    pattern: roles
    for patterns, roles in (
        (EVERYBODY, set(Role)),
        (COACHES, {Role.COACH}),
        (OWNERS, {Role.OWNER}),
        (STAFF, {Role.COACH, Role.OWNER}),
        (COMING, {Role.COACH, Role.LEAVING}),
        (TODAY, {Role.COACH, Role.OWNER, Role.LEAVING}),
    )
    for pattern in patterns.split()
}

NAME_A_ROLE = {
    "bot/chat/channel.py": "a menu is made for each role",
    "bot/channels/telegram/receiving.py": "a menu is made for each role",
    "bot/handlers/conversation/commands.py": "a menu is made for each role",
    "bot/handlers/kit/failures.py": "says whose command it is",
    "bot/services/people/owners.py": "grants and withdraws roles",
    "bot/services/people/people.py": "sees who is an owner already",
}


def somebody(role: Role) -> Person:
    """Everybody is a client, whatever else they are."""
    return Person(1, "Ana", None, "en", frozenset({Role.CLIENT, role}))


@pytest.mark.parametrize("role", Role)
def test_each_role_may_go_where_it_could(role: Role) -> None:
    person = somebody(role)
    allowed = {route.pattern.text: may(person, route.permission) for route in ROUTES}
    pinned = {pattern: role in roles for pattern, roles in PINNED.items()}
    assert {pattern: allowed.get(pattern) for pattern in pinned} == pinned


def test_every_permission_is_somebodys_and_is_asked_for() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)
    text = "".join(source.text for source in product() if source.path != "bot/domain/people/permissions.py")
    assert [each for each in Permission if f"Permission.{each.name}" not in text] == []


def test_handlers_and_use_cases_name_permissions_and_no_roles() -> None:
    naming = {
        source.path
        for source in product()
        if source.path.startswith(("bot/handlers/", "bot/services/", "bot/chat/", "bot/channels/"))
        if any(name == "bot.domain.people.people.Role" for name, _node in imports(source))
    }
    assert naming == set(NAME_A_ROLE)
