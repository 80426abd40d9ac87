"""`/settings`, Cards: which are kept, which is offered first, one more, one less."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Link, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.reminders import ReminderKind
from bot.domain.payments.cards import Card, CardState
from bot.domain.payments.money import Money
from bot.handlers.kit import card_words, failures, phrases, refusals
from bot.handlers.people.settings import stop_button
from bot.services.desk import Desk

SHOWN = 5
"""Sessions whose fees are charged to a card."""

OnCard = list[tuple[Booking, Money]]


async def page(turn: Turn, desk: Desk) -> Screen | Redirect:
    if not desk.cards.on:
        return failures.missing()
    found = await desk.cards.of(turn.person.id, turn.now)
    lines = [Line(_line(card, turn, first=at == 0 and len(found.cards) > 1)) for at, card in enumerate(found.cards)]
    rows: list[Row] = [(Button(card_words.short(card), address("card", card.id)),) for card in found.cards]
    if not lines:
        lines = [Line(_("No card is kept. With one, you pay with a single tap the next time."))]
    if found.page_url is not None and found.page_ends is not None:
        until = tell.time(found.page_ends, turn.zone)
        lines.append(Line(_("The page for another card is open until {until}. Nothing is paid there.", until=until)))
        rows.append((Link(_("Enter a card"), found.page_url, Style.PRIMARY),))
    else:
        rows.append((Button(_("Keep a card"), "cards/add"),))
    rows.append((Button(_("Fees that you agreed to"), "fees"),))
    rows.append((Button(_("Back"), "settings"), Button(_("Start"), "start")))
    return Screen(_("Cards"), tuple(lines), tuple(rows))


def _line(card: Card, turn: Turn, *, first: bool) -> str:
    words = card_words.whole(card)
    if not card.is_good(turn.now):
        return _("{card}: it has expired", card=words)
    return _("{card}: I offer it first", card=words) if first else words


async def add(turn: Turn, desk: Desk) -> Screen | Redirect:
    """The words that are agreed to, before the page opens."""
    if not desk.cards.on:
        return failures.missing()
    words = card_words.agreement(desk)
    rows = ((Button(_("Keep a card"), turn.do("cards", "keep", stated=(words,)), Style.PRIMARY), _back()),)
    return Screen(_("Keep a card?"), (Line(words, Tone.TERMS), Line(_("Nothing is paid now."))), rows)


async def agreed(turn: Turn, desk: Desk) -> Screen | Redirect:
    words = card_words.agreement(desk)
    turn.require(words)
    return refusals.or_next(turn, await desk.cards.agree(turn.act("cards/open"), words), "cards")


async def opened(turn: Turn, desk: Desk) -> Screen | Redirect:
    """The page on which the card is entered; or that there is none now."""
    found = await desk.cards.of(turn.person.id, turn.now)
    if found.page_url is None or found.page_ends is None:
        words = _("The page for your card cannot be made right now. Please try again in a few minutes.")
        return Screen(_("Not now"), (Line(words),), ((Button(_("Keep a card"), "cards/add"), _back()),))
    until = tell.time(found.page_ends, turn.zone)
    lines = (Line(_("The page is open until {until}. I write to you when the card is kept.", until=until)),)
    return Screen(_("Enter your card"), lines, ((Link(_("Enter a card"), found.page_url, Style.PRIMARY), _back()),))


async def make_page(turn: Turn, desk: Desk, _to: str) -> bool:
    async with turn.slowly(_("Preparing the card page…")):
        await desk.cards.make_page(turn.person.id, turn.now)
    return True


async def one(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    found = await _own(turn, desk, card)
    if found is None:
        return Redirect("cards") if desk.cards.on else failures.missing()
    kept = (await desk.cards.of(turn.person.id, turn.now)).cards
    lines = [Line(_line(found, turn, first=len(kept) > 1 and kept[0].id == found.id))]
    if found.agreed_at is not None:
        lines.append(Line(_("Kept since {day}.", day=tell.day(found.agreed_at.date())), Tone.QUIET))
    standing = await _fees_on(turn, desk, found)
    lines.append(Line(_("If you remove it, it cannot be charged any more.")))
    lines += _without_it(turn, standing)
    rows: list[Row] = []
    if kept and kept[0].id != found.id and found.is_good(turn.now):
        rows.append((Button(_("Offer it first"), turn.do("card", card, "first", stated=(found.version,))),))
    removed = turn.do("card", card, "remove", stated=_stated(found, standing))
    rows.append((Button(_("Remove it"), removed, Style.DANGER), _back()))
    return Screen(card_words.short(found), tuple(lines), tuple(rows))


async def _fees_on(turn: Turn, desk: Desk, card: Card) -> OnCard:
    """Sessions whose fees could not be charged any more without this card."""
    kept = (await desk.cards.of(turn.person.id, turn.now)).cards
    if [each.id for each in kept if each.is_good(turn.now)] != [card.id]:
        return []
    return await desk.fees.standing(turn.person.id, turn.now)


def _without_it(turn: Turn, standing: OnCard) -> list[Line]:
    if not standing:
        return []
    words = _("No other card of yours is kept. If a fee that you agreed to comes up, I give you a page to pay it:")
    lines = [Line(words, Tone.STRONG)]
    for booking, most in standing[:SHOWN]:
        what, when = phrases.with_coach(booking), phrases.when_for_client(booking, turn.person.zone)
        lines.append(Line(_("{what}, {when}: {fee} at most", what=what, when=when, fee=tell.amount(most))))
    if len(standing) > SHOWN:
        lines.append(Line(ngettext("And {n} more.", "And {n} more.", len(standing) - SHOWN), Tone.QUIET))
    return lines


def _stated(card: Card, standing: OnCard) -> tuple[object, ...]:
    return (card.version, *(fact for booking, most in standing for fact in (booking.id, most.amount)))


async def first(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    found = await _own(turn, desk, card)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.cards.use_first(turn.act("cards"), card, found.version)
    return refusals.or_next(
        turn, outcome, "cards", _("I offer {card} first from now on.", card=card_words.short(found))
    )


async def remove(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    found = await _own(turn, desk, card)
    if found is None:
        return failures.missing()
    turn.require(*_stated(found, await _fees_on(turn, desk, found)))
    outcome = await desk.cards.remove(turn.act("cards"), card, found.version)
    return refusals.or_next(turn, outcome, "cards", _("{card} is not kept any more.", card=card_words.short(found)))


async def told_kept(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    return await _told(turn, desk, card, _("Your card is kept"))


async def told_renewed(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    return await _told(turn, desk, card, _("Your bank renewed your card"))


async def told_ending(turn: Turn, desk: Desk, card: int) -> Screen | Redirect:
    ending = await desk.cards.ending(turn.person.id, card, turn.now)
    if ending is None or ReminderKind.CARDS in turn.person.stopped:
        return Redirect("gone")
    lines = [Line(card_words.whole(ending.card))]
    if ending.session is not None:
        when = tell.moment(ending.session, turn.zone)
        lines.append(Line(_("Your next session is after that: {when}.", when=when)))
    renewed = _("Many banks renew a card by themselves; then I write to you. Else you can keep the new one here.")
    lines.append(Line(renewed))
    keep = (Button(_("Keep a card"), "cards/add"), Button(_("Cards"), "cards"))
    rows = (keep, (stop_button(turn, ReminderKind.CARDS),))
    return Screen(_("Your card ends soon: {card}", card=card_words.short(ending.card)), tuple(lines), rows)


async def _told(turn: Turn, desk: Desk, card: int, title: str) -> Screen | Redirect:
    found = await _own(turn, desk, card)
    if found is None:
        return failures.missing()
    lines = (Line(card_words.whole(found)), Line(_("You find your cards under /settings, Cards.")))
    rows: list[Row] = [(Button(_("Cards"), "cards"), Button(_("Start"), "start"))]
    hold = await desk.bookings.open_hold(turn.person, turn.now)
    if hold is not None and hold.is_held(turn.now):  # perhaps it waits for the card
        rows.insert(0, (Button(_("Go on booking"), address("hold", hold.id), Style.PRIMARY),))
    return Screen(title, lines, tuple(rows))


async def _own(turn: Turn, desk: Desk, card: int) -> Card | None:
    found = await desk.cards.find(turn.person.id, card)
    return found if found is not None and found.state is CardState.KEPT else None


def _back() -> Button:
    return Button(_("Back"), "cards")


ROUTES: tuple[Route, ...] = (
    show("cards", page),
    show("cards/add", add),
    do("cards/keep", agreed, back="cards/add", finish=make_page),
    show("cards/open", opened),
    show("card/{card:id}", one),
    do("card/{card:id}/first", first, back="card/{card:id}"),
    do("card/{card:id}/remove", remove, back="card/{card:id}"),
)
