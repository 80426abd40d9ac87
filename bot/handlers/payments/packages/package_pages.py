"""The owner's pages of packages: the list, and each package with its settings, to be sold, paused or archived."""

from collections.abc import Awaitable, Callable

from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.acts import Act
from bot.domain.credits.packages import Package, PackageState
from bot.domain.people.permissions import Permission
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, offer_buttons, package_words, refusals
from bot.services.desk import Desk

LIST = "setup/packages"
ONE = "setup/package"
Change = Callable[[Act, int, int], Awaitable[Done | Refusal]]


async def everything(turn: Turn, desk: Desk) -> Screen:
    found = await desk.packages.all(turn.generation)
    told = [_("{what}: {state}", what=package_words.line(each), state=state_words(each.state)) for each in found]
    as_named = offer_buttons.fit([package.name for package in found])
    lines = [Line(words) for words in (told if as_named else offer_buttons.numbered(told))]
    if not found:
        lines.append(Line(_("Clients can buy several sessions at once for less. You have no such package yet.")))
    rows = offer_buttons.by_name(found, lambda package: address(ONE, package.id))
    rows.append((Button(_("Add a package"), f"{LIST}/new", Style.PRIMARY), Button(_("Back"), "setup")))
    return Screen(_("Packages"), tuple(lines), tuple(rows))


def state_words(state: PackageState) -> str:
    match state:
        case PackageState.ACTIVE:
            return _("for sale")
        case PackageState.PAUSED:
            return _("not for sale")
        case PackageState.ARCHIVED:
            return _("archived")


async def kept(turn: Turn, desk: Desk, package: int) -> Package | None:
    """The package, unless it was archived."""
    found = await desk.packages.find(package, turn.generation)
    return None if found is None or found.state is PackageState.ARCHIVED else found


async def page(turn: Turn, desk: Desk, package: int) -> Screen:
    found = await kept(turn, desk, package)
    if found is None:
        return failures.missing()
    covered = [offer for offer in await desk.offers.all(turn.generation) if offer.id in found.offer_ids]
    zone = await package_words.zone_of_practice(turn, desk)
    obstacle = await desk.packages.obstacle(found, turn.now, turn.generation)
    lines = [
        Line(state_words(found.state), Tone.STRONG),
        Line(package_words.line(found)),
        Line(package_words.a_session(found, covered)),
        Line(package_words.covers(covered)),
        Line(package_words.validity(found, zone)),
        *(Line(words) for words in package_words.weekly(found)),
        *([Line(why_not(obstacle))] if obstacle is not None else []),
    ]
    return Screen(found.name, tuple(lines), (_state_row(turn, found), *_edit_rows(found)))


def why_not(obstacle: Refusal) -> str:
    """Why nobody can buy it as it is."""
    if obstacle.code is Code.OFFER_CLOSED:
        return _("Nobody can buy it now: none of its offers is open.")
    if obstacle.code is Code.PAYMENTS_OFF:
        return _("Card payments are off: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to sell it.")
    return _("Nobody can buy it now. {why}", why=refusals.words(obstacle))


def _state_row(turn: Turn, package: Package) -> Row:
    if package.state is PackageState.ACTIVE:
        return (Button(_("Stop selling it"), turn.do(ONE, package.id, "pause", stated=(package.version,))),)
    return (Button(_("Sell it"), turn.do(ONE, package.id, "open", stated=(package.version,)), Style.SUCCESS),)


def _edit_rows(package: Package) -> list[Row]:
    def edit(words: str, group: str) -> Button:
        return Button(words, address(ONE, package.id, "edit", group))

    return [
        (edit(_("Name and sessions"), "basics"), edit(_("Price"), "price")),
        (edit(_("How long it is valid"), "validity"), edit(_("Most a week"), "week")),
        (Button(_("What it is for"), address(ONE, package.id, "offers")),
         Button(_("Archive"), address(ONE, package.id, "archive"))),
        (Button(_("All packages"), LIST), Button(_("Setup"), "setup")),
    ]  # fmt: skip


async def open_it(turn: Turn, desk: Desk, package: int) -> Screen | Redirect:
    return await _change(turn, desk, package, desk.packages.open, _("For sale: clients can buy it."))


