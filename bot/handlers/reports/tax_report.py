"""`/report tax 2026-Q4`: what was sold and what tax was in it, by country and rate, with what went back taken off."""

from datetime import date

from bot.chat import tell
from bot.chat.address import YEARS, Segment, address
from bot.chat.router import Route, show
from bot.chat.screen import Button, File, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments import periods
from bot.domain.payments.money import Money
from bot.domain.payments.periods import Period
from bot.domain.payments.tax_report import OF_FEES, TaxRow, totals
from bot.domain.people.permissions import Permission
from bot.handlers.kit import failures, phrases
from bot.pages import csv_table, papers
from bot.services.desk import Desk
from bot.services.reports.tax import TaxReport

SHOWN = 20
"""Rates of one period; the file has all of them."""

MONTHS = (1, 3, 12)


async def by_words(turn: Turn, desk: Desk) -> Screen | Redirect:
    """The period that was typed after the command, else this quarter."""
    period = periods.read(turn.text) if turn.text else None
    if period is not None:
        return Redirect(_at(period))
    practice = await desk.practice.get(turn.generation)
    now = periods.quarter_of(day_of(turn.now, practice.zone or "UTC"))
    example = _("Write a quarter, a month or a year: 2026-Q4, 2026-12 or 2026.")
    return Redirect(_at(now), example if turn.text else None)


async def page(_turn: Turn, desk: Desk, first: date, months: int) -> Screen:
    period = _period(first, months)
    if period is None:
        return failures.missing()
    report = await desk.money.tax.of(period)
    lines = [line for row in report.rows[:SHOWN] for line in _lines(row)]
    if not report.rows:
        lines.append(Line(_("No money moved in this time.")))
    elif len(report.rows) > SHOWN:
        lines.append(Line(_("The file has more."), Tone.QUIET))
    lines += [
        Line(
            _("In all: {gross}, of which tax {tax}", gross=tell.amount(each.gross), tax=tell.amount(each.tax)),
            Tone.STRONG,
        )
        for each in totals(report.rows)
    ]
    lines.append(Line(_("The days are counted in {city} time.", city=tell.city(report.zone)), Tone.QUIET))
    return Screen(_("Tax: {period}", period=name(period)), tuple(lines), _buttons(period, report))


def name(period: Period) -> str:
    """`4th quarter` has no short form in every language: `Q4 2026` does."""
    match period.months:
        case 1:
            return tell.month(period.first)
        case 3:
            return _("Q{n} {year}", n=period.first.month // 3 + 1, year=period.first.year)
    return str(period.first.year)


def _lines(row: TaxRow) -> list[Line]:
    place = " ".join(filter(None, (row.country, row.state))) or _("No country")
    lines = [Line(_("{place}, {rate}: {net} + {tax} tax", place=place, rate=_rate(row), **_amounts(row)), Tone.NORMAL)]
    if row.exempted:
        exempt = ngettext(
            "{n} exempt sale, {kept} with a reason", "{n} exempt sales, {kept} with a reason",
            row.exempted, kept=row.explained,
        )  # fmt: skip
        lines.append(Line(exempt, Tone.QUIET))
    if row.back or row.back_tax:
        back = Money(-(row.back + row.back_tax).amount, row.currency)
        lines.append(Line(_("of it {amount} went back", amount=tell.amount(back)), Tone.QUIET))
    return lines


def _amounts(row: TaxRow) -> dict[str, str]:
    return {"net": tell.amount(row.net), "tax": tell.amount(row.tax)}


def _rate(row: TaxRow) -> str:
    if row.percent is None:
        return _("fees, no tax calculated") if row.reason == OF_FEES else _("no tax calculated")
    if row.is_exempt:
        return _exempt(row.reason)
    return _("rate not told") if not row.percent else _("{percent} %", percent=row.percent)


def _exempt(reason: str) -> str:
    words = {"reverse_charge": _("reverse charge"), "customer_exempt": _("exempt client")}
    return words.get(reason, _("exempt"))


def _buttons(period: Period, report: TaxReport) -> tuple[Row, ...]:
    beside = tuple(Button(name(each), _at(each)) for each in (period.before, period.after) if each.first.year in YEARS)
    file = ((Button(_("As a file (CSV)"), _at(period, "csv")),),) if report.rows else ()
    spans = [Period(date(period.first.year, 1, 1), 12), periods.quarter_of(period.first)]
    other = tuple(Button(name(each), _at(each)) for each in spans if each.months != period.months)
    return (*file, beside, (*other, Button(_("Money"), "report/money"), Button(_("Start"), "start")))


async def csv_file(_turn: Turn, desk: Desk, first: date, months: int) -> Screen:
    period = _period(first, months)
    if period is None:
        return failures.missing()
    report = await desk.money.tax.of(period)
    data = await papers.drawn(lambda: csv_table.table(_HEAD, [_cells(period, row) for row in report.rows]))
    title = _("Tax: {period}", period=name(period))
    rows = ((Button(_("Back"), _at(period)), Button(_("Start"), "start")),)
    return Screen(title, (phrases.file_in_chat(),), rows, file=File(f"tax-{period.name}.csv", data, title))


_HEAD = (
    "period", "currency", "country", "state", "rate_percent", "reason", "exempt",
    "sold_net", "sold_tax", "refunded_net", "refunded_tax", "net", "tax", "gross", "exempt_sales", "exempt_with_reason",
)  # fmt: skip
"""Read by programs: the same in every language."""


def _cells(period: Period, row: TaxRow) -> tuple[str | Money | None, ...]:
    reason = row.reason or ("no_tax_reckoned" if row.percent is None else None)
    exempt = "yes" if row.is_exempt else "no"
    return (
        period.name.upper(), row.currency, row.country, row.state, row.percent, reason, exempt,
        row.sold, row.sold_tax, row.back, row.back_tax, row.net, row.tax, row.gross,
        str(row.exempted or ""), str(row.explained) if row.exempted else None,
    )  # fmt: skip


def _period(first: date, months: int) -> Period | None:
    found = Period(first, months)
    return found if months in MONTHS and first.day == 1 and (first.month - 1) % months == 0 else None


def _at(period: Period, *more: Segment) -> str:
    return address("report", "tax", period.first, period.months, *more)


ROUTES: tuple[Route, ...] = (
    show("report/tax", by_words, permission=Permission.SEE_MONEY, command="/report tax"),
    show("report/tax/{first:day}/{months:id}", page, permission=Permission.SEE_MONEY),
    show("report/tax/{first:day}/{months:id}/csv", csv_file, permission=Permission.SEE_MONEY),
)
