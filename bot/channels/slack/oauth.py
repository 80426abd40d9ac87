"""Installs the app into a workspace: GET /slack/install and GET /slack/oauth_redirect."""

import hmac
import html
import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.channels.slack.api import Api, Refused
from bot.channels.slack.ports import WorkspaceDirectory
from bot.chat.channel import NotDelivered
from bot.chat.clean import clean
from bot.chat.words import _, current_language, known_language, speaking
from bot.clock import Clock
from bot.config import Slack
from bot.domain.people.names import is_visible, one_line
from bot.domain.practice.workspaces import WorkspaceState
from bot.services.practice.workspaces import STATE_LIFETIME, Installation
from storage.engine import StorageAway

log = logging.getLogger(__name__)

Json = dict[str, Any]

SCOPES = ("commands", "chat:write", "im:write", "im:history", "users:read", "files:write")
"""What the app asks for: to be called, to write, to read what is typed to it, names and zones, pictures."""

COOKIE = "rapport-install"

_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#1d1c1d}}
a{{color:#1264a3}}</style><main><h1>{title}</h1><p>{words}</p>{link}</main></html>"""


class OAuth:
    def __init__(
        self, settings: Slack, public_url: str, api: Api, workspaces: WorkspaceDirectory, clock: Clock
    ) -> None:
        self._settings = settings
        self._api = api
        self._workspaces = workspaces
        self._clock = clock
        self._install_url = f"{public_url}/slack/install"
        self._redirect_url = f"{public_url}/slack/oauth_redirect"
        root = urlsplit(settings.api_url)
        self._authorize_url = f"{root.scheme}://{root.netloc}/oauth/v2/authorize"

    @property
    def on(self) -> bool:
        return bool(self._settings.client_id and self._settings.client_secret)

    async def install(self, request: web.Request) -> web.Response:
        """To Slack's page, with a state that is good for one installation within ten minutes."""
        with speaking(_language(request)):
            if not self.on:
                return _page(404, _("Not set up"), _("This practice takes no installations into other workspaces."))
            try:
                state = await self._workspaces.new_state(self._clock.now())
            except StorageAway:
                return self._away()
        query = {
            "client_id": self._settings.client_id,
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self._redirect_url,
            "state": state,
        }
        answer = web.Response(status=302, headers={"Location": f"{self._authorize_url}?{urlencode(query)}"})
        # Somebody else's link, with a state that they began, ends nowhere in this browser.
        answer.set_cookie(
            COOKIE, state, max_age=int(STATE_LIFETIME.total_seconds()), path="/", httponly=True, samesite="Lax",
            secure=self._redirect_url.startswith("https:"),
        )  # fmt: skip
        return answer

    async def redirected(self, request: web.Request) -> web.Response:
        """Back from Slack's page, with a code or a refusal, in the browser that was sent there."""
        with speaking(_language(request)):
            state, code = request.query.get("state", ""), request.query.get("code", "")
            try:
                begun_here = _begun_here(request, state)
                if not self.on or not begun_here or not await self._workspaces.consume_state(state, self._clock.now()):
                    words = _("This installation was begun too long ago, ended already, or was not begun here.")
                    return self._again(400, words)
                if not code:
                    return self._again(400, _("The installation was cancelled. Nothing was changed."))
                return await self._exchange(code)
            except StorageAway:
                return self._away()

    async def _exchange(self, code: str) -> web.Response:
        asked = self._api.client().api_call(
            "oauth.v2.access",
            data={
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret,
                "code": code,
                "redirect_uri": self._redirect_url,
            },
        )
        try:
            answer = await self._api.run("oauth.v2.access", asked)
        except Refused as refused:
            log.warning("slack.install_refused", extra={"ids": {"why": refused.code}})
            return self._again(400, _("Slack did not accept this installation. Nothing was changed."))
        except NotDelivered:
            return self._again(502, _("Slack did not answer. Nothing was changed."))
        installation = _installation(answer)
        if installation is None:
            return self._again(400, _("Slack did not accept this installation. Nothing was changed."))
        state = await self._workspaces.installed(installation, self._clock.now())
        log.info("slack.installed", extra={"ids": {"workspace": installation.team_ref}})
        if state is WorkspaceState.CLOSED:
            words = _("The owner of the practice has closed this workspace, so nobody is answered there.")
            return _page(200, _("Installed, but closed"), words)
        query = {"team": installation.team_ref, "id": str(answer.get("app_id") or ""), "tab": "home"}
        link = (f"slack://app?{urlencode(query)}", _("Open Slack"))
        return _page(200, _("Installed"), _("The app is in your workspace now. Write to it, or open its Home."), link)

    def _again(self, status: int, words: str) -> web.Response:
        return _page(status, _("Not installed"), words, (self._install_url, _("Begin again")))

    def _away(self) -> web.Response:
        return _page(503, _("Try again"), _("I cannot reach my records right now. Nothing was changed."))


def _installation(answer: Json) -> Installation | None:
    """One for a whole organisation is kept under the organisation's id."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    place = enterprise if answer.get("is_enterprise_install") else team
    token, name = answer.get("access_token"), place.get("name")
    if not place.get("id") or not token:
        return None
    return Installation(
        team_ref=place["id"],
        team_name=one_line(clean(name)) if isinstance(name, str) and is_visible(clean(name)) else None,
        token=token,
        enterprise_ref=enterprise.get("id"),
        bot_user_ref=answer.get("bot_user_id"),
        installer_ref=(answer.get("authed_user") or {}).get("id"),
    )


def _language(request: web.Request) -> str:
    return known_language(request.headers.get("Accept-Language", "").split(",")[0].strip())


def _page(status: int, title: str, words: str, link: tuple[str, str] | None = None) -> web.Response:
    anchor = "" if link is None else f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>'
    text = _PAGE.format(language=current_language(), title=html.escape(title), words=html.escape(words), link=anchor)
    return web.Response(status=status, text=text, content_type="text/html")


def _begun_here(request: web.Request, state: str) -> bool:
    """Whether this browser may end what was begun with `state`.

    One that keeps no cookies may: the state is single-use, and whoever holds none could as well begin anew.
    """
    begun = request.cookies.get(COOKIE, state)
    return bool(state) and hmac.compare_digest(begun.encode(errors="replace"), state.encode(errors="replace"))
