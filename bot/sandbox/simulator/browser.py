"""Shows web pages inside the simulator: those of Stripe and of the product, on the simulator's own origin.

A page of its own origin could not be watched for the link that leads back into a chat, and the product rightly
refuses to be framed by strangers.
"""

import aiohttp
from aiohttp import web

from bot.sandbox.simulator.stage import Stage

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
KEPT_HEADERS = ("Refresh", "Cache-Control", "Content-Disposition", "ETag")


class Browser:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def add_to(self, app: web.Application) -> None:
        for path in ("/pay/return", "/pay/left", "/receipts/{rest:.+}", "/calendar/{rest:.+}"):
            app.router.add_get(path, self._product)
        app.router.add_route("*", "/pay/{rest:.+}", self._stripe)

    async def _product(self, request: web.Request) -> web.Response:
        return await self._fetch(request, self._stage.standins.product_url)

    async def _stripe(self, request: web.Request) -> web.Response:
        return await self._fetch(request, self._stage.standins.served["stripe"].url)

    async def _fetch(self, request: web.Request, origin: str) -> web.Response:
        """The same path at `origin`; links and redirects between the two lead here again."""
        body = await request.read()
        headers = {"Accept-Language": request.headers.get("Accept-Language", "en")}
        if body:
            headers["Content-Type"] = request.content_type
        try:
            async with (
                aiohttp.ClientSession(auto_decompress=True) as session,
                session.request(
                    request.method, f"{origin}{request.rel_url}", data=body, headers=headers, allow_redirects=False
                ) as answer,
            ):
                kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
                if "Location" in answer.headers:
                    kept["Location"] = self._here(answer.headers["Location"])
                said = await answer.read()
                if answer.content_type.startswith("text/"):
                    said = self._here(said.decode()).encode()
                shown = web.Response(body=said, status=answer.status, headers=kept)
                shown.content_type, shown.charset = answer.content_type, answer.charset
        except (aiohttp.ClientError, TimeoutError):
            shown = web.Response(text="<h1>This page cannot be reached</h1>", status=502, content_type="text/html")
        shown.headers["Content-Security-Policy"] = POLICY
        return shown

    def _here(self, text: str) -> str:
        standins = self._stage.standins
        return text.replace(standins.product_url, "").replace(standins.served["stripe"].url, "")
