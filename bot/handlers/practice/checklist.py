"""The checklist of `/setup`: what is missing for a first booking, each line with the way to mend it."""

from dataclasses import dataclass, replace

from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.practice import Practice
from bot.handlers.kit import phrases
from bot.handlers.kit.paging import in_rows
from bot.services.desk import Desk
from bot.services.practice.practice import Checklist

MOST_BUTTONS = 8
"""The steps and Help come first, of what is optional one at a time; of the other pages, those that stand elsewhere too
give way."""


@dataclass(frozen=True)
class Item:
    """`missing` says what is not there, `fix` leads to where it can be mended; None: by mending the others. What is
    `optional` can be mended elsewhere as well."""

    done: bool
    what: str
    missing: str
    fix: Button | None
    optional: bool = False


async def screen(turn: Turn, desk: Desk, practice: Practice) -> Screen:
    done = await desk.practice.checklist()
    coaches = turn.may(Permission.KEEP_OWN_HOURS)
    items = [*_items(done, coaches=coaches), *_contact(practice), *await _about(turn, desk)]
    missing = [item for item in items if not item.done]
    needed, wished = ([each for each in missing if each.optional is optional] for optional in (False, True))
    steps: list[Row] = [(item.fix,) for item in (*needed, *wished[:1]) if item.fix is not None]
    if done.share:
        steps.insert(0, (Button(_("Share the link"), "share", Style.PRIMARY), Button(_("Try it: book"), "book")))
    if await desk.set_aside.everything(1):
        steps.append((Button(_("Set aside"), address_of(NoticeKind.SET_ASIDE)),))
    there = {each.to for row in steps for each in row if isinstance(each, Button)}
    pages = [each for each in _pages(coaches=coaches, sells=desk.deployment.payments_on) if each.to not in there]
    room = MOST_BUTTONS - 1 - sum(len(row) for row in steps)
    rows = (*steps, *in_rows(pages[:room], 2), (Button(_("Help"), "help"),))
    title = _("{name} is open", name=practice.name) if done.share and practice.name else _("Almost there")
    return Screen(title, tuple(Line(_words(item)) for item in items), rows)


def _pages(*, coaches: bool, sells: bool) -> list[Button]:
    """The other pages, those first that stand nowhere else."""
    offers, packages = Button(_("Offers"), "offers"), Button(_("Packages"), "setup/packages")
    practice, team = Button(_("Practice"), "setup/practice"), Button(_("Coaches"), "team")
    first = [offers, packages, practice, team] if sells else [offers, practice, team, packages]
    mine = Button(_("My hours"), "hours") if coaches else Button(_("Clients"), "clients")
    return [*first, mine, *([Button(_("Coupons"), "coupons")] if sells else [])]


async def open_steps(turn: Turn, desk: Desk, practice: Practice) -> tuple[list[Line], list[Row]]:
    """What is not done yet, and the way to each; the first of them stands out."""
    items = [*_items(await desk.practice.checklist(), coaches=turn.may(Permission.KEEP_OWN_HOURS)), *_contact(practice)]
    missing = [item for item in items if not item.done]
    fixes = [item.fix for item in missing if item.fix is not None]
    rows: list[Row] = [(replace(fix, style=Style.PLAIN if at else Style.PRIMARY),) for at, fix in enumerate(fixes)]
    return [Line(_words(item)) for item in missing], rows


def _items(done: Checklist, *, coaches: bool) -> tuple[Item, ...]:
    return (
        Item(
            done.hours,
            _("Hours"),
            _("no coach has any yet"),
            Button(_("Set hours"), "hours/line" if coaches else "team"),
        ),
        Item(done.offer, _("Offer"), _("none is open yet"), Button(_("Open an offer"), "offers")),
        Item(
            done.place,
            _("Place"),
            _("no offer has one yet"),
            Button(_("Set the place"), "coach/place" if coaches else "offers"),
        ),
        Item(
            done.payments,
            _("Card payments"),
            _("off, so only free offers can be open"),
            Button(_("Take cards"), "setup/payments"),
        ),
        Item(
            done.share,
            _("Open for booking"),
            _("a coach with hours and an open offer with a place are needed"),
            None,
        ),
    )


def _contact(practice: Practice) -> list[Item]:
    """A contact is optional: its line vanishes once there is one."""
    if practice.contact:
        return []
    fix = Button(_("Human contact"), "setup/contact/form")
    return [Item(False, _("Human contact"), _("clients find none under Help"), fix, optional=True)]


async def _about(turn: Turn, desk: Desk) -> list[Item]:
    """Optional, too: the line about the owner who coaches."""
    coach = await desk.coaches.of(turn.person, turn.generation)
    if coach is None or coach.about or coach.state is CoachState.REMOVED:
        return []
    fix = Button(_("About me"), address("about", coach.id))
    return [Item(False, _("About me"), _("clients read nothing yet"), fix, optional=True)]


def _words(item: Item) -> str:
    if item.done:
        return _("✓ {what}: done", what=item.what)
    return _("✗ {what}: {missing}", what=item.what, missing=item.missing)


async def payments(_turn: Turn, desk: Desk) -> Screen:
    """Explains that card payments are switched on in the installation's settings, not in the chat."""
    if desk.deployment.payments_on:
        provider = phrases.provider(desk)
        words = _("Card payments are on, through {provider}. Offers with a price can be opened.", provider=provider)
        lines = [Line(words)]
    else:
        lines = [
            Line(_("To take cards, set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET and restart.")),
            Line(_("Until then offers with a price wait; offers with a price of 0 work.")),
        ]
    back = (Button(_("Offers"), "offers"), Button(_("Back"), "setup"))
    return Screen(_("Card payments"), tuple(lines), (back,))


ROUTES: tuple[Route, ...] = (show("setup/payments", payments, permission=Permission.SET_UP),)