async def pause(turn: Turn, desk: Desk, package: int) -> Screen | Redirect:
    words = _("Nobody can buy it any more. What was bought stays.")
    return await _change(turn, desk, package, desk.packages.pause, words)


async def ask_archive(turn: Turn, desk: Desk, package: int) -> Screen:
    found = await kept(turn, desk, package)
    if found is None:
        return failures.missing()
    yes = turn.do(ONE, package, "archive", "yes", stated=(found.version,))
    words = _("It leaves the list for good and cannot be sold again. What was bought stays as it is.")
    keep = Button(_("Keep it"), address(ONE, package))
    row = (Button(_("Archive package"), yes, Style.DANGER), keep)
    return Screen(_("Archive {name}?", name=found.name), (Line(words),), (row,))


async def archive(turn: Turn, desk: Desk, package: int) -> Screen | Redirect:
    return await _change(turn, desk, package, desk.packages.archive, _("Archived. What was bought stays."), LIST)


async def _change(
    turn: Turn, desk: Desk, package: int, change: Change, words: str, following: str | None = None
) -> Screen | Redirect:
    found = await kept(turn, desk, package)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await change(turn.act(following or address(ONE, package)), package, found.version)
    return or_next(turn, outcome, address(ONE, package), words)


def or_next(turn: Turn, outcome: Done | Refusal, back: str, words: str | None = None) -> Screen | Redirect:
    if isinstance(outcome, Refusal) and outcome.code in {Code.OFFER_CLOSED, Code.PAYMENTS_OFF}:
        row = (Button(_("Back"), back), Button(_("Offers"), "offers"))
        return Screen(_("Not done"), (Line(why_not(outcome)),), (row,))
    return refusals.or_next(turn, outcome, back, words)


def can_be_covered(offers: list[Offer]) -> list[Offer]:
    """Offers that packages can be for."""
    return [offer for offer in offers if offer.price]


async def offers(turn: Turn, desk: Desk, package: int) -> Screen:
    """Which offers its sessions can be booked for; each is added or taken out by a tap."""
    found = await kept(turn, desk, package)
    if found is None:
        return failures.missing()
    everything = await desk.offers.all(turn.generation)
    covered = [offer for offer in everything if offer.id in found.offer_ids]
    those = covered + [each for each in can_be_covered(everything) if each not in covered]
    rows = offer_buttons.toggles(
        those, found.offer_ids, lambda offer: turn.do(ONE, package, "offer", offer.id, stated=(found.version,))
    )
    line = Line(package_words.covers(covered))
    back = (Button(_("Back"), address(ONE, package)),)
    return Screen(_("What is {name} for?", name=found.name), (line,), (*rows, back))


async def toggle_offer(turn: Turn, desk: Desk, package: int, offer: int) -> Screen | Redirect:
    found = await kept(turn, desk, package)
    known = {each.id for each in await desk.offers.all(turn.generation)}
    if found is None or offer not in known:
        return failures.missing()
    turn.require(found.version)
    back = address(ONE, package, "offers")
    wanted = tuple(sorted(set(found.offer_ids) ^ {offer}))
    outcome = await desk.packages.change(turn.act(back), package, found.version, offer_ids=wanted)
    return or_next(turn, outcome, back)


ROUTES: tuple[Route, ...] = (
    show(LIST, everything, permission=Permission.KEEP_OFFERS),
    show(f"{ONE}/{{package:id}}", page, permission=Permission.KEEP_OFFERS),
    do(f"{ONE}/{{package:id}}/open", open_it, back=f"{ONE}/{{package:id}}", permission=Permission.KEEP_OFFERS),
    do(f"{ONE}/{{package:id}}/pause", pause, back=f"{ONE}/{{package:id}}", permission=Permission.KEEP_OFFERS),
    show(f"{ONE}/{{package:id}}/archive", ask_archive, permission=Permission.KEEP_OFFERS),
    do(f"{ONE}/{{package:id}}/archive/yes", archive, back=f"{ONE}/{{package:id}}", permission=Permission.KEEP_OFFERS),
    show(f"{ONE}/{{package:id}}/offers", offers, permission=Permission.KEEP_OFFERS),
    do(
        f"{ONE}/{{package:id}}/offer/{{offer:id}}",
        toggle_offer,
        back=f"{ONE}/{{package:id}}/offers",
        permission=Permission.KEEP_OFFERS,
    ),
)
