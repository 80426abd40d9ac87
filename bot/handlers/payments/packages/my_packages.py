"""`/packages`: what a client has of sessions paid ahead, with the history of each, and what there is to buy."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.credits.grants import Entry
from bot.domain.credits.packages import Package
from bot.handlers.credits import entry_words, return_words
from bot.handlers.kit import failures, offer_buttons, package_words, paging, phrases, plan_button, refusals
from bot.handlers.payments import orders
from bot.services.credits.balances import History
from bot.services.desk import Desk
from bot.services.payments.packages.package_worth import Worth

ON_A_PAGE = 4
ENTRIES = 10


async def everything(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    mine = await desk.balances.of_person(turn.person.id)
    offered = await desk.packages.for_sale(turn.now, turn.generation)
    page = min(page, max(0, len(mine) - 1) // ON_A_PAGE)
    shown = mine[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [line for each in shown for line in package_words.balance(each, turn.zone)]
    if not mine:
        lines.append(Line(_nothing(offered)))
    grants = [each.holding.grant for each in shown]
    rows = offer_buttons.by_name(
        grants, lambda grant: address("credit", grant.id), lambda _each, name: _("History of {name}", name=name)
    )
    rows += plan_button.first_of(shown)
    rows += paging.turns(("packages",), page, ON_A_PAGE, len(mine), _("Newer packages"), _("Older packages"))
    if offered:
        lines.append(Line(_("To buy:"), Tone.STRONG))
        lines += [Line(package_words.line(each)) for each in offered]
        rows += offer_buttons.by_name(offered, lambda package: address("package", package.id))
    style = Style.PRIMARY if mine or not offered else Style.PLAIN
    rows.append((Button(_("Book a session"), "book", style), Button(_("My sessions"), "sessions")))
    rows.append((Button(_("Gifts"), "gifts"),))
    return Screen(_("Your packages"), tuple(lines), tuple(rows))


def _nothing(offered: list[Package]) -> str:
    if offered:
        return _("You have no sessions paid ahead. Buy several at once for less, and each booking takes one of them.")
    return _("You have no sessions paid ahead, and there are no packages to buy now. You can book single sessions.")


async def history(turn: Turn, desk: Desk, grant: int, before: int | None = None) -> Screen:
    """Each entry with the session that it is about."""
    found = await desk.balances.history(turn.person.id, grant, before, ENTRIES)
    if found is None:
        return failures.missing()
    lines = [*package_words.balance(found.balance, turn.zone), *await return_words.so_far(desk, grant, to_client=True)]
    lines += [Line(_entry(turn, found, each)) for each in found.entries]
    rows: list[Row] = []
    if found.entries and found.entries[-1].number > 1:
        rows.append((Button(_("Earlier"), address("credit", grant, found.entries[-1].number)),))
    rows.append((Button(_("Book a session"), "book"), Button(_("All packages"), "packages")))
    worth = await desk.package_returns.look(grant, turn.now)
    if isinstance(worth, Worth) and worth.alone:
        rows.append((Button(_("Give it back"), address("credit", grant, "return")),))
    if await desk.gifts.to_hand_back(turn.person, grant) is not None:
        rows.append((Button(_("Hand the gift back"), address("credit", grant, "hand-back")),))
    return Screen(found.balance.holding.grant.name, tuple(lines), tuple(rows))


def _entry(turn: Turn, history: History, entry: Entry) -> str:
    """`Tue 1 Dec: booked: Single with Olga, Thu 3 Dec, 10:00 (Berlin). 4 left`."""
    when = tell.day(day_of(entry.at, turn.zone))
    booking = None if entry.booking_id is None else history.bookings.get(entry.booking_id)
    what = entry_words.what(entry)
    if booking is not None:
        session = _("{what}, {when}", what=phrases.with_coach(booking), when=tell.moment(booking.starts, turn.zone))
        what = _("{done}: {session}", done=what, session=session)
    return _("{when}: {what}. {n} left.", when=when, what=what, n=entry.balance)


async def one(turn: Turn, desk: Desk, package: int) -> Screen:
    """All that is bought, before anything is asked for."""
    found = next((each for each in await desk.packages.for_sale(turn.now, turn.generation) if each.id == package), None)
    back = Button(_("Back"), "packages")
    if found is None:
        words = _("This package cannot be bought now.")
        return Screen(_("Not for sale"), (Line(words),), ((back, Button(_("Book a session"), "book")),))
    covered = [offer for offer in await desk.offers.open_for(None, turn.generation) if offer.id in found.offer_ids]
    lines = [
        Line(_("{n} sessions for {price}", n=found.sessions, price=tell.amount(found.price)), Tone.STRONG),
        *await phrases.tax_on_prices(turn, desk),
        Line(package_words.a_session(found, covered)),
        Line(package_words.covers(covered)),
        Line(package_words.validity(found, await package_words.zone_of_practice(turn, desk))),
        *(Line(words) for words in package_words.weekly(found)),
        Line(_("Each booking takes one of them. Cancelled in time, it comes back; too late, it is used."), Tone.TERMS),
    ]
    buy = turn.do("package", package, "buy", stated=(found.version,))
    gift = Button(_("Give it to somebody"), address("give", "package", package))
    return Screen(found.name, tuple(lines), ((Button(_("Buy it"), buy, Style.SUCCESS), back), (gift,)))


async def buy(turn: Turn, desk: Desk, package: int) -> Screen | Redirect:
    found = await desk.packages.find(package, turn.generation)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.package_sales.buy(turn.act("order/{id}"), package, found.version)
    return refusals.or_next(turn, outcome, address("package", package))


ROUTES: tuple[Route, ...] = (
    show("packages", everything, command="/packages"),
    show("packages/{page:id}", everything),
    show("credit/{grant:id}", history),
    show("credit/{grant:id}/{before:id}", history),
    show("package/{package:id}", one),
    do(
        "package/{package:id}/buy",
        buy,
        back="package/{package:id}",
        changes_person=False,
        finish=orders.make_card_page,
    ),
)
