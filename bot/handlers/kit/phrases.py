"""Sentences that several conversations share: places, policies, when and with whom."""

from datetime import datetime

from bot.chat import tell
from bot.chat.links import tappable, with_links
from bot.chat.moments import in_short
from bot.chat.screen import Line, Link, Row, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState, Terms
from bot.domain.calendar.shifts import shift_warning
from bot.domain.credits.grants import BookedCredit
from bot.domain.payments.tax import TaxBehavior
from bot.domain.people.people import Person, Platform
from bot.domain.practice.offers import Offer, Place, PlaceKind
from bot.handlers.kit import credit_words
from bot.services.desk import Desk

PLATFORMS = {
    Platform.TELEGRAM: "Telegram",
    Platform.SLACK: "Slack",
    Platform.EMAIL: "E-mail",
    Platform.SMS: "SMS",
}


def provider(desk: Desk) -> str:
    """How the payment provider is called."""
    known = desk.deployment.provider
    return _("the payment provider") if known is None else known.name


def place(where: Place) -> str:
    match where.kind:
        case PlaceKind.VIDEO:
            return _("Video call: {link}", link=tappable(where.details))
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("By phone: you call {number}", number=where.details)
        case PlaceKind.PHONE_COACH_CALLS:
            return _("By phone: your coach calls you, from {number}", number=where.details)
        case PlaceKind.ADDRESS:
            return _("At {place}", place=with_links(where.details))


def place_in_general(where: Place) -> str:
    """A place as its coach and the practice read it, with no session in mind."""
    match where.kind:
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("By phone: clients call {number}", number=where.details)
        case PlaceKind.PHONE_COACH_CALLS:
            return _("By phone: the coach calls, from {number}", number=where.details)
        case _:
            return place(where)


def place_to_come(where: Place) -> str:
    """A place as it is told before anything is booked: the link and the numbers are for those who come."""
    match where.kind:
        case PlaceKind.VIDEO:
            return _("Video call; the link comes with the confirmation")
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("By phone: you call; the number comes with the confirmation")
        case PlaceKind.PHONE_COACH_CALLS:
            return _("By phone: your coach calls you")
        case PlaceKind.ADDRESS:
            return place(where)


def place_for_client(booking: Booking) -> str:
    """A phone call names the coach, and the number at which the client is called, once it is confirmed."""
    where, coach = booking.terms.place, booking.coach_name
    if where.asks_number and booking.phone is not None:
        yours = booking.phone
        if booking.state is not BookingState.CONFIRMED:
            return _("By phone: {coach} calls you at {yours}", coach=coach, yours=yours)
        number = where.details
        return _("By phone: {coach} calls you at {yours}, from {number}", coach=coach, yours=yours, number=number)
    return place(where) if booking.state is BookingState.CONFIRMED else place_to_come(where)


def place_for_practice(booking: Booking, reader: Person) -> str:
    """Where its coach, or somebody else of the practice, reads that it takes place."""
    where, names = booking.terms.place, {"client": booking.client_name, "coach": booking.coach_name}
    theirs = reader.id == booking.coach_person_id
    match where.kind:
        case PlaceKind.PHONE_CLIENT_CALLS if theirs:
            return _("By phone: {name} calls you at {number}", name=booking.client_name, number=where.details)
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("By phone: {client} calls {coach} at {number}", number=where.details, **names)
        case PlaceKind.PHONE_COACH_CALLS if theirs:
            return _you_call(booking)
        case PlaceKind.PHONE_COACH_CALLS:
            return _("By phone: {coach} calls {client}, from {number}", number=where.details, **names)
        case _:
            return place(where)


def _you_call(booking: Booking) -> str:
    """A client's number is for the coach of the session alone, once it is confirmed."""
    name, number = booking.client_name, booking.terms.place.details
    if booking.state is not BookingState.CONFIRMED:
        return _("By phone: you call {name}, from {number}", name=name, number=number)
    if booking.phone is None:
        return _("By phone: you call {name}, from {number}; their number is not known", name=name, number=number)
    yours = booking.phone
    return _("By phone: you call {name} at {yours}, from {number}", name=name, yours=yours, number=number)


def place_link(booking: Booking) -> list[Row]:
    """A button into the call of a confirmed session, where its place is a web address."""
    where = booking.terms.place
    if booking.state is not BookingState.CONFIRMED:
        return []
    if where.kind is PlaceKind.VIDEO and where.details.startswith(("https://", "http://")):
        return [(Link(_("Join the call"), where.details),)]
    return []


def held_until(ends: datetime, zone: str) -> str:
    return _("This time is held until {when}.", when=tell.time(ends, zone))


def offer(what: Offer, credit: BookedCredit | None = None) -> str:
    """What can be booked, in one line. `credit`: that covers it for the reader."""
    price = tell.money(what.price) if credit is None else credit_words.uses_in_short(credit)
    return _("{name} · {length} · {price}", name=what.name, length=tell.minutes(what.length_min), price=price)


