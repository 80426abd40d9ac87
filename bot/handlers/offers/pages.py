"""The owner's pages of offers: the list, and each offer with its settings, to be opened, paused or archived."""

from collections.abc import Awaitable, Callable

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.acts import Act
from bot.domain.people.permissions import Permission
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.refusals import Done, Refusal
from bot.handlers.kit import failures, fee_words, offer_buttons, phrases, refusals
from bot.services.desk import Desk

Change = Callable[[Act, int, int], Awaitable[Done | Refusal]]


async def everything(turn: Turn, desk: Desk) -> Screen:
    offers = await desk.offers.all(turn.generation)
    told = [_("{what}: {state}", what=phrases.offer(offer), state=state_words(offer.state)) for offer in offers]
    as_named = offer_buttons.fit([offer.name for offer in offers])
    lines = [Line(words) for words in (told if as_named else offer_buttons.numbered(told))]
    if not offers:
        lines.append(Line(_("There is nothing to book yet.")))
    rows = offer_buttons.by_name(offers, lambda offer: address("offer", offer.id))
    rows.append((Button(_("Packages"), "setup/packages"), Button(_("Coupons"), "coupons")))
    rows.append((Button(_("Add an offer"), "offers/new", Style.PRIMARY), Button(_("Back"), "setup")))
    return Screen(_("Offers"), tuple(lines), tuple(rows))


def state_words(state: OfferState) -> str:
    match state:
        case OfferState.DRAFT:
            return _("draft, not open yet")
        case OfferState.OPEN:
            return _("open")
        case OfferState.PAUSED:
            return _("paused")
        case OfferState.ARCHIVED:
            return _("archived")


