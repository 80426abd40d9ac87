"""Words for an entry of the audit trail: what was done, and what it changed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.chat import tell
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.payments.payments import ANOTHER_WAY, BY_HAND
from bot.domain.payments.provider import ProviderTerms
from bot.domain.practice.offer_settings import SETTINGS, Unit
from bot.domain.records import AuditEntry
from bot.handlers.offers import setting_fields
from bot.handlers.practice import limit_fields

MONEY = {"price", "paid", "refund", "amount"}
INSTANTS = {"starts", "expires", "until"}
LISTS = {"coaches": "coach", "offers": "offer"}
"""What a list of numbers names, by its key."""

UNSAID = {"version", "currency", "payment", "message", "proposal", "package"}
"""Kept for those who search; a number or a fact that another one carries says nothing here."""


Called = Mapping[tuple[str, int], str]
"""How things are called, by their kind and id; what has no name any more is told by its number."""


def what(entry: AuditEntry, called: Called | None = None) -> str:
    """`Booking 12 was confirmed`. An act without words of its own is named as it is kept."""
    number = _name(called, entry.subject.kind, entry.subject.id)
    said = {
        **_of_bookings(), **_of_money(), **_of_credits(), **_of_offers(), **_of_packages(), **_of_team(),
        **_of_practice(), **(_of_orders() if entry.subject.kind == "order" else {}),
    }.get(entry.act)  # fmt: skip
    if said is None:
        return _("{act} ({subject})", act=entry.act, subject=entry.subject)
    return said.format(n=number)


def _name(called: Called | None, kind: str, number: object) -> str:
    nobody = _("Person {number}", number=number) if kind == "person" else str(number)
    return (called or {}).get((kind, number), nobody) if isinstance(number, int) else nobody


def via(name: str, provider: ProviderTerms | None) -> str:
    """`provider`: of today, who was asked or told us something."""
    ways = {
        "telegram": "Telegram",
        "slack": "Slack",
        "web": _("a web page"),
        "worker": _("the clock"),
        "cli": _("the command line"),
    }
    if provider is not None and provider.id == name:
        return provider.name
    return ways.get(name, name.capitalize())


def changes(entry: AuditEntry, currency: str, zone: str, called: Called | None = None) -> str:
    """`state: on hold → confirmed, price: €45.00`; empty when there is nothing to add."""
    before, after = entry.before or {}, entry.after or {}
    money = str(after.get("currency") or before.get("currency") or currency)
    names = _names()
    said = []
    for key in dict.fromkeys((*before, *after)):
        if key in UNSAID or before.get(key) == after.get(key):
            continue
        old, new = (_value(facts, key, money, zone, called) for facts in (before, after))
        name = names.get(key, key)
        if key in before and key in after:
            said.append(_("{name}: {before} → {after}", name=name, before=old, after=new))
        else:
            said.append(_("{name}: {value}", name=name, value=new if key in after else old))
    return ", ".join(said)


def why(entry: AuditEntry) -> str | None:
    reasons = {
        "policy": _("as agreed when it was booked"),
        "coach": _("the coach cancelled"),
        "declined": _("the proposal was declined"),
        "late": _("the money came after the hold had ended"),
        "second": _("it was paid twice"),
        "amount": _("another amount came than was asked for"),
        "outside": _("made at the payment provider itself"),
        BY_HAND: _("given back by hand"),
        ANOTHER_WAY: _("it could not go back before"),
        "named by OWNERS": _("named by OWNERS"),
    }
    return None if entry.why is None else reasons.get(entry.why.partition(":")[0], entry.why)


def _value(facts: Mapping[str, object], key: str, currency: str, zone: str, called: Called | None) -> str:
    value = facts.get(key)
    if key in {"coach", "offer"} and isinstance(value, int):
        return _name(called, key, value)
    if key in LISTS and isinstance(value, list):
        return ", ".join(_name(called, LISTS[key], each) for each in value) or _("none")
    if value is None:
        return _("none")
    if key in INSTANTS and isinstance(value, int):
        return tell.moment(datetime.fromtimestamp(value, UTC), zone)
    if key in MONEY and isinstance(value, int) and (key != "refund" or "currency" in facts):
        return tell.amount(Money(value, currency))
    if key == "kept" and isinstance(value, list):
        return ", ".join(_("booking {number}", number=each) for each in value) or _("none")
    if isinstance(value, bool) or (key in SETTINGS and SETTINGS[key].unit is Unit.YES_NO):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or _("none")
    words = _outcomes() if key == "outcome" else _states()
    return words.get(str(value), str(value))


def _names() -> dict[str, str]:
    return {
        "state": _("state"),
        "starts": _("start"),
        "price": _("price"),
        "paid": _("paid"),
        "refund": _("refund"),
        "amount": _("amount"),
        "outcome": _("outcome"),
        "available": _("credits left"),
        "reserved": _("reserved"),
        "booking": _("booking"),
        "expires": _("valid until"),
        "zone": _("time zone"),
        "role": _("role"),
        "by": _("by"),
        "coach": _("coach"),
        "coaches": _("coaches"),
        "offer": _("offer"),
        "offers": _("offers"),
        "sessions": _("sessions"),
        "months": _("months of validity"),
        "until": _("valid until"),
        "a_week": _("most a week, for a client"),
        "place": _("place"),
        "kind": _("place"),
        "kept": _("kept"),
        "code": _("code"),
        "percent": _("percentage"),
        "uses": _("uses"),
        "per_client": _("uses for each client"),
        "first_only": _("for a first purchase"),
        "packages": _("packages"),
        "account": _("account"),
        **{name: said.noun for name, said in setting_fields.words().items()},
        **{name.value: said.noun for name, said in limit_fields.words().items()},
    }


def _states() -> dict[str, str]:
    return {
        "held": _("on hold"),
        "confirmed": _("confirmed"),
        "cancelled": _("cancelled"),
        "expired": _("ended unpaid"),
        "open": _("open"),
        "draft": _("draft"),
        "paused": _("paused"),
        "archived": _("archived"),
        "active": _("active"),
        "removed": _("removed"),
        "stopped": _("stopped"),
        "every": _("all"),
        "client": _("client"),
        "coach": _("coach"),
        "owner": _("owner"),
        "time": _("time"),
        "closed": _("closed"),
        "uninstalled": _("removed there"),
        "video": _("video call"),
        "phone_in": _("phone, the client calls"),
        "phone_out": _("phone, the coach calls"),
        "address": _("address"),
    }


def _outcomes() -> dict[str, str]:
    return {"held": _("held"), "late": _("the client was late"), "no_show": _("no-show")}


def _of_bookings() -> dict[str, str]:
    return {
        "booking.held": _("Booking {n} was held"),
        "booking.confirmed": _("Booking {n} was confirmed"),
        "booking.cancelled": _("Booking {n} was cancelled"),
        "booking.expired": _("The hold of booking {n} ended"),
        "booking.moved": _("Booking {n} was moved"),
        "booking.settled": _("Booking {n} was settled"),
        "booking.number_given": _("The client gave another number for booking {n}"),
        "booking.move_proposed": _("Another time was proposed for booking {n}"),
        "booking.handover_proposed": _("The client of booking {n} was asked about another coach"),
        "booking.handed_over": _("Another coach has taken booking {n} over"),
        "booking.proposal_withdrawn": _("The proposal of another time for booking {n} was withdrawn"),
        "booking.other_times_wanted": _("Other times were asked for, for booking {n}"),
        "booking.refund_intended": _("Money is to go back for booking {n}"),
        "message.sent": _("A message was passed on about booking {n}"),
        "letter.sent": _("A message without a session was passed on"),
    }


def _of_orders() -> dict[str, str]:
    """Money for an order that is no single session."""
    return {
        "order.closed": _("Order {n} is not to be paid any more"),
        "payment.accepted": _("A payment for order {n} was accepted"),
        "payment.refused": _("A payment for order {n} goes back"),
        "refund.pending": _("A refund for order {n} is on its way"),
        "refund.succeeded": _("A refund for order {n} was made"),
        "refund.failed": _("A refund for order {n} failed"),
    }


def _of_money() -> dict[str, str]:
    return {
        "payment.accepted": _("A payment for booking {n} was accepted"),
        "payment.refused": _("A payment for booking {n} goes back"),
        "refund.intended": _("A refund for booking {n} is to be made"),
        "refund.pending": _("A refund for booking {n} is on its way"),
        "refund.succeeded": _("A refund for booking {n} was made"),
        "refund.paid_another_way": _("Money for booking {n} was paid back another way"),
        "refund.failed": _("A refund for booking {n} failed"),
        "refund.refused": _("A refund for booking {n} was refused"),
        "refund.superseded": _("A refund for booking {n} was made elsewhere"),
        "refund.unknown": _("A refund for booking {n} is unknown"),
    }


def _of_credits() -> dict[str, str]:
    return {
        "credit.granted": _("Package {n} was given its credits"),
        "credit.reserved": _("A booking took a credit of package {n}"),
        "credit.spent": _("A credit of package {n} was used"),
        "credit.returned": _("A credit of package {n} came back"),
        "credit.expired": _("Credits of package {n} have expired"),
        "credit.adjusted": _("The credits of package {n} were adjusted"),
        "credit.extended": _("Package {n} was extended"),
        "credit.frozen": _("The credits of package {n} were frozen"),
        "credit.thawed": _("The credits of package {n} can be used again"),
    }


def _of_offers() -> dict[str, str]:
    return {
        "coupon.created": _("Coupon {n} was added"),
        "coupon.changed": _("Coupon {n} was changed"),
        "coupon.stopped": _("Coupon {n} was stopped"),
        "coupon.started": _("Coupon {n} counts again"),
        "coupon.reserved": _("Coupon {n} was used for a time that is held"),
        "offer.created": _("Offer {n} was added"),
        "offer.changed": _("Offer {n} was changed"),
        "offer.opened": _("Offer {n} was opened"),
        "offer.paused": _("Offer {n} was paused"),
        "offer.archived": _("Offer {n} was archived"),
        "offer.coaches": _("Who does offer {n} was changed"),
    }


def _of_packages() -> dict[str, str]:
    return {
        "package.asked": _("Order {n} asks for the price of a package"),
        "package.created": _("Package {n} was added"),
        "package.changed": _("Package {n} was changed"),
        "package.opened": _("Package {n} is for sale"),
        "package.paused": _("Package {n} is not for sale any more"),
        "package.archived": _("Package {n} was archived"),
    }


def _of_team() -> dict[str, str]:
    return {
        "coach.joined": _("Coach {n} joined"),
        "coach.active": _("Coach {n} takes bookings again"),
        "coach.paused": _("Coach {n} was paused"),
        "coach.removed": _("Coach {n} was removed"),
        "coach.place": _("The place of coach {n} was changed"),
        "coach.about": _("The line about coach {n} was changed"),
        "coach.zone": _("The time zone of coach {n} was changed"),
        "hours.saved": _("The hours of coach {n} were changed"),
        "hours.undone": _("The hours of coach {n} were set back"),
        "hours.redone": _("The hours of coach {n} were changed again"),
        "invitation.made": _("Invitation {n} was made"),
        "invitation.used": _("Invitation {n} was accepted"),
        "invitation.revoked": _("Invitation {n} was withdrawn"),
    }


def _of_practice() -> dict[str, str]:
    return {
        "practice.named": _("The practice was named"),
        "practice.currency": _("The currency was set"),
        "practice.zone": _("The time zone of the practice was set"),
        "practice.contact": _("The human contact was changed"),
        "practice.on_receipts": _("What stands on receipts was changed"),
        "practice.limits": _("The limits for a client were changed"),
        "practice.opened": _("The practice opened for booking"),
        "role.granted": _("{n} was given a role"),
        "role.withdrawn": _("{n} lost a role"),
        "workspace.installed": _("Workspace {n} installed the app"),
        "workspace.uninstalled": _("Workspace {n} removed the app"),
        "workspace.token_lost": _("Slack ended the access to workspace {n}"),
        "workspace.closed": _("Workspace {n} was closed"),
        "workspace.reopened": _("Workspace {n} is served again"),
    }