def question_to(contact: str | None) -> list[Line]:
    """A human to turn to, where the practice names one."""
    return [Line(_("For a question, write to {contact}.", contact=with_links(contact)))] if contact else []


def file_in_chat() -> Line:
    """On a page that comes with a file, wherever the page itself is shown."""
    return Line(_("You have it as a file in our chat."), Tone.QUIET)


def tax_on_top() -> Line:
    """Beside a price that tax is added to on the card page."""
    return Line(_("+ tax by your address"), Tone.TERMS)


async def tax_on_prices(turn: Turn, desk: Desk) -> list[Line]:
    """As the practice has it for what is sold from now on."""
    practice = await desk.practice.get(turn.generation)
    return [tax_on_top()] if practice.tax is not None and practice.tax.behavior is TaxBehavior.EXCLUSIVE else []


def price(terms: Terms) -> str:
    return _("{length} · {price}", length=tell.minutes(terms.length_min), price=tell.money(terms.price))


def clock_shift(zone: str, other_zone: str, name: str, now: datetime, starts: datetime) -> list[Line]:
    """A line when the clocks of the two change on different dates before the session."""
    shift = shift_warning(zone, other_zone, int(now.timestamp()), int(starts.timestamp()))
    if shift is None:
        return []
    before = _difference(shift.ahead_before_s)
    after = _difference(shift.ahead_after_s)
    return [
        Line(
            _(
                "Clocks change before then: seen from {other} ({name}), {mine} is {before} today and {after} that day.",
                mine=tell.city(zone),
                other=tell.city(other_zone),
                name=name,
                before=before,
                after=after,
            )
        )
    ]


def clocks_changed(zone: str, other_zone: str, name: str, made: datetime, starts: datetime) -> list[Line]:
    """A reminder's line when one of the two clocks changed after the booking was made, and not the other."""
    shift = shift_warning(zone, other_zone, int(made.timestamp()), int(starts.timestamp()))
    if shift is None:
        return []
    return [
        Line(
            _(
                "Mind the clocks: seen from {other} ({name}), {mine} was {before} at booking and is {after} now.",
                mine=tell.city(zone),
                other=tell.city(other_zone),
                name=name,
                before=_difference(shift.ahead_before_s),
                after=_difference(shift.ahead_after_s),
            )
        )
    ]


def _difference(seconds: int) -> str:
    if seconds == 0:
        return _("level")
    words = tell.minutes(abs(seconds) // 60)
    return _("{words} ahead", words=words) if seconds > 0 else _("{words} behind", words=words)


def when_for_client(booking: Booking, zone: str | None, since: datetime | None = None) -> str:
    """On both clocks; with `since` also how far away it was then."""
    mine = zone or booking.client_zone
    return tell.both_clocks(booking.starts, mine, booking.coach_zone, booking.coach_name, since)


def when_for_coach(booking: Booking, zone: str | None, since: datetime | None = None) -> str:
    mine = zone or booking.coach_zone
    return tell.both_clocks(booking.starts, mine, booking.client_zone, booking.client_name, since)


def with_coach(booking: Booking) -> str:
    words = _("{offer} with {coach}", offer=booking.terms.offer_name, coach=booking.coach_name)
    return in_short(words, booking.terms.offer_name)


def with_client(booking: Booking) -> str:
    """Where the coach reads it, or the page says whose sessions these are; elsewhere `session` knows."""
    return _("{offer} with {client}", offer=booking.terms.offer_name, client=booking.client_name)


def session(booking: Booking, reader: Person) -> str:
    """What it is, and with whom: the other side for its client and its coach, both for anybody else."""
    if reader.id == booking.person_id:
        return with_coach(booking)
    if reader.id == booking.coach_person_id:
        return with_client(booking)
    return with_both(booking)


def with_both(booking: Booking) -> str:
    """Where sessions of all stand side by side."""
    names = {"client": booking.client_name, "coach": booking.coach_name}
    return _("{offer}: {client} with {coach}", offer=booking.terms.offer_name, **names)


def coach_is_told(booking: Booking, actor: Person) -> list[Line]:
    """Said before somebody else of the practice acts on a coach's session."""
    if actor.id == booking.coach_person_id:
        return []
    return [Line(_("{name} reads that it was you.", name=booking.coach_name), Tone.QUIET)]


def cancelled_with(booking: Booking, zone: str | None) -> str:
    """One of several sessions that are cancelled by the practice, and what goes back."""
    when, what = when_for_coach(booking, zone), with_client(booking)
    if booking.state is BookingState.HELD:
        return _("{when}, {what}: cancelled, was not paid yet", when=when, what=what)
    if booking.paid.amount:
        amount = tell.amount(booking.paid)
        return _("{when}, {what}: cancelled, {amount} goes back", when=when, what=what, amount=amount)
    return _("{when}, {what}: cancelled", when=when, what=what)
