"""`/report money`: what came in, went back and was kept as a fee, by month, coach and offer, for an owner."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.chat import tell
from bot.chat.address import YEARS, address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, File, Line, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.local_dates import day_of
from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Owed, OwedFees, Sums
from bot.domain.people.permissions import Permission
from bot.handlers.kit import phrases
from bot.pages import csv_table, papers
from bot.services.desk import Desk
from bot.services.reports.money import MoneyRow, month_before, next_month

SHOWN = 10
"""Coaches, and offers, of one month."""


async def this_month(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    return await of_month(turn, desk, day_of(turn.now, practice.zone or "UTC"))


async def of_month(turn: Turn, desk: Desk, day: date) -> Screen:
    found = await desk.money.month(day)
    lines = [Line(words, Tone.NORMAL) for sums in found.sums for words in _in_full(desk, sums)]
    if not found.sums:
        lines.append(Line(_("No money moved in this month.")))
    provider = phrases.provider(desk)
    lines += _parts(_("By coach"), found.coaches, provider) + _parts(_("By offer"), found.offers, provider)
    lines += [Line(_owed(each)) for each in await desk.money.owed(turn.now)]
    lines += [Line(_owed_fees(each)) for each in await desk.money.owed_fees()]
    lines.append(Line(_("The month is counted in {city} time.", city=tell.city(found.zone)), Tone.QUIET))
    year = address("report", "money", "year", found.first.replace(month=1))
    rows: list[Row] = [
        _beside(found.first),
        (Button(_("The whole year"), year), Button(_("Tax"), "report/tax")),
        (Button(_("Setup"), "setup"), Button(_("Start"), "start")),
    ]
    if found.sums:
        rows.insert(0, (Button(_("As a file (CSV)"), address("report", "money", found.first, "csv")),))
    return Screen(_("Money: {month}", month=tell.month(found.first)), tuple(lines), tuple(rows))


def _owed(owed: Owed) -> str:
    return ngettext(
        "Paid and not used yet, as of today: {amount}, {n} session of packages",
        "Paid and not used yet, as of today: {amount}, {n} sessions of packages",
        owed.sessions,
        amount=tell.amount(owed.worth),
    )


def _owed_fees(owed: OwedFees) -> str:
    return ngettext(
        "Fees not paid yet, as of today: {amount}, {n} fee",
        "Fees not paid yet, as of today: {amount}, {n} fees",
        owed.fees,
        amount=tell.amount(owed.amount),
    )


def _in_full(desk: Desk, sums: Sums) -> list[str]:
    came = ngettext(
        "Came in: {amount}, by {n} payment", "Came in: {amount}, by {n} payments", sums.payments,
        amount=tell.amount(sums.came),
    )  # fmt: skip
    lines = [came]
    if sums.client_fees:
        fees = tell.amount(sums.client_fees)
        lines.append(_("Of it for late cancels and no-shows, without tax: {amount}", amount=fees))
    if sums.back:
        lines.append(_("Went back: {amount}", amount=tell.amount(sums.back)))
    if sums.provider_fees:
        provider = phrases.provider(desk)
        lines.append(_("Kept by {provider}: {amount}", provider=provider, amount=tell.amount(sums.provider_fees)))
    return [*lines, _("Left of it: {amount}", amount=tell.amount(sums.left))]


def _parts(title: str, found: Mapping[str | None, Sequence[Sums]], provider: str) -> list[Line]:
    """One line for each coach, or offer. Where there is a single one, the lines above have said all."""
    if len(found) < 2:
        return []
    lines = [Line(title, Tone.STRONG)]
    for name, sums in list(found.items())[:SHOWN]:
        who = _("without a session") if name is None else name
        money = joined("; ", [_short(each, provider) for each in sums])
        lines.append(Line(_("{name}: {money}", name=who, money=money)))
    if len(found) > SHOWN:
        lines.append(Line(ngettext("And {n} more.", "And {n} more.", len(found) - SHOWN), Tone.QUIET))
    return lines


def _short(sums: Sums, provider: str) -> str:
    facts = [_("{amount} in", amount=tell.amount(sums.came))]
    if sums.back:
        facts.append(_("{amount} back", amount=tell.amount(sums.back)))
    if sums.client_fees:
        facts.append(_("of it {amount} for late cancels and no-shows", amount=tell.amount(sums.client_fees)))
    if sums.provider_fees:
        facts.append(_("{amount} kept by {provider}", amount=tell.amount(sums.provider_fees), provider=provider))
    return joined(", ", facts)


def _beside(first: date) -> Row:
    months = [each for each in (month_before(first), next_month(first)) if each.year in YEARS]
    return tuple(Button(tell.month(each), address("report", "money", each)) for each in months)


async def of_year(_turn: Turn, desk: Desk, day: date) -> Screen:
    found = await desk.money.year(day.year)
    provider = phrases.provider(desk)
    money = {month: joined("; ", [_short(each, provider) for each in sums]) for month, sums in found}
    lines = [Line(_("{name}: {money}", name=tell.month(month), money=told)) for month, told in money.items()]
    if not found:
        lines.append(Line(_("No money moved in this year.")))
    years = [each for each in (day.year - 1, day.year + 1) if each in YEARS]
    beside = tuple(Button(str(each), address("report", "money", "year", date(each, 1, 1))) for each in years)
    last = (Button(_("This month"), "report/money"), Button(_("Setup"), "setup"), Button(_("Start"), "start"))
    year = address("report", "money", "year", day.replace(month=1, day=1), "csv")
    file = ((Button(_("As a file (CSV)"), year),),) if found else ()
    return Screen(_("Money: {month}", month=str(day.year)), tuple(lines), (*file, beside, last))


async def month_file(_turn: Turn, desk: Desk, day: date) -> Screen:
    found = await desk.money.months([day])
    title, back = _("Money: {month}", month=tell.month(day.replace(day=1))), address("report", "money", day)
    return await _file(found, f"money-{day:%Y-%m}.csv", title, back)


async def year_file(_turn: Turn, desk: Desk, day: date) -> Screen:
    found = await desk.money.months([date(day.year, month, 1) for month in range(1, 13)])
    title, back = _("Money: {month}", month=str(day.year)), address("report", "money", "year", day)
    return await _file(found, f"money-{day.year}.csv", title, back)


async def _file(found: Sequence[MoneyRow], called: str, title: str, back: str) -> Screen:
    data = await papers.drawn(lambda: csv_table.table(_HEAD, [_cells(row) for row in found]))
    buttons = ((Button(_("Back"), back), Button(_("Start"), "start")),)
    return Screen(title, (phrases.file_in_chat(),), buttons, file=File(called, data, title))


_HEAD = (
    "month", "currency", "coach", "offer", "payments", "came_in", "went_back", "provider_fees", "left",
    "late_cancel_and_no_show_fees",
)  # fmt: skip
"""Read by programs: the same in every language. The last one is a part of what came in, less what went back of that."""


def _cells(row: MoneyRow) -> tuple[str | int | Money | None, ...]:
    sums = row.sums
    return (
        f"{row.month:%Y-%m}", sums.came.currency, row.coach, row.offer,
        sums.payments, sums.came, sums.back, sums.provider_fees, sums.left, sums.client_fees,
    )  # fmt: skip


ROUTES: tuple[Route, ...] = (
    show("report", this_month, permission=Permission.SEE_MONEY, command="/report"),
    show("report/money", this_month, permission=Permission.SEE_MONEY, command="/report money"),
    show("report/money/{day:day}", of_month, permission=Permission.SEE_MONEY),
    show("report/money/{day:day}/csv", month_file, permission=Permission.SEE_MONEY),
    show("report/money/year/{day:day}", of_year, permission=Permission.SEE_MONEY),
    show("report/money/year/{day:day}/csv", year_file, permission=Permission.SEE_MONEY),
)
