"""`/audit`: who changed what, through what and why, the newest first; all of it, or what is looked for."""

from datetime import date

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.provider import ProviderTerms
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, paging, phrases
from bot.handlers.practice import audit_filters, audit_words
from bot.handlers.practice.audit_filters import ANY, EVERYTHING, Chosen
from bot.services.desk import Desk
from bot.services.practice.audit import AuditLine

ON_A_PAGE = 10


async def recent(turn: Turn, desk: Desk, before: int | None = None) -> Screen:
    return await only(turn, desk, ANY, ANY, before=before)


async def only(
    turn: Turn, desk: Desk, who: str, what: str, day: date | None = None, before: int | None = None
) -> Screen:
    """The entries of somebody, about something, of one day; each is `any` or None where that does not matter."""
    practice = await desk.practice.get(turn.generation)
    chosen = Chosen(who, what, day)
    wanted = chosen.wanted(turn.zone)
    if wanted is None:
        return failures.missing()
    found = await desk.audit.recent(before, ON_A_PAGE + 1, wanted)
    lines = [Line(words, Tone.STRONG) for words in await audit_filters.said(desk, chosen)]
    for each in found[:ON_A_PAGE]:
        lines += _lines(each, practice.currency or "EUR", turn.zone, desk.deployment.provider)
    if not found:
        unreadable = await desk.audit.any_fits(before, wanted)
        lines.append(Line(_("None of the entries can be read.") if unreadable else _none(chosen, before)))
    older = address(chosen.at(), found[ON_A_PAGE - 1].entry.id) if len(found) > ON_A_PAGE else None
    rows = _ways_on(chosen, older, first=before is None)
    return Screen(_("Who changed what"), tuple(lines), tuple(rows))


def _none(chosen: Chosen, before: int | None) -> str:
    if before is not None:
        return _("There is nothing older.")
    return _("Nothing has been changed yet.") if chosen == EVERYTHING else _("Nothing fits this.")


def _ways_on(chosen: Chosen, older: str | None, *, first: bool) -> list[Row]:
    leaf: list[Button] = [] if first else [Button(_("Newest"), chosen.at())]
    if older is not None:
        leaf.append(Button(_("Older"), older))
    choices = audit_filters.buttons(chosen)
    rows: list[Row] = [tuple(leaf), choices]
    if chosen.day is not None:
        rows.append(paging.days_beside(("audit", "only", chosen.who, chosen.what), chosen.day))
    last = [Button(_("Setup"), "setup"), Button(_("Start"), "start")]
    if chosen != EVERYTHING:
        last.insert(0, Button(_("Everything"), "audit"))
    return [row for row in (*rows, tuple(last)) if row]


def _lines(line: AuditLine, currency: str, zone: str, provider: ProviderTerms | None) -> list[Line]:
    entry = line.entry
    who = line.name or (_("Rapport itself") if entry.person_id is None else _("somebody"))
    way = audit_words.via(entry.via, provider)
    head = _("{when}: {what}", when=tell.moment(entry.at, zone), what=audit_words.what(entry, line.called))
    facts = [] if line.booking is None else [phrases.with_both(line.booking)]
    facts.append(_("{who}, through {way}", who=who, way=way))
    if changed := audit_words.changes(entry, currency, zone, line.called):
        facts.append(changed)
    if why := audit_words.why(entry):
        facts.append(_("why: {why}", why=why))
    return [Line(head), Line(joined(" · ", facts), Tone.QUIET)]


ROUTES: tuple[Route, ...] = (
    show("audit", recent, permission=Permission.READ_AUDIT, command="/audit"),
    show("audit/{before:id}", recent, permission=Permission.READ_AUDIT),
    show("audit/only/{who:word}/{what:word}", only, permission=Permission.READ_AUDIT),
    show("audit/only/{who:word}/{what:word}/{before:id}", only, permission=Permission.READ_AUDIT),
    show("audit/only/{who:word}/{what:word}/{day:day}", only, permission=Permission.READ_AUDIT),
    show("audit/only/{who:word}/{what:word}/{day:day}/{before:id}", only, permission=Permission.READ_AUDIT),
)
