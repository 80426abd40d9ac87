"""`/report tax 2026-Q4` and the files of both reports: what an owner reads adds up, and a spreadsheet opens it."""

import csv
import io
from typing import Any

import sqlalchemy as sa

from bot.chat.screen import Screen
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.pages import csv_table
from storage import tables
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import paid
from tests.services.bare_practice import CLIENT, OWNER, done


def rows_of(screen: Screen) -> list[dict[str, str]]:
    assert screen.file is not None
    return list(csv.DictReader(io.StringIO(screen.file.data.decode("utf-8-sig"))))


async def sold(chat: BareChat, region: str) -> int:
    """A session paid with tax in its price; the booking."""
    held = await chat.practice.hold(await chat.next_start(paid=True))
    page = await chat.practice.page(held)
    await chat.practice.control("pay", session=page.checkout_ref, card="success", region=region)
    await chat.practice.sweep(minutes=1)
    return held.id


async def taxed(chat: BareChat) -> None:
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE", "AT"])
    version = (await chat.desk.practice.get()).version
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.desk.taxes.choose(act, version, TaxChoice(TaxBehavior.INCLUSIVE)))


async def test_a_quarter_by_country_and_rate_with_what_went_back(chat: BareChat) -> None:
    await taxed(chat)
    await sold(chat, "AT")
    back = await sold(chat, "DE")
    await chat.practice.cancel(back, OWNER)
    await chat.practice.sweep(minutes=1)
    olga = Somebody(chat, OWNER)
    await olga.goes("report/tax")
    olga.sees(
        "Tax: Q4 2026", "AT, 20 %: €37.50 + €7.50 tax", "DE, 19 %: €0.00 + €0.00 tax", "of it €45.00 went back",
        "In all: €45.00, of which tax €7.50", "[Q3 2026] [Q1 2027]",
    )  # fmt: skip
    shown = await olga.taps("As a file (CSV)")
    assert shown.file is not None
    assert shown.file.name == "tax-2026-q4.csv"
    austria, germany = rows_of(shown)
    assert (austria["country"], austria["rate_percent"], austria["net"], austria["tax"]) == (
        "AT",
        "20",
        "37.50",
        "7.50",
    )
    assert (germany["sold_tax"], germany["refunded_tax"], germany["gross"]) == ("7.18", "-7.18", "0.00")
    [total] = await chat.practice.storage.read(lambda tx: tx.execute(_MOVED).scalars().all())
    assert sum(float(row["gross"]) for row in (austria, germany)) == total / 100


_MOVED = sa.select(sa.func.sum(tables.transactions.c.amount)).where(tables.transactions.c.kind != "fee")


async def test_money_without_tax_is_a_row_of_its_own(chat: BareChat) -> None:
    await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes("report/tax")
    olga.sees("No country, no tax calculated: €45.00 + €0.00 tax")
    await olga.taps("2026")
    olga.sees("Tax: 2026", "In all: €45.00")
    assert rows_of(await olga.taps("As a file"))[0]["reason"] == "no_tax_reckoned"
    await olga.goes("report/tax/2026-07-01/3")
    olga.sees("No money moved in this time.")
    assert "As a file" not in olga.text


async def test_what_is_no_period_and_who_is_no_owner(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    for address in ("report/tax/2026-07-02/3", "report/tax/2026-08-01/3", "report/tax/2026-07-01/5"):
        assert "went back" not in (await olga.goes(address)).title
        assert olga.screen.file is None
        assert "[Q" not in olga.text
    clara = Somebody(chat, CLIENT)
    assert (await clara.goes("report/tax/2026-10-01/3/csv")).file is None


async def test_the_file_of_the_money_has_the_sums_of_the_page(chat: BareChat) -> None:
    booking, intent = await paid(chat)
    await chat.practice.control("refund", payment_intent=intent, amount=2000)
    await chat.practice.heard()
    await chat.practice.sweep(minutes=1)
    olga = Somebody(chat, OWNER)
    await olga.goes("report/money")
    [row] = rows_of(await olga.taps("As a file (CSV)"))
    told: dict[str, Any] = {"coach": booking.coach_name, "offer": booking.terms.offer_name, "month": "2026-12"}
    sums = {"came_in": "45.00", "went_back": "20.00", "provider_fees": "1.61", "left": "23.39", "payments": "1"}
    sums["late_cancel_and_no_show_fees"] = "0.00"
    assert row == told | sums | {"currency": "EUR"}
    await olga.goes("report/money")
    await olga.taps("The whole year")
    assert rows_of(await olga.taps("As a file (CSV)")) == [row]


def test_what_somebody_typed_is_no_formula() -> None:
    data = csv_table.table(["name"], [["=1+1"], ["Anna"], [None], [-3]])
    assert data.decode("utf-8-sig").splitlines() == ["name", "'=1+1", "Anna", '""', "-3"]
