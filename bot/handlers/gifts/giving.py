"""Giving sessions to somebody else: what can be given, the way to pay, the code and the link, and taking it back."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import tappable
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.credits.gifts import SESSION_MONTHS, Gift, GiftState
from bot.domain.practice.offers import Offer
from bot.handlers.gifts import gift_words
from bot.handlers.kit import credit_words, failures, offer_buttons, package_words, paging, phrases, refusals
from bot.handlers.payments import orders
from bot.services.desk import Desk

ON_A_PAGE = 6


async def everything(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    """What this person gave, and what can be given."""
    found = await desk.gifts.given_by(turn.person.id, page * ON_A_PAGE, ON_A_PAGE + 1)
    zone = await package_words.zone_of_practice(turn, desk)
    lines: list[Line] = []
    rows: list[Row] = []
    for number, each in enumerate(found[:ON_A_PAGE], page * ON_A_PAGE + 1):
        lines += [Line(_named(number, each.name), Tone.STRONG), Line(gift_words.state(turn, each, zone))]
        words = _named(number, offer_buttons.short(each.name))
        rows.append((Button(words, address("gift", each.id), label=_named(number, each.name)),))
    known = page * ON_A_PAGE + len(found)
    rows += paging.turns(("gifts",), page, ON_A_PAGE, known, _("Newer gifts"), _("Older gifts"))
    offered, singles = await desk.packages.for_sale(turn.now, turn.generation), await _singles(turn, desk)
    if offered or singles:
        lines.append(Line(_("Pay for somebody else: they get a code, and book when they like."), Tone.QUIET))
    else:
        lines.append(Line(_("There is nothing that could be given now.")))
    rows += offer_buttons.by_name(
        offered, lambda package: address("give", "package", package.id), lambda _each, name: _("Give {name}", name=name)
    )
    rows += offer_buttons.by_name(
        singles,
        lambda offer: address("give", "session", offer.id),
        lambda _each, name: _("Give one: {name}", name=name),
    )
    rows.append((Button(_("I have a gift code"), "gift-code"), Button(_("My packages"), "packages")))
    return Screen(_("Gifts"), tuple(lines), tuple(rows))


def _named(number: int, name: str) -> str:
    return _("Gift {n}: {name}", n=number, name=name)


async def _singles(turn: Turn, desk: Desk) -> list[Offer]:
    """Offers of which a single session can be given."""
    if not desk.payments.on:
        return []
    return [each for each in await desk.offers.open_for(None, turn.generation) if each.price and not each.limited]


async def package(turn: Turn, desk: Desk, package: int) -> Screen:
    """All that is given, before anything is asked for."""
    found = next((each for each in await desk.packages.for_sale(turn.now, turn.generation) if each.id == package), None)
    if found is None:
        return failures.missing()
    covered = [offer for offer in await desk.offers.open_for(None, turn.generation) if offer.id in found.offer_ids]
    lines = (
        Line(_("{n} sessions for {price}", n=found.sessions, price=tell.amount(found.price)), Tone.STRONG),
        *await phrases.tax_on_prices(turn, desk),
        Line(package_words.covers(covered)),
        Line(package_words.validity(found, await package_words.zone_of_practice(turn, desk))),
        *(Line(words) for words in package_words.weekly(found)),
        *_how(),
    )
    buy = turn.do("give", "package", package, "buy", stated=(found.version,))
    return Screen(_("Give {name}", name=found.name), lines, _buttons(buy))


async def session(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = next((each for each in await _singles(turn, desk) if each.id == offer), None)
    if found is None:
        return failures.missing()
    valid = ngettext(
        "Valid for {n} month from the purchase.", "Valid for {n} months from the purchase.", SESSION_MONTHS
    )
    price, tax = Line(tell.amount(found.price), Tone.STRONG), await phrases.tax_on_prices(turn, desk)
    lines = (price, *tax, Line(valid), *_how())
    buy = turn.do("give", "session", offer, "buy", stated=(found.price.amount,))
    return Screen(_("Give one: {name}", name=found.name), lines, _buttons(buy))


def _how() -> tuple[Line, ...]:
    return (
        Line(_("Once it is paid you get a code and a link. Whoever takes it first owns the sessions.")),
        Line(_("As long as nobody took it, and before it ends, you can have your money back."), Tone.TERMS),
    )


def _buttons(buy: str) -> tuple[Row, ...]:
    return ((Button(_("Buy it as a gift"), buy, Style.SUCCESS), Button(_("Back"), "gifts")),)


async def buy_package(turn: Turn, desk: Desk, package: int) -> Screen | Redirect:
    found = await desk.packages.find(package, turn.generation)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await desk.gifts.buy_package(turn.act("order/{id}"), package, found.version)
    return refusals.or_next(turn, outcome, address("give", "package", package))


async def buy_session(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    found = await desk.offers.find(offer, turn.generation)
    if found is None:
        return failures.missing()
    turn.require(found.price.amount)
    outcome = await desk.gifts.buy_session(turn.act("order/{id}"), offer, found.price.amount)
    return refusals.or_next(turn, outcome, address("give", "session", offer))


async def _own(turn: Turn, desk: Desk, gift: int) -> Gift | None:
    found = await desk.gifts.find(gift)
    return found if found is not None and found.person_id == turn.person.id else None


async def page(turn: Turn, desk: Desk, gift: int) -> Screen:
    """To its giver: the code while nobody took it, and when somebody did. What became of it later is not told."""
    found = await _own(turn, desk, gift)
    if found is None:
        return failures.missing()
    zone = await package_words.zone_of_practice(turn, desk)
    lines = [Line(gift_words.what(found)), Line(gift_words.state(turn, found, zone), Tone.STRONG)]
    rows: list[Row] = []
    owed = await desk.owed_gifts.find(gift)
    if owed is not None and owed.owed:
        lines.append(Line(gift_words.stays_yours(owed)))
    if found.can_be_taken(turn.now):
        lines += map(Line, credit_words.of_gift(found, await desk.gifts.left_of(found)))
        link = desk.sharing.of_token(found.token).telegram
        lines.append(Line(_("The code: {code}", code=found.code), Tone.STRONG))
        if link is not None:
            lines += [Line(_("On Telegram, this link opens it:")), Line(tappable(link))]
        lines.append(Line(_("Elsewhere: /gifts, I have a gift code.")))
        lines.append(Line(_("Whoever has it can take it: give it to nobody else."), Tone.QUIET))
        rows.append((Button(_("Take it back"), address("gift", gift, "back")),))
    rows.append((Button(_("Gifts"), "gifts"), Button(_("Start"), "start")))
    return Screen(_("Your gift: {name}", name=found.name), tuple(lines), tuple(rows))


async def back(turn: Turn, desk: Desk, gift: int) -> Screen | Redirect:
    found = await _own(turn, desk, gift)
    if found is None or not found.can_be_taken(turn.now):
        return failures.missing() if found is None else Redirect(address("gift", gift))
    back = (await desk.gifts.left_of(found)).back
    yes = turn.do("gift", gift, "back", "yes", stated=(found.version, back.amount))
    lines = (
        Line(_("{amount} goes back to the card that you paid with.", amount=tell.amount(back)), Tone.STRONG),
        Line(_("The code and the link then lead nowhere.")),
    )
    keep = Button(_("Keep it"), address("gift", gift))
    title = _("Take {name} back?", name=found.name)
    return Screen(title, lines, ((Button(_("Take it back"), yes, Style.DANGER), keep),))


async def take_back(turn: Turn, desk: Desk, gift: int) -> Screen | Redirect:
    found = await _own(turn, desk, gift)
    if found is None:
        return failures.missing()
    left = await desk.gifts.left_of(found)
    turn.require(found.version, left.back.amount)
    outcome = await desk.gifts.take_back(turn.act(address("gift", gift)), gift)
    return refusals.or_next(turn, outcome, address("gift", gift), gift_words.goes_back(left))


async def told(turn: Turn, desk: Desk, gift: int) -> Screen | Redirect:
    """Its giver reads that somebody took it, or handed it back."""
    found = await _own(turn, desk, gift)
    if found is None:
        return Redirect("gone")
    title = _("Your gift was taken: {name}", name=found.name)
    if found.state is GiftState.OPEN:
        title = _("Your gift was handed back: {name}", name=found.name)
    lines = (Line(gift_words.state(turn, found, await package_words.zone_of_practice(turn, desk))),)
    return Screen(title, lines, ((Button(_("The gift"), address("gift", gift)), Button(_("Start"), "start")),))


async def ending(turn: Turn, desk: Desk, gift: int) -> Screen | Redirect:
    found = await _own(turn, desk, gift)
    if found is None or not found.can_be_taken(turn.now):
        return Redirect("gone")
    words = _("Nobody has taken it. Remind whoever it is for, or take it back: after that day it is over.")
    zone = await package_words.zone_of_practice(turn, desk)
    lines = (Line(gift_words.state(turn, found, zone), Tone.STRONG), Line(words))
    title = _("Your gift ends soon: {name}", name=found.name)
    return Screen(title, lines, ((Button(_("The gift"), address("gift", gift)), Button(_("Start"), "start")),))


ROUTES: tuple[Route, ...] = (
    show("gifts", everything, command="/gifts"),
    show("gifts/{page:id}", everything),
    show("give/package/{package:id}", package),
    do(
        "give/package/{package:id}/buy", buy_package, back="give/package/{package:id}", changes_person=False,
        finish=orders.make_card_page,
    ),
    show("give/session/{offer:id}", session),
    do(
        "give/session/{offer:id}/buy", buy_session, back="give/session/{offer:id}", changes_person=False,
        finish=orders.make_card_page,
    ),
    show("gift/{gift:id}", page),
    show("gift/{gift:id}/back", back),
    do("gift/{gift:id}/back/yes", take_back, back="gift/{gift:id}"),
)  # fmt: skip