async def page(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is OfferState.ARCHIVED:
        return failures.missing()
    coaches = {coach.id: coach.name for coach in await desk.coaches.all(turn.generation)}
    names = ", ".join(coaches[each] for each in found.coach_ids if each in coaches)
    place = _("each coach's own") if found.place is None else phrases.place_in_general(found.place)
    lines = [
        Line(state_words(found.state), Tone.STRONG),
        Line(phrases.offer(found)),
        *([Line(with_links(found.description))] if found.description else []),
        Line(_("Place: {place}", place=place)),
        Line(_("Coaches: {names}", names=names or _("nobody yet"))),
        *(Line(text, Tone.QUIET) for text in _rules(found)),
    ]
    lines += [Line(text, Tone.QUIET) for text in fee_words.of_offer(found)]
    if found.price and not desk.deployment.payments_on:
        lines.append(Line(_("Card payments are off: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to open it.")))
    return Screen(found.name, tuple(lines), (*_state_rows(turn, found), *_edit_rows(found)))


def _rules(offer: Offer) -> list[str]:
    lines = [
        _("Starts every {step}.", step=tell.minutes(offer.step_min)),
        _(
            "Buffer before: {before}; after: {after}.",
            before=tell.minutes(offer.buffer_before_min),
            after=tell.minutes(offer.buffer_after_min),
        ),
        _booked(offer),
        _cancelled(offer),
        _moved(offer),
    ]
    if offer.once_per_client:
        lines.append(_("Each client can book it once."))
    if offer.new_clients_only:
        lines.append(_("Only for new clients, who have booked nothing so far."))
    if offer.daily_cap is not None:
        lines.append(ngettext("At most {n} a day for a coach.", "At most {n} a day for a coach.", offer.daily_cap))
    if offer.weekly_cap is not None:
        lines.append(ngettext("At most {n} a week for a coach.", "At most {n} a week for a coach.", offer.weekly_cap))
    return lines


def _booked(offer: Offer) -> str:
    horizon = ngettext("{n} day", "{n} days", offer.horizon_days)
    if offer.notice_min == 0:
        return _("Bookable until it starts, at most {horizon} ahead.", horizon=horizon)
    return _(
        "Bookable at least {notice} and at most {horizon} ahead.",
        notice=tell.minutes(offer.notice_min),
        horizon=horizon,
    )


def _cancelled(offer: Offer) -> str:
    if offer.cancel_cutoff_min == 0:
        return _("Free to cancel until it starts.")
    return _("Free to cancel until {length} before.", length=tell.minutes(offer.cancel_cutoff_min))


def _moved(offer: Offer) -> str:
    if offer.max_moves == 0:
        return _("It cannot be moved.")
    if offer.move_cutoff_min == 0:
        return ngettext(
            "Can be moved until it starts, once.", "Can be moved until it starts, up to {n} times.", offer.max_moves
        )
    return ngettext(
        "Can be moved until {length} before, once.",
        "Can be moved until {length} before, up to {n} times.",
        offer.max_moves,
        length=tell.minutes(offer.move_cutoff_min),
    )


def _state_rows(turn: Turn, offer: Offer) -> list[Row]:
    if offer.state is OfferState.OPEN:
        pause = turn.do("offer", offer.id, "pause", stated=(offer.version,))
        return [(Button(_("Share it"), address("share", "offer", offer.id)), Button(_("Pause"), pause))]
    opened = turn.do("offer", offer.id, "open", stated=(offer.version,))
    return [(Button(_("Open for booking"), opened, Style.SUCCESS),)]


def _edit_rows(offer: Offer) -> list[Row]:
    def edit(words: str, group: str) -> Button:
        return Button(words, address("offer", offer.id, "edit", group))

    return [
        (edit(_("Name and length"), "basics"), edit(_("Description"), "description")),
        (edit(_("Price"), "price"), edit(_("Who can book it"), "who")),
        (edit(_("Place"), "place"), Button(_("Who does it"), address("offer", offer.id, "coaches"))),
        (edit(_("Buffers and notice"), "times"), edit(_("Limits"), "caps")),
        (edit(_("Cancel and move"), "cutoffs"), edit(_("Fees"), "fees")),
        (Button(_("Archive"), address("offer", offer.id, "archive")),),
        (Button(_("All offers"), "offers"), Button(_("Setup"), "setup")),
    ]


async def open_it(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    return await _change(turn, desk, offer, desk.offers.open, _("Open: clients can book it."))


async def pause(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    words = _("Paused: what is booked stays, nothing new can be booked.")
    return await _change(turn, desk, offer, desk.offers.pause, words)


async def ask_archive(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is OfferState.ARCHIVED:
        return failures.missing()
    yes = turn.do("offer", offer, "archive", "yes", stated=(found.version,))
    keep = Button(_("Keep it"), address("offer", offer))
    words = _("It leaves the list for good and cannot be opened again. What is booked stays as it is.")
    return Screen(
        _("Archive {name}?", name=found.name),
        (Line(words),),
        ((Button(_("Archive offer"), yes, Style.DANGER), keep),),
    )


async def archive(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    return await _change(turn, desk, offer, desk.offers.archive, _("Archived. What is booked stays."), "offers")


async def _change(
    turn: Turn, desk: Desk, offer: int, change: Change, words: str, following: str | None = None
) -> Screen | Redirect:
    found = await desk.offers.find(offer, turn.generation)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    outcome = await change(turn.act(following or address("offer", offer)), offer, found.version)
    return refusals.or_next(turn, outcome, address("offer", offer), words)


async def coaches(turn: Turn, desk: Desk, offer: int) -> Screen:
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is OfferState.ARCHIVED:
        return failures.missing()
    team = await desk.coaches.all(turn.generation)
    rows = offer_buttons.toggles(
        team, found.coach_ids, lambda coach: turn.do("offer", offer, "coach", coach.id, stated=found.coach_ids)
    )
    if not team:
        rows.append((Button(_("Invite a coach"), "team"),))
    names = ", ".join(coach.name for coach in team if coach.id in found.coach_ids)
    line = Line(_("Coaches: {names}", names=names or _("nobody yet")))
    back = (Button(_("Back"), address("offer", offer)),)
    return Screen(_("Who does {name}?", name=found.name), (line,), (*rows, back))


async def toggle_coach(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect:
    found = await desk.offers.find(offer, turn.generation)
    if found is None:
        return failures.missing()
    turn.require(*found.coach_ids)
    ids = set(found.coach_ids) ^ {coach}
    back = address("offer", offer, "coaches")
    outcome = await desk.offers.set_coaches(turn.act(back), offer, sorted(ids))
    return refusals.or_next(turn, outcome, back)


ROUTES: tuple[Route, ...] = (
    show("offers", everything, permission=Permission.KEEP_OFFERS),
    show("offer/{offer:id}", page, permission=Permission.KEEP_OFFERS),
    do("offer/{offer:id}/open", open_it, back="offer/{offer:id}", permission=Permission.KEEP_OFFERS),
    do("offer/{offer:id}/pause", pause, back="offer/{offer:id}", permission=Permission.KEEP_OFFERS),
    show("offer/{offer:id}/archive", ask_archive, permission=Permission.KEEP_OFFERS),
    do("offer/{offer:id}/archive/yes", archive, back="offer/{offer:id}", permission=Permission.KEEP_OFFERS),
    show("offer/{offer:id}/coaches", coaches, permission=Permission.KEEP_OFFERS),
    do(
        "offer/{offer:id}/coach/{coach:id}",
        toggle_coach,
        back="offer/{offer:id}/coaches",
        permission=Permission.KEEP_OFFERS,
    ),
)
