"""The owner's page of what SMS cost: a price for a part by country, and the most that a month may come to."""

from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Line, Redirect, Screen, Tone, Wrong
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.people.permissions import Permission
from bot.domain.reach.sms_costs import ELSEWHERE, SmsPrices, Unread, as_typed, decimal, parse_prices, parse_sum
from bot.handlers.kit import refusals
from bot.services.desk import Desk
from bot.services.reach.sms_costs import SmsMonth

PAGE, BACK = "setup/sms", "setup/practice"
PRICES, CEILING = "prices", "ceiling"


async def page(turn: Turn, desk: Desk) -> Screen:
    month, currency = await desk.sms_costs.of_month(turn.now), await _currency(turn, desk)
    prices = month.prices.per_part
    lines = [
        Line(_("{country}: {price} {currency}", country=_country(each), price=decimal(prices[each]), currency=currency))
        for each in sorted(prices, key=lambda each: (each == ELSEWHERE, each))
    ]
    if not lines:
        lines = [Line(_("No price is set, so nothing is counted and nothing stops SMS."))]
    lines += [Line(_month(month, currency), Tone.STRONG), Line(_("A long SMS is two parts."), Tone.QUIET)]
    buttons = (Button(_("Change them"), "setup/sms/form"), Button(_("Back"), BACK))
    return Screen(_("What SMS cost"), tuple(lines), (buttons,))


async def form(turn: Turn, desk: Desk) -> Screen:
    prices, currency = (await desk.sms_costs.of_month(turn.now)).prices, await _currency(turn, desk)
    fields = (
        Field(
            PRICES,
            _("Price of a part, by country"),
            hint=_("In {currency}, such as AT 0.06, DE 0.075, * 0.09. The star is for all others.", currency=currency),
            default=as_typed(prices.per_part) or None,
            optional=True,
            read=_read_prices,
        ),
        Field(
            CEILING,
            _("Most that a month may cost"),
            hint=_("In {currency}. Left empty, there is no limit; 0 stops all SMS.", currency=currency),
            default=None if prices.ceiling is None else decimal(prices.ceiling),
            optional=True,
            read=_read_ceiling,
            max_length=20,
        ),
    )
    to = turn.do("setup", "sms", "keep", stated=_stated(prices))
    return Screen(_("What SMS cost"), (), (), form=Form(to, fields, _("Save"), cancel_to=PAGE))


async def save(turn: Turn, desk: Desk) -> Screen | Redirect:
    before = (await desk.sms_costs.of_month(turn.now)).prices
    turn.require(*_stated(before))
    given, most = turn.values.get(PRICES), turn.values.get(CEILING)
    per_part = given if isinstance(given, dict) else {}
    after = SmsPrices(per_part, most if isinstance(most, int) else None)
    return refusals.or_next(turn, await desk.sms_costs.set_prices(turn.act(PAGE), before, after), PAGE, _("Saved."))


async def ceiling_reached(turn: Turn, desk: Desk) -> Screen:
    """Tells owners, once a month, that nothing goes by SMS any more."""
    month = await desk.sms_costs.of_month(turn.now)
    lines = (
        Line(_month(month, await _currency(turn, desk)), Tone.STRONG),
        Line(_("One more would cost more than that. Until the month ends I write to people elsewhere, if I can.")),
    )
    rows = ((Button(_("What SMS cost"), PAGE), Button(_("Start"), "start")),)
    return Screen(_("No more SMS this month"), lines, rows)


def _month(month: SmsMonth, currency: str) -> str:
    spent, ceiling = decimal(month.spent), month.prices.ceiling
    if ceiling is None:
        return _("This month: {spent} {currency}", spent=spent, currency=currency)
    most = decimal(ceiling)
    return _("This month: {spent} of {most} {currency} at most", spent=spent, most=most, currency=currency)


def _country(code: str) -> str:
    return _("All others") if code == ELSEWHERE else code


def _read_prices(raw: str) -> object:
    found = parse_prices(raw)
    if isinstance(found, Unread):
        return Wrong(_("“{piece}” is no price. Write two letters and a number, such as AT 0.06.", piece=found.fragment))
    return found


def _read_ceiling(raw: str) -> object:
    found = parse_sum(raw)
    return Wrong(_("Write a number, such as 20 or 19.50.")) if isinstance(found, Unread) else found


def _stated(prices: SmsPrices) -> tuple[str, str]:
    return as_typed(prices.per_part), "" if prices.ceiling is None else str(prices.ceiling)


async def _currency(turn: Turn, desk: Desk) -> str:
    return (await desk.practice.get(turn.generation)).currency or ""


ROUTES: tuple[Route, ...] = (
    show(PAGE, page, permission=Permission.SET_UP),
    show("setup/sms/form", form, permission=Permission.SET_UP),
    do("setup/sms/keep", save, back="setup/sms/form", permission=Permission.SET_UP),
)
