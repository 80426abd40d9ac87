"""Messages about payments and refunds that went wrong: what happened, what is safe, what to do."""

from dataclasses import replace

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.payments import AS_CREDIT, Refund
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import booking_page, nearest_times
from bot.handlers.kit import endings, phrases
from bot.handlers.payments import failed_refunds, late_money
from bot.handlers.payments.giving_back import give_back_words
from bot.services.desk import Desk


async def paid_late(turn: Turn, desk: Desk, booking: Booking, payment: int | None = None) -> Screen | Redirect:
    """Tells that the money came after the hold had ended and the time was gone."""
    amount, refund = await _came(desk, booking, payment)
    if booking.person_id != turn.person.id:
        words = _("{amount} arrived after the hold had ended, and the time was gone.", amount=amount)
        if booking.practice_cancelled:
            words = _("{amount} arrived after the time had been cancelled.", amount=amount)
        return _to_practice(turn, booking, _("Paid too late"), words, give_back_words.what_became_of_it(refund))
    times, rows = await nearest_times.offer(turn, desk, booking)
    choice = None
    if payment is not None:
        choice = await desk.exchanges.late_money.choice(booking.subject, payment, turn.now)
    if payment is not None and choice is not None:
        lines, acts = late_money.to_choose(turn, booking.subject, payment, choice)
        first = (Line(phrases.with_coach(booking)), Line(phrases.when_for_client(booking, turn.person.zone)))
        why = Line(await _why_late(turn, desk, booking))
        return Screen(_("We are sorry: that time is gone"), (*first, why, *lines), acts)
    return Screen(
        _("We are sorry: that time is gone"),
        (
            Line(phrases.with_coach(booking)),
            Line(phrases.when_for_client(booking, turn.person.zone)),
            Line(await _why_late(turn, desk, booking)),
            Line(endings.returns(amount, refund), Tone.STRONG),
            *times,
        ),
        (*rows, (booking_page.book_again(booking, turn.person.zone), Button(_("My sessions"), "sessions"))),
    )


async def _why_late(turn: Turn, desk: Desk, booking: Booking) -> str:
    if booking.practice_cancelled:
        ended = endings.words(booking, turn.person)
        return _("{ended} Your payment came after that.", ended=ended)
    offer = await desk.offers.find(booking.offer_id)
    if offer is not None and await desk.offers.closed_to(turn.person.id, offer, turn.now):
        return _("Your payment came after the hold had ended, and by then you could no longer book this.")
    return _("Your payment came after the hold had ended, and someone else has taken the time.")


async def paid_twice(turn: Turn, desk: Desk, booking: Booking, payment: int | None = None) -> Screen | Redirect:
    amount, refund = await _came(desk, booking, payment)
    if booking.person_id != turn.person.id:
        words = _("{amount} was paid a second time for this session.", amount=amount)
        return _to_practice(turn, booking, _("Paid twice"), words, give_back_words.what_became_of_it(refund))
    return Screen(
        _("You paid twice"),
        (
            Line(phrases.with_coach(booking)),
            Line(_("A second payment of {amount} came for this session.", amount=amount)),
            Line(endings.returns(amount, refund), Tone.STRONG),
            Line(_("Your session is not affected: {when}", when=_when(turn, booking)))
            if booking.state is BookingState.CONFIRMED
            else Line(_("You do not need to do anything.")),
        ),
        (_session_row(booking),),
    )


async def paid_otherwise(turn: Turn, desk: Desk, booking: Booking, payment: int) -> Screen | Redirect:
    """Tells of money of another amount or currency than was asked for."""
    amount, refund = await _came(desk, booking, payment)
    asked = tell.amount(booking.terms.price)
    words = _("{amount} came for this session, and {asked} was asked for.", amount=amount, asked=asked)
    if booking.person_id != turn.person.id:
        return _to_practice(turn, booking, _("Another amount came"), words, give_back_words.what_became_of_it(refund))
    practice = await desk.practice.get()
    lines = [Line(phrases.with_coach(booking)), Line(words), Line(endings.returns(amount, refund), Tone.STRONG)]
    lines += phrases.question_to(practice.contact)
    return Screen(_("Your payment was not accepted"), tuple(lines), (_session_row(booking),))


async def page_refused(turn: Turn, desk: Desk, booking: Booking, payment: int) -> Screen | Redirect:
    """Tells owners that nobody can pay for this: they alone can change what is sold, or how."""
    found = await desk.payments.find(booking.subject, payment)
    if booking.person_id == turn.person.id or found is None or found.reference is None:
        return Redirect("gone")
    provider = phrases.provider(desk)
    words = _("{provider} does not take {amount} for this: {name} cannot pay.")
    what = words.format(provider=provider, amount=tell.amount(found.amount), name=booking.client_name)
    do = _("Look at the price and the currency of the offer, and write to {name}.", name=booking.client_name)
    screen = _to_practice(turn, booking, _("A payment is refused"), what, do, await _answered(desk, found.reference))
    offer = Button(_("The offer"), address("offer", booking.offer_id))
    return replace(screen, buttons=((offer,), *screen.buttons)) if turn.may(Permission.KEEP_OFFERS) else screen


