"""What is said of a coupon, and the questions of its forms."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.chat import tell
from bot.chat.screen import Choice, Field, FieldKind, Wrong
from bot.chat.words import _, ngettext
from bot.domain.calendar.hours import parse_hours
from bot.domain.calendar.local_dates import day_of, end_of_day, last_day
from bot.domain.calendar.spans import HoursChange
from bot.domain.payments.money import Money, parse_money
from bot.domain.pricing.coupons import CODE, PERCENT, USES, Coupon, CouponMistake, CouponState, as_code
from bot.domain.pricing.discounts import Discount
from bot.handlers.kit import typed_amounts
from bot.handlers.kit.reasons import contradictions

LONGEST_CODE = 20


def off(discount: Discount) -> str:
    if discount.amount is not None:
        return _("{amount} off", amount=tell.amount(discount.amount))
    return _("{n} percent off", n=discount.percent)


def line(coupon: Coupon, used: int, now: datetime) -> str:
    """One of the list."""
    if coupon.state is CouponState.STOPPED:
        return _("{code}: {off}, stopped", code=coupon.code, off=off(coupon.discount))
    if coupon.until is not None and coupon.until <= now:
        return _("{code}: {off}, over", code=coupon.code, off=off(coupon.discount))
    return _("{code}: {off}, {used}", code=coupon.code, off=off(coupon.discount), used=uses(coupon, used))


def uses(coupon: Coupon, used: int) -> str:
    if coupon.most_uses is None:
        return ngettext("used once", "used {n} times", used) if used else _("not used yet")
    return _("used {n} of {most} times", n=used, most=coupon.most_uses)


def rules(coupon: Coupon, zone: str, now: datetime) -> list[str]:
    """Who can use it, how often and until when."""
    lines = []
    if coupon.first_purchase_only:
        lines.append(_("Only for a client's first purchase."))
    elif coupon.most_per_client is None:
        lines.append(_("Each client can use it as often as they like."))
    else:
        lines.append(
            ngettext("Each client can use it once.", "Each client can use it {n} times.", coupon.most_per_client)
        )
    if coupon.until is None:
        lines.append(_("It has no last day."))
    elif coupon.until <= now:
        lines.append(_("Its last day was {day}.", day=tell.day(last_day(coupon.until, zone))))
    else:
        lines.append(_("Its last day is {day}.", day=tell.day(last_day(coupon.until, zone))))
    return lines


def code_field(now: str | None = None) -> Field:
    def read(raw: str) -> object:
        code = as_code(raw)
        return code if CODE.fullmatch(code) else Wrong(contradictions.words(CouponMistake.CODE))

    hint = _("Clients type it, in large or small letters. For example: SPRING20")
    return Field("code", _("The code"), hint=hint, default=now, read=read, max_length=LONGEST_CODE + 10)


def discount_field(currency: str, now: Discount | None = None) -> Field:
    default = None
    if now is not None:
        default = f"{now.percent} %" if now.amount is None else typed_amounts.price(now.amount)
    hint = _("A percentage such as 20 %, or an amount in {currency} such as 10.00", currency=currency)
    return Field(
        "discount", _("What is taken off?"), hint=hint, default=default, read=read_discount(currency), max_length=30
    )


def read_discount(currency: str) -> Callable[[str], object]:
    def read(raw: str) -> object:
        words = raw.strip()
        number = words.removesuffix("%").removesuffix("percent").removesuffix("Prozent").strip()
        if number != words:
            if not (number.isascii() and number.isdigit() and len(number) <= 3 and int(number) in PERCENT):
                return Wrong(contradictions.words(CouponMistake.PERCENT))
            return Discount(percent=int(number))
        if words.isascii() and words.isdigit() and len(words) <= 3 and int(words) in PERCENT:
            said = _("Is that a percentage or an amount? Write {percent} or {amount}.")
            both = f"{words} %", f"{words} {currency}"
            return Wrong(said.format(percent=both[0], amount=both[1]), both)
        found = parse_money(words, currency)
        if isinstance(found, Money):
            return Discount(amount=found) if found else Wrong(contradictions.words(CouponMistake.AMOUNT))
        if found is not None:
            return typed_amounts.which(found)
        return Wrong(_("Write a percentage such as 20 %, or an amount in {currency}.", currency=currency))

    return read


def limit_fields(coupon: Coupon, zone: str, now: datetime) -> tuple[Field, ...]:
    today = day_of(now, zone)
    last = None if coupon.until is None else last_day(coupon.until, zone).isoformat()
    number = _("A number; none for no limit")
    return (
        Field(
            "most_uses", _("How often can it be used in all?"), hint=number,
            default=typed_amounts.cap(coupon.most_uses), optional=True, read=_read_uses, max_length=6,
        ),
        Field(
            "most_per_client", _("How often can each client use it?"), hint=number,
            default=typed_amounts.cap(coupon.most_per_client), optional=True, read=_read_uses, max_length=6,
        ),
        Field(
            "first_purchase_only", _("Only for a client's first purchase?"), FieldKind.CHOICE,
            choices=(Choice("1", _("Yes")), Choice("0", _("No"))), default=str(int(coupon.first_purchase_only)),
            read=lambda raw: raw == "1",
        ),
        Field(
            "until", _("Its last day"), FieldKind.DAY, _("For example: 2026-12-24 or 24 dec. Empty: it has none."),
            default=last, optional=True, read=_read_last_day(today, zone),
        ),
    )  # fmt: skip


def _read_uses(raw: str) -> object:
    if typed_amounts.is_none(raw):
        return None
    found = typed_amounts.read_count(raw)
    if isinstance(found, int) and found not in USES:
        return Wrong(contradictions.words(CouponMistake.USES))
    return found


def _read_last_day(today: date, zone: str) -> Callable[[str], object]:
    """Reads the last day on which it counts, and gives the instant at which that day is over."""

    def read(raw: str) -> object:
        if typed_amounts.is_none(raw):
            return None
        change = parse_hours(f"{raw} off", today)
        if not isinstance(change, HoursChange) or change.weekly or len(change.days) != 1:
            return Wrong(_("Write one day from today on, such as 2026-12-24 or 24 dec."))
        return end_of_day(next(iter(change.days)), zone)

    return read


FIELD_OF: Mapping[str, str] = {
    CouponMistake.CODE: "code",
    CouponMistake.TAKEN: "code",
    CouponMistake.PERCENT: "discount",
    CouponMistake.AMOUNT: "discount",
    CouponMistake.USES: "most_uses",
    CouponMistake.PER_CLIENT: "most_per_client",
    CouponMistake.FIRST_ONCE: "most_per_client",
    CouponMistake.UNTIL: "until",
}
"""The question to ask again, by what is wrong."""
