"""The owner invites coaches: a link with a code beside it, or a person picked from those who wrote before."""

from bot.chat import tell
from bot.chat.links import tappable
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Done, Refusal
from bot.handlers.kit import offer_buttons, paging, phrases, refusals
from bot.services.desk import Desk
from bot.services.team.invitations import Invited

ON_A_PAGE = 8


async def invite(turn: Turn, _desk: Desk) -> Screen:
    return Screen(
        _("Invite a coach"),
        (
            Line(_("A link opens this chat for one person; the code beside it does the same on Slack.")),
            Line(_("Or pick somebody who wrote here before: they get a message with Accept.")),
            Line(_("An invitation works once, for seven days, and can be withdrawn."), Tone.QUIET),
        ),
        (
            (
                Button(_("Make a link and a code"), turn.do("invite", "link"), Style.SUCCESS),
                Button(_("Pick somebody"), "invite/pick"),
            ),
            (Button(_("Back"), "team"),),
        ),
    )


async def make_link(turn: Turn, desk: Desk) -> Screen | Redirect:
    """Shows the link itself: it is stored nowhere, so no other page could show it."""
    turn.require()
    made = await desk.invitations.invite(turn.act("invitations"))
    if isinstance(made, Refusal):
        return refusals.screen(turn, made, "team")
    if isinstance(made, Done):
        return Redirect(made.next, _("The link was shown once. If it is lost, withdraw it and make another."))
    return await _link(turn, desk, made)


async def _link(turn: Turn, desk: Desk, made: Invited) -> Screen:
    until = tell.moment(made.expires, turn.zone)
    link = desk.sharing.of_token(made.token).telegram
    lines = [Line(_("Give this to one person. It works once, until {when}, and is shown only now.", when=until))]
    if link is not None:
        lines += [Line(_("On Telegram, this link:")), Line(tappable(link), Tone.STRONG)]
    code = f"{made.code[:5]}-{made.code[5:]}"
    lines += [Line(_("On Slack or Telegram, these words:")), Line(f"/coach join {code}", Tone.STRONG)]
    back = (Button(_("Open invitations"), "invitations"), Button(_("Coaches"), "team"))
    return Screen(_("An invitation"), tuple(lines), (back,))


async def pick(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    before = page * ON_A_PAGE
    found = await desk.invitations.candidates(turn.person, before, ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    rows: list[Row] = []
    for each in shown:
        name, platform = offer_buttons.short(each.name), phrases.PLATFORMS[each.platform]
        words = _("{name} · {platform}", name=name, platform=platform)
        to = turn.do("invite", each.account_id, stated=(each.account_id,))
        rows.append((Button(words, to, label=_("Invite {name}", name=each.name)),))
    rows += paging.turns(("invite", "pick"), page, ON_A_PAGE, before + len(found), _("Earlier page"), _("Next page"))
    words = _("They get a message with Accept.") if shown else _("Nobody else has written here yet.")
    return Screen(_("Who should coach?"), (Line(words),), (*rows, (Button(_("Back"), "invite"),)))


async def invite_picked(turn: Turn, desk: Desk, account: int) -> Screen | Redirect:
    turn.require(account)
    made = await desk.invitations.invite(turn.act("invitations"), account)
    if isinstance(made, Refusal):
        return refusals.screen(turn, made, "team")
    return Redirect("invitations", _("Invited: they get a message with Accept."))


async def pending(turn: Turn, desk: Desk) -> Screen:
    """The open invitations: names the person who was picked; a link may be in anybody's hands."""
    found = await desk.invitations.invitations(turn.now)
    names = await desk.invitations.names(found)
    lines: list[Line] = []
    rows: list[Row] = []
    for number, invitation in enumerate(found, 1):
        until = tell.moment(invitation.expires_at, turn.zone)
        if invitation.account_id is None:
            lines.append(Line(_("{n}. A link and a code, until {when}", n=number, when=until)))
        else:
            name = names.get(invitation.account_id) or _("somebody")
            lines.append(Line(_("{n}. For {name}, until {when}", n=number, name=name, when=until)))
        revoke = turn.do("invitations", invitation.id, "revoke", stated=(invitation.id,))
        rows.append((Button(_("Withdraw no. {n}", n=number), revoke, Style.DANGER),))
    if not found:
        lines.append(Line(_("No invitation is open.")))
    back = (Button(_("Invite a coach"), "invite"), Button(_("Back"), "team"))
    return Screen(_("Open invitations"), tuple(lines), (*rows, back))


async def revoke(turn: Turn, desk: Desk, invitation: int) -> Screen | Redirect:
    turn.require(invitation)
    outcome = await desk.invitations.revoke(turn.act("invitations"), invitation)
    return refusals.or_next(turn, outcome, "invitations", _("Withdrawn: it can no longer be used."))


ROUTES: tuple[Route, ...] = (
    show("invite", invite, permission=Permission.KEEP_TEAM),
    do("invite/link", make_link, back="invite", permission=Permission.KEEP_TEAM),
    show("invite/pick", pick, permission=Permission.KEEP_TEAM),
    show("invite/pick/{page:id}", pick, permission=Permission.KEEP_TEAM),
    do("invite/{account:id}", invite_picked, back="invite/pick", permission=Permission.KEEP_TEAM),
    show("invitations", pending, permission=Permission.KEEP_TEAM),
    do("invitations/{invitation:id}/revoke", revoke, back="invitations", permission=Permission.KEEP_TEAM),
)
