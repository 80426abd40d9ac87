"""Words for an entry of the audit trail: what was done, and what it changed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.chat import tell
from bot.chat.words import _
from bot.domain.payments.money import Money
from bot.domain.payments.payments import ANOTHER_WAY, AS_CREDIT, BY_HAND, DISPUTED, FRAUD, PACKAGE
from bot.domain.payments.provider import ProviderTerms
from bot.domain.practice.offer_settings import SETTINGS, Unit
from bot.domain.records import AuditEntry
from bot.handlers.kit import phrases
from bot.handlers.offers import setting_fields
from bot.handlers.practice import audit_acts, limit_fields

MONEY = {"price", "paid", "refund", "amount", "late_cancel_fee", "no_show_fee"}
INSTANTS = {"starts", "expires", "until"}
LISTS = {"coaches": "coach", "offers": "offer", "packages": "package"}
"""What a list of numbers names, by its key."""

UNSAID = {"version", "currency", "payment", "message", "proposal", "package"}
"""Kept for those who search; a number or a fact that another one carries says nothing here."""


Called = Mapping[tuple[str, int], str]
"""How things are called, by their kind and id; what has no name any more is told by its number."""


def what(entry: AuditEntry, called: Called | None = None) -> str:
    """`Booking 12 was confirmed`. An act without words of its own is named as it is kept."""
    number = _name(called, entry.subject.kind, entry.subject.id)
    said = audit_acts.of(entry.subject.kind).get(entry.act)
    if said is None:
        return _("{act} ({subject})", act=entry.act, subject=entry.subject)
    return said.format(n=number)


def _name(called: Called | None, kind: str, number: object) -> str:
    nobody = _("Person {number}", number=number) if kind == "person" else str(number)
    return (called or {}).get((kind, number), nobody) if isinstance(number, int) else nobody


def via(name: str, provider: ProviderTerms | None) -> str:
    """`provider`: of today, who was asked or told us something."""
    ways = {
        **{platform.value: name for platform, name in phrases.PLATFORMS.items()},
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
        "move": _("it was moved to another offer"),
        "policy": _("as agreed when it was booked"),
        "coach": _("the coach cancelled"),
        "declined": _("the proposal was declined"),
        "late": _("the money came after the hold had ended"),
        "late_cancel": _("cancelled late"),
        "no_show": _("did not come"),
        "fee": _("the fee is not due any more"),
        "second": _("it was paid twice"),
        "amount": _("another amount came than was asked for"),
        "outside": _("made at the payment provider itself"),
        PACKAGE: _("a package was given back"),
        FRAUD: _("the card network thinks that it was fraud"),
        DISPUTED: _("the client's bank took it back"),
        BY_HAND: _("given back by hand"),
        AS_CREDIT: _("a credit was given for it"),
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
        "late_cancel_fee": _("fee for cancelling late"),
        "no_show_fee": _("fee for not coming"),
        "paid": _("paid"),
        "refund": _("refund"),
        "amount": _("amount"),
        "outcome": _("outcome"),
        "available": _("credits left"),
        "reserved": _("reserved"),
        "booking": _("booking"),
        "order": _("order"),
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
        "sms_prices": _("price of an SMS"),
        "sms_ceiling": _("most for SMS in a month"),
        "code": _("code"),
        "percent": _("percentage"),
        "uses": _("uses"),
        "per_client": _("uses for each client"),
        "first_only": _("for a first purchase"),
        "packages": _("packages"),
        "account": _("account"),
        "receipt": _("receipt"),
        "tax": _("tax"),
        "tax_code": _("tax code"),
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
        "warned": _("warned"),
        "asked": _("asked"),
        "review": _("in review"),
        "asked-review": _("in review"),
        "uninstalled": _("removed there"),
        "video": _("video call"),
        "phone_in": _("phone, the client calls"),
        "phone_out": _("phone, the coach calls"),
        "address": _("address"),
    }


def _outcomes() -> dict[str, str]:
    return {"held": _("held"), "late": _("the client was late"), "no_show": _("no-show")}
