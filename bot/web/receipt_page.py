"""`/receipts/{token}`: a receipt as PDF, for whoever has its link; also where payments have been switched off since."""

from aiohttp import web

from bot.http_route import HttpRoute
from bot.pages import language, papers
from bot.pages.headers import HEADERS
from bot.services.payments.receipts.receipts import Receipts
from bot.web import nothing_here
from storage.engine import CannotRead, StorageAway

GUARD = "public: an unguessable token, of which the digest alone is looked for"
MAX_TOKEN = 64
RETRY_AFTER_S = 60


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
            return nothing_here.away(request, RETRY_AFTER_S)
        if found is None:
            return nothing_here.receipt(request)
        receipt, buyer = found
        spoken = language.of_browser(request.headers) if buyer is None else buyer.language
        pdf = await papers.receipt_pdf(receipt, spoken)
        shown = {"Content-Disposition": f'inline; filename="{receipt.number}.pdf"'}
        return web.Response(body=pdf, content_type="application/pdf", headers={**HEADERS, **shown})
