"""`/audit`: who changed what, through what and why, the newest first."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.provider import ProviderTerms
from bot.domain.people.permissions import Permission
from bot.handlers.kit import phrases
from bot.handlers.practice import audit_words
from bot.services.desk import Desk
from bot.services.practice.audit import AuditLine

ON_A_PAGE = 10


async def recent(turn: Turn, desk: Desk, before: int | None = None) -> Screen:
    practice = await desk.practice.get(turn.generation)
    zone = turn.person.zone or practice.zone or "UTC"
    found = await desk.audit.recent(before, ON_A_PAGE + 1)
    lines: list[Line] = []
    for each in found[:ON_A_PAGE]:
        lines += _lines(each, practice.currency or "EUR", zone, desk.deployment.provider)
    if not found:
        lines.append(Line(_("Nothing has been changed yet.") if before is None else _("There is nothing older.")))
    row: list[Button] = []
    if before is not None:
        row.append(Button(_("Newest"), "audit"))
    if len(found) > ON_A_PAGE:
        row.append(Button(_("Older"), address("audit", found[ON_A_PAGE - 1].entry.id)))
    rows = ((*row,), (Button(_("Setup"), "setup"), Button(_("Start"), "start")))
    return Screen(_("Who changed what"), tuple(lines), tuple(each for each in rows if each))


def _lines(line: AuditLine, currency: str, zone: str, provider: ProviderTerms | None) -> list[Line]:
    entry = line.entry
    who, way = line.name or _("Rapport itself"), audit_words.via(entry.via, provider)
    head = _("{when}: {what}", when=tell.moment(entry.at, zone), what=audit_words.what(entry))
    facts = [] if line.booking is None else [phrases.with_both(line.booking)]
    facts.append(_("{who}, through {way}", who=who, way=way))
    if changed := audit_words.changes(entry, currency, zone):
        facts.append(changed)
    if why := audit_words.why(entry):
        facts.append(_("why: {why}", why=why))
    return [Line(head), Line(joined(" · ", facts), Tone.QUIET)]


ROUTES: tuple[Route, ...] = (
    show("audit", recent, permission=Permission.READ_AUDIT, command="/audit"),
    show("audit/{before:id}", recent, permission=Permission.READ_AUDIT),
)
