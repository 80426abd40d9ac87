"""`/receipts/{token}`: a receipt as PDF, for whoever has its link; also where payments have been switched off since."""

from aiohttp import web

from bot.chat.screen import Line, Screen
from bot.chat.words import _, speaking
from bot.http_route import HttpRoute
from bot.pages import language, papers
from bot.pages.draw import as_html
from bot.pages.headers import HEADERS
from bot.services.payments.receipts import Receipts
from storage.engine import CannotRead, StorageAway

GUARD = "public: an unguessable token, of which the digest alone is looked for"
MAX_TOKEN = 64


class ReceiptPage:
    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    def routes(self) -> list[HttpRoute]:
        return [HttpRoute("GET", "/receipts/{token}", self.show, GUARD, visited=True)]

    async def show(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        try:
            found = await self._receipts.by_token(token) if len(token) <= MAX_TOKEN else None
        except (StorageAway, CannotRead):
            return _words(request, 503)
        if found is None:
            return _words(request, 404)
        receipt, buyer = found
        spoken = language.of_browser(request.headers) if buyer is None else buyer.language
        pdf = await papers.receipt_pdf(receipt, spoken)
        shown = {"Content-Disposition": f'inline; filename="{receipt.number}.pdf"'}
        return web.Response(body=pdf, content_type="application/pdf", headers={**HEADERS, **shown})


def _words(request: web.Request, status: int) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        title, words = _("Nothing here"), _("This address belongs to no receipt that we know of.")
        if status == 503:
            title = _("One moment")
            words = _("We cannot look right now. Nothing is lost: try again in a minute.")
        page = as_html(Screen(title, (Line(words),)))
    return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)
