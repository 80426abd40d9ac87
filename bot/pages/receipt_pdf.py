"""Draws a receipt as a PDF. Imported only where one is drawn, and run in a thread: it takes tens of milliseconds."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from bot.chat import tell
from bot.chat.words import _, current_language, speaking
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.domain.payments.receipts import Party, Receipt, ReceiptKind, ReceiptLine, TaxLine
from bot.pages import receipt_words

FONTS = Path(__file__).parent / "fonts"
FAMILY = "paper"
MARGIN = 20.0  # mm
LINE_ROOM = 30.0
"""A line of the receipt begins on the next page where less is left of this one."""

INK, QUIET, RULE = (28, 30, 33), (91, 97, 107), (200, 204, 210)

_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Marks for screens without a shape of their own: the direction of each line is found out anew."""


def draw(receipt: Receipt, language: str) -> bytes:
    """The same receipt in the same language is the same file, byte for byte."""
    with speaking(language):
        paper = _Paper(receipt)
        paper.add_page()
        _head(paper, receipt)
        _parties(paper, receipt)
        _table(paper, receipt)
        _sums(paper, receipt)
        return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, receipt: Receipt) -> None:
        super().__init__(format="A4")
        self._number = receipt.number
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 8)
        self.add_font(FAMILY, "", FONTS / "DejaVuSansCondensed.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
        self.set_text_shaping(True)
        self.set_creation_date(receipt.at)
        self.set_title(_shown(_title(receipt)))
        self.set_author(_shown(receipt.seller.name))
        self.set_lang(current_language())
        self.set_draw_color(*RULE)

    def footer(self) -> None:
        """The number and the page, since pages are torn apart."""
        self.set_y(-MARGIN)
        self.plain(8, quiet=True)
        page = _("{number} · page {page} of {pages}", number=self._number, page=self.page_no(), pages="{nb}")
        self.cell(self.epw, 4, _shown(page))

    def plain(self, size: float = 9.5, *, bold: bool = False, quiet: bool = False) -> None:
        """How what is written next looks."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*(QUIET if quiet else INK))

    def words(self, text: str, *, size: float = 9.5, bold: bool = False, quiet: bool = False, width: float = 0) -> None:
        """A paragraph; the next one stands below it."""
        self.plain(size, bold=bold, quiet=quiet)
        self.multi_cell(width or self.epw, size / 2, _shown(text), align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def amount(self, money: Money, height: float) -> None:
        """At the right margin; what comes next begins the line below."""
        self.cell(0, height, _shown(tell.amount(money)), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def rule(self) -> None:
        y = self.get_y() + 1.6
        self.line(self.l_margin, y, self.w - self.r_margin, y)
        self.set_y(y)


def _head(paper: _Paper, receipt: Receipt) -> None:
    paper.words(_title(receipt), size=20, bold=True)
    paper.ln(2)
    day = receipt.at.astimezone(ZoneInfo(receipt.zone)).date()
    paper.words(_("Number: {number}", number=receipt.number))
    paper.words(_("Date: {day}", day=tell.long_day(day)))
    if receipt.corrects is not None:
        paper.words(receipt_words.corrects(receipt, receipt.corrects))
    paper.ln(6)


def _title(receipt: Receipt) -> str:
    match receipt.kind:
        case ReceiptKind.PURCHASE:
            return _("Receipt")
        case ReceiptKind.REFUND:
            return _("Refund")
    return _("Cancellation")


def _parties(paper: _Paper, receipt: Receipt) -> None:
    """Side by side: who sells, who buys."""
    top, half = paper.get_y(), paper.epw / 2
    _party(paper, _("From"), receipt.seller, half - 5)
    below = paper.get_y()
    paper.set_xy(paper.l_margin + half, top)
    _party(paper, _("For"), receipt.buyer, half)
    paper.set_xy(paper.l_margin, max(below, paper.get_y()) + 8)


def _party(paper: _Paper, label: str, party: Party, width: float) -> None:
    paper.words(label, size=8, quiet=True, width=width)
    paper.words(party.name, bold=True, width=width)
    for line in (party.address or "").splitlines():
        if line.strip():
            paper.words(line.strip(), width=width)
    if party.number:
        paper.words(_("Tax number: {number}", number=party.number), width=width)


def _table(paper: _Paper, receipt: Receipt) -> None:
    _heading(paper)
    for line in receipt.lines:
        if paper.will_page_break(LINE_ROOM):
            paper.add_page()
            _heading(paper)
        top = paper.get_y() + 1.6
        paper.set_y(top)
        paper.plain()
        paper.amount(line.amount, 4.75)
        paper.set_y(top)
        for words in _line(line):
            paper.words(words, width=paper.epw * 0.72)
        paper.rule()


def _heading(paper: _Paper) -> None:
    top = paper.get_y()
    paper.words(_("Description"), size=8, quiet=True)
    paper.set_y(top)
    paper.plain(8, quiet=True)
    paper.cell(paper.epw, 4, _shown(_("Amount")), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.rule()


def _line(line: ReceiptLine) -> list[str]:
    name = line.name or _KIND[line.kind]()
    if line.kind is LineKind.MOVE and line.name is not None:
        name = _("{offer}: the difference", offer=line.name)
    if line.kind is LineKind.FEE and line.name is not None:
        name = _("Fee: {offer}", offer=line.name)
    if line.session is None:
        return [name]
    session = line.session
    day = tell.long_day(session.starts.astimezone(ZoneInfo(session.zone)).date())
    when = _("{day}, {time}", day=day, time=tell.time(session.starts, session.zone))
    length = tell.minutes(session.length_min)
    return [name, _("{when}, {length}", when=when, length=length), _("With {coach}", coach=session.coach)]


_KIND: Mapping[LineKind, Callable[[], str]] = {
    LineKind.SESSION: lambda: _("Session"),
    LineKind.PACKAGE: lambda: _("Package"),
    LineKind.FEE: lambda: _("Fee"),
    LineKind.GIFT: lambda: _("Gift"),
    LineKind.MOVE: lambda: _("Move to another offer"),
}


def _sums(paper: _Paper, receipt: Receipt) -> None:
    paper.ln(3)
    if paper.will_page_break(LINE_ROOM):
        paper.add_page()
    added = [tax for tax in receipt.taxes if not tax.included]
    if added:
        _sum(paper, _("Before tax"), receipt.subtotal)
    for tax in added:
        _sum(paper, _tax(tax), tax.amount)
    label = _("Total") if receipt.kind is not ReceiptKind.REFUND else _("Given back")
    _sum(paper, label, receipt.total, bold=True)
    for tax in receipt.taxes:
        if tax.included:
            _sum(paper, _("Of which {tax}", tax=_tax(tax)), tax.amount, quiet=True)
    paper.ln(4)
    if receipt.exemption:
        paper.words(receipt_words.exemption(receipt.exemption))
    if receipt.kind is ReceiptKind.PURCHASE:
        paper.words(_("Nothing to pay: free of charge.") if not receipt.total else _("Paid in full."))


def _tax(tax: TaxLine) -> str:
    name = tax.name or _("tax")
    return name if tax.percent is None else _("{percent} % {name}", percent=tax.percent, name=name)


def _sum(paper: _Paper, label: str, amount: Money, *, bold: bool = False, quiet: bool = False) -> None:
    paper.plain(11 if bold else 9.5, bold=bold, quiet=quiet)
    paper.cell(paper.epw * 0.7, 6, _shown(label), align=Align.R)
    paper.amount(amount, 6)


def _shown(text: str) -> str:
    """What the font can draw: a letter that it lacks is a box, a picture is left out. Of what it lacks fpdf would
    write into the log, and names do not belong there."""
    plain = _MARKS.sub("", unicodedata.normalize("NFC", str(text)))
    return "".join(each if each == "\n" or ord(each) in _letters() else _instead(each) for each in plain)


def _instead(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("So", "Sk", "Cf", "Mn", "Me"):
        return ""
    return " " if category[0] in "ZC" else "\u25a1"


@cache
def _letters() -> frozenset[int]:
    with TTFont(FONTS / "DejaVuSansCondensed.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())
