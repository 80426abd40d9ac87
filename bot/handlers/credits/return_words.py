"""Words for a package that is given back: what goes back and what stays, which sessions end, what is still owed."""

from collections.abc import Iterable

from bot.chat import tell
from bot.chat.links import with_links
from bot.chat.screen import Line, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import Cancelled, CancelOutcome
from bot.domain.payments.money import Money
from bot.domain.payments.payments import ANOTHER_WAY, PACKAGE, Refund, RefundState
from bot.domain.people.people import Person
from bot.handlers.kit import endings, phrases
from bot.services.desk import Desk
from bot.services.payments.packages.package_worth import Worth
from bot.services.payments.packages.return_package import Returned


def effect(turn: Turn, worth: Worth, back: str) -> list[Line]:
    """All that happens, before the tap. `back`: the sentence that says to whom the money goes."""
    lines = [Line(back, Tone.STRONG), *map(Line, _counted(worth))]
    left = ngettext("The {n} session that is left ends.", "The {n} sessions that are left end.", worth.credits)
    lines.append(Line(left))
    if worth.ends:
        lines.append(Line(_("These booked sessions are cancelled:")))
        lines += [Line(_that_ends(turn.person, *each)) for each in worth.ends]
    if worth.changes_at is not None:
        when = tell.moment(worth.changes_at, turn.zone)
        lines.append(Line(_("From {when} on, less goes back.", when=when), Tone.TERMS))
    return lines


def _counted(worth: Worth) -> list[str]:
    refund = worth.refund
    if refund.undo:
        return [_("Nothing of it is used, so all that was paid goes back.")]
    kept = tell.amount(refund.effect.kept or Money(0, worth.back.currency))
    if refund.each is None:
        words = ngettext(
            "{n} session counts as used, at the price of the package: {kept} stays with the practice.",
            "{n} sessions count as used, at the price of the package: {kept} stays with the practice.",
            refund.counted,
            kept=kept,
        )
        return [words]
    words = ngettext(
        "{n} session counts as used, at the single price of {price}: {kept} stays with the practice.",
        "{n} sessions count as used, at the single price of {price}: {kept} stays with the practice.",
        refund.counted,
        kept=kept,
        price=tell.amount(refund.each),
    )
    return [words]


def _that_ends(reader: Person, booking: Booking, outcome: CancelOutcome) -> str:
    if outcome.becomes is Cancelled.IN_TIME:
        return session(booking, reader)
    return _(
        "{session}. It is too late to cancel it free of charge, so it counts as used.", session=session(booking, reader)
    )


def session(booking: Booking, reader: Person) -> str:
    """`Single with Olga, Thu 3 Dec, 10:00 (Berlin)`, or with its client for the side of the practice."""
    if reader.id == booking.person_id:
        what, when = phrases.with_coach(booking), phrases.when_for_client(booking, reader.zone)
    else:
        what, when = phrases.session(booking, reader), phrases.when_for_coach(booking, reader.zone)
    return _("{what}, {when}", what=what, when=when)


async def so_far(desk: Desk, grant: int, *, to_client: bool) -> list[Line]:
    """What went back for a grant, on its page; nothing to a client who was given it."""
    money = await desk.package_returns.money(grant)
    if to_client and not money.is_owners:
        return []
    lines = []
    made = [each for each in money.refunds if each.how in (PACKAGE, ANOTHER_WAY)]
    if made and money.owed is None:
        total = Money(sum(each.amount.amount for each in _stand(made)), made[0].amount.currency)
        lines.append(Line(_("Given back: {amount}.", amount=tell.amount(total))))
    if money.owed is not None:
        amount = tell.amount(money.owed)
        words = owed_to(money.owed, money.payer_name)
        if to_client:
            words = _("{amount} could not go back to the card. It is still yours: we look into it.", amount=amount)
        lines.append(Line(words, Tone.STRONG))
    return lines


def _stand(those: Iterable[Refund]) -> list[Refund]:
    return [each for each in those if each.state is not RefundState.FAILED]


def told(turn: Turn, found: Returned) -> tuple[str, list[Line]]:
    """What a message says of it: its title and its lines."""
    if found.grant.person_id == turn.person.id:
        title = _("Your package was given back: {name}", name=found.grant.name)
    elif found.by_client:
        title = _("{client} gave a package back: {name}", client=found.client_name, name=found.grant.name)
    else:
        title = _("{client}'s package was given back: {name}", client=found.client_name, name=found.grant.name)
    lines = [Line(_goes(turn, found), Tone.STRONG)]
    if found.ended:
        lines.append(Line(_("These booked sessions were cancelled with it:")))
        lines += [Line(session(each, turn.person)) for each in found.ended]
    if found.why is not None:
        lines.append(Line(_("Reason: {reason}", reason=with_links(found.why))))
    return title, lines


def _goes(turn: Turn, found: Returned) -> str:
    """To who paid, to who was given it, and to the practice."""
    amount = tell.amount(found.refund.amount)
    if found.payer_id == turn.person.id:
        return endings.returns(amount, found.refund)
    if found.refund.how == ANOTHER_WAY:
        return _("{amount} was paid to {name} past the card.", amount=amount, name=found.payer_name)
    if found.grant.person_id == turn.person.id:
        return _("{amount} goes back to who gave it as a gift, to the card that was paid with.", amount=amount)
    return _("{amount} goes back to the card; that can take some days.", amount=amount)


def owed_to(money: Money, name: str) -> str:
    return _("{amount} is owed to {name}: it could not go back.", amount=tell.amount(money), name=name)
