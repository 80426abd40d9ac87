"""Links to give away: of the practice, a coach or an offer, with a picture to scan and a card for a channel."""

from dataclasses import dataclass

from bot.chat import tell
from bot.chat.address import address
from bot.chat.links import tappable, with_links
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Picture, Row, Screen, Style, Tone
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import CoachState
from bot.domain.practice.offers import OfferState
from bot.handlers.kit import failures
from bot.services.desk import Desk
from bot.services.practice.sharing import Links

PRACTICE, COACH, OFFER = "practice", "coach", "offer"
PRACTICE_BOOK = "book"


@dataclass(frozen=True)
class Shared:
    """Something that has a link. `book` is where its Book button leads; `coach_id`: whose own it is."""

    name: str
    words: str
    book: str
    links: Links
    coach_id: int | None = None


async def overview(turn: Turn, desk: Desk) -> Screen:
    """The practice's own link, and the way to those of coaches and offers."""
    found = await _find(desk, PRACTICE, 0)
    assert found is not None
    rows: list[Row] = [
        (Button(_("Coach: {name}", name=coach.name), address("share", COACH, coach.id)),)
        for coach in await desk.coaches.active()
    ]
    rows += [
        (Button(_("Offer: {name}", name=offer.name), address("share", OFFER, offer.id)),)
        for offer in await desk.offers.open_for(None)
    ]
    rows.append((Button(_("Card for a channel"), address("card", PRACTICE, 0)), Button(_("Back"), "setup")))
    return await _page(desk, found, rows)


async def one(turn: Turn, desk: Desk, what: str, id: int) -> Screen:  # noqa: A002 - the name of the segment
    """The link of one thing: an owner may share everything, a coach what is their own."""
    found = await _find(desk, what, id)
    own = found is not None and found.coach_id is not None and found.coach_id == turn.person.coach_id
    if found is None or not (own or turn.may(Permission.SHARE)):
        return failures.missing()
    back = Button(_("Back"), "share" if turn.may(Permission.SHARE) else "coach")
    return await _page(desk, found, [(Button(_("Card for a channel"), address("card", what, id)), back)])


async def _page(desk: Desk, found: Shared, rows: list[Row]) -> Screen:
    link, install = found.links.telegram, found.links.install
    lines = [Line(found.words)]
    picture = None
    if link is not None:
        lines += [Line(_("On Telegram, this link opens the chat:")), Line(tappable(link), Tone.STRONG)]
        alt = _("A QR picture of the link {link}", link=link)
        picture = Picture(await desk.sharing.picture(link), alt)
    if desk.deployment.slack_on:
        lines.append(_how_to_post(found))
    if install is not None:
        lines += [Line(_("To add the app to another Slack workspace:")), Line(tappable(install), Tone.STRONG)]
    if link is None and not desk.deployment.slack_on:
        lines.append(Line(_("No chat platform is connected, so there is no link yet.")))
    return Screen(_("Share {name}", name=found.name), tuple(lines), tuple(rows), picture=picture)


def _how_to_post(found: Shared) -> Line:
    own = found.links.payload
    command = "/rapport card" if found.book == PRACTICE_BOOK else f"/rapport card {own}"
    return Line(_("On Slack, put a card into a channel: write {command} there and post it.", command=command))


async def card(turn: Turn, desk: Desk, what: str = PRACTICE, id: int = 0) -> Screen:  # noqa: A002
    """Public facts only: in a channel everybody may read it. Book leads each reader into their own chat.

    Words after the command say what it is about: `coach-ana`, `offer-1` or a name.
    """
    said, note = turn.text.strip(), None
    if said and id == 0:
        meant = await _meant(desk, said)
        if meant is None:
            said = shorten(said, 80)
            note = _("No coach and no offer is called “{said}”. This is the card of the practice.", said=said)
        else:
            what, id = meant  # noqa: A001
    found = await _find(desk, what, id)
    if found is None:
        return failures.missing()
    rows: list[Row] = [(_book(found),)]
    lines = [Line(found.words)]
    staff = turn.may(Permission.POST_CARD)
    if turn.window.private:
        if staff and desk.deployment.slack_on:
            lines.append(_how_to_post(found))
        rows.append((Button(_("Back"), _back(turn, what, id, found)),))
    elif staff:
        rows.append((Button(_("Post it here"), address("card", what, id, "post")),))
    return Screen(found.name, tuple(lines), tuple(rows), note=note, public=True)


def _back(turn: Turn, what: str, id: int, found: Shared) -> str:  # noqa: A002
    if turn.may(Permission.SHARE):
        return "share" if what == PRACTICE else address("share", what, id)
    own = found.coach_id is not None and found.coach_id == turn.person.coach_id
    return address("share", what, id) if own else "start"


async def _meant(desk: Desk, said: str) -> tuple[str, int] | None:
    """The coach or the offer that has this public name."""
    said = " ".join(said.casefold().split())
    for coach in await desk.coaches.all():
        names = {f"coach-{coach.short_name}", coach.short_name, coach.name.casefold()}
        if said in names and coach.state is not CoachState.REMOVED:
            return COACH, coach.id
    for offer in await desk.offers.all():
        if said in {f"offer-{offer.id}", offer.name.casefold()} and offer.state in {OfferState.OPEN, OfferState.PAUSED}:
            return OFFER, offer.id
    return None


async def post(turn: Turn, desk: Desk, what: str, id: int) -> Screen:  # noqa: A002
    """The card as everybody in the channel reads it, without anything for the one who posted it alone."""
    found = await _find(desk, what, id)
    if found is None or not turn.may(Permission.POST_CARD):
        return failures.missing()
    return Screen(found.name, (Line(found.words),), ((_book(found),),), public=True, posted=True)


def _book(found: Shared) -> Button:
    return Button(_("Book a session"), found.book, Style.PRIMARY, label=_("Book: {name}", name=found.name))


async def _find(desk: Desk, what: str, id: int) -> Shared | None:  # noqa: A002
    practice = await desk.practice.get()
    if what == PRACTICE:
        name = practice.name or _("this practice")
        words = _("Book, pay, move and cancel sessions of {name} right in the chat.", name=name)
        return Shared(name, words, PRACTICE_BOOK, desk.sharing.of_practice())
    if what == COACH:
        coach = await desk.coaches.find(id)
        if coach is None or coach.state is CoachState.REMOVED:
            return None
        words = _("Book a session with {name}, right in the chat.", name=coach.name)
        return Shared(coach.name, words, address("with", id), desk.sharing.of_coach(coach), coach.id)
    offer = await desk.offers.find(id) if what == OFFER else None
    if offer is None or offer.state not in {OfferState.OPEN, OfferState.PAUSED}:
        return None
    words = _("{length} · {price}", length=tell.minutes(offer.length_min), price=tell.money(offer.price))
    words = joined(" · ", [words, with_links(offer.description)]) if offer.description else words
    return Shared(offer.name, words, address("offer-of", id), desk.sharing.of_offer(offer))


ROUTES: tuple[Route, ...] = (
    show("share", overview, permission=Permission.SHARE),
    show("share/{what:word}/{id:id}", one),
    show("card", card, command="/card"),
    show("card/{what:word}/{id:id}", card),
    show("card/{what:word}/{id:id}/post", post),
)