async def key_refused(_turn: Turn, desk: Desk) -> Screen:
    """Tells owners that the key of the settings is not accepted, so that nobody can pay."""
    provider = phrases.provider(desk)
    do = _("Put the right one into the settings and restart me; who waits for a link to pay gets it then.")
    lines = (
        Line(_("{provider} does not accept the key in my settings, or not for this.", provider=provider), Tone.STRONG),
        Line(_("Nobody can pay by card, and nothing can be given back, until that is mended.")),
        Line(do),
        Line(_("`rapport doctor` says whether a key is accepted."), Tone.QUIET),
    )
    rows = ((Button(_("Setup"), "setup"), Button(_("Start"), "start")),)
    return Screen(_("Card payments do not work"), lines, rows)


async def stray_money(_turn: Turn, desk: Desk, event: int) -> Screen | Redirect:
    """Tells owners of money that belongs to nothing here: perhaps to another shop beside the same account."""
    page = await desk.payments.stray(event)
    if page is None:
        return Redirect("gone")
    provider, amount = phrases.provider(desk), tell.amount(page.amount)
    what = _("{amount} arrived at {provider}, for no booking here.", amount=amount, provider=provider)
    do = _("Nothing was given back. If you sold nothing else for it, open it in {provider}.", provider=provider)
    return Screen(
        _("Money of no booking"),
        (
            Line(what, Tone.STRONG),
            Line(do),
            Line(_("Its number there: {number}", number=page.ref), Tone.QUIET),
        ),
        ((Button(_("Setup"), "setup"), Button(_("Start"), "start")),),
    )


async def refunded(turn: Turn, desk: Desk, booking: Booking, refund: int | None = None) -> Screen | Redirect:
    """Tells of one refund. Messages of before named none: they tell what has gone back by now."""
    found = None if refund is None else await desk.payments.refund(booking.subject, refund)
    amount = tell.amount(booking.charged - booking.paid if found is None else found.amount)
    said = None if found is None else await desk.giving_back.words(found)
    if booking.person_id != turn.person.id:
        words = give_back_words.to_practice(amount, found, booking.client_name)
        title = _("A session in place of money") if _is_credit(found) else _("Money goes back")
        return _to_practice(turn, booking, title, words, *give_back_words.by(said, turn.person))
    goes = give_back_words.goes(amount, found, said)
    lines = (
        Line(phrases.with_coach(booking)),
        Line(goes, Tone.STRONG),
        *map(Line, give_back_words.by(said, turn.person)),
    )
    if _is_credit(found):
        book = (Button(_("Book a session"), "book", Style.PRIMARY), Button(_("My packages"), "packages"))
        return Screen(_("You have a session on credit"), lines, (book, _session_row(booking)))
    return Screen(_("Money goes back to you"), lines, (_session_row(booking),))


def _is_credit(refund: Refund | None) -> bool:
    return refund is not None and refund.how == AS_CREDIT


async def refund_failed(turn: Turn, desk: Desk, booking: Booking, refund: int | None = None) -> Screen | Redirect:
    """Tells owners that a refund failed, which only they can mend; the client reads that it takes longer."""
    found = None if refund is None else await desk.payments.refund(booking.subject, refund)
    if booking.person_id != turn.person.id:
        lines = failed_refunds.for_owner(found, booking.client_name, phrases.provider(desk))
        if found is not None and found.reference is not None:
            lines.append(await _answered(desk, found.reference))
        return _to_practice(turn, booking, _("A refund failed"), *lines)
    practice = await desk.practice.get()
    lines = failed_refunds.for_client(found)
    body = (Line(phrases.with_coach(booking)), *map(Line, lines), *phrases.question_to(practice.contact))
    return Screen(_("The refund takes longer"), body, (_session_row(booking),))


async def _answered(desk: Desk, reference: str) -> str:
    """What the provider said to a wish that it refused, for who can look further."""
    provider, code = phrases.provider(desk), await desk.faults.answer(reference)
    if code is None:
        return _("What {provider} answered: rapport trace {reference}", provider=provider, reference=reference)
    words = _("{provider} answered “{code}”. More: rapport trace {reference}")
    return words.format(provider=provider, code=code, reference=reference)


async def _came(desk: Desk, booking: Booking, payment: int | None) -> tuple[str, Refund | None]:
    """How much came that was not accepted, and its refund. Messages of before named no payment."""
    found = None if payment is None else await desk.payments.not_accepted(booking.subject, payment)
    return (tell.amount(booking.terms.price), None) if found is None else (tell.amount(found[0]), found[1])


def _when(turn: Turn, booking: Booking) -> str:
    return phrases.when_for_client(booking, turn.person.zone)


def _to_practice(turn: Turn, booking: Booking, title: str, words: str, *more: str) -> Screen:
    row: Row = (Button(_("The session"), address("booking", booking.id)),)
    if turn.may(Permission.SEE_DAY):
        row = (*row, Button(_("Today"), "today"))
    return Screen(
        title,
        (
            Line(phrases.session(booking, turn.person)),
            Line(phrases.when_for_coach(booking, turn.person.zone)),
            Line(words, Tone.STRONG),
            *map(Line, more),
        ),
        (row,),
    )


def _session_row(booking: Booking) -> Row:
    return (Button(_("The session"), address("booking", booking.id)), Button(_("My sessions"), "sessions"))
