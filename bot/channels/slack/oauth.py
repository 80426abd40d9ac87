"""Installs the app into a workspace: GET /slack/install, and GET or POST /slack/oauth_redirect."""

import hmac
import html
import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from yarl import query_to_pairs

from bot.channels.slack.api import Api, Refused
from bot.channels.slack.install_state import LIFETIME, InstallState
from bot.channels.slack.ports import WorkspaceDirectory
from bot.chat.channel import NotDelivered
from bot.chat.clean import clean
from bot.chat.words import _, current_language, speaking
from bot.clock import Clock
from bot.config import Slack
from bot.domain.people.names import is_visible, one_line
from bot.domain.practice.workspaces import WorkspaceState
from bot.http_body import read_body
from bot.pages import language
from bot.pages.headers import HEADERS, HEADERS_WITH_A_FORM, STYLE
from bot.services.practice.workspaces import Installation
from storage.engine import StorageAway

log = logging.getLogger(__name__)

Json = dict[str, Any]

SCOPES = ("commands", "chat:write", "im:write", "im:history", "users:read", "files:write")
"""What the app asks for: to be called, to write, to read what is typed to it, names and zones, pictures."""

COOKIE = "rapport-install"
FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 8 * 1024

_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<link rel="icon" href="data:,"><style>{style}</style><main><h1>{title}</h1><p>{words}</p>{link}</main></html>"""


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
        self._states = InstallState(settings.client_secret or "")
        own = urlsplit(public_url)
        self._origin = f"{own.scheme}://{own.netloc}"
        root = urlsplit(settings.api_url)
        self._authorize_url = f"{root.scheme}://{root.netloc}/oauth/v2/authorize"

    @property
    def on(self) -> bool:
        return bool(self._settings.client_id and self._settings.client_secret)

    async def install(self, request: web.Request) -> web.Response:
        """To Slack's page, with a state that is good for ten minutes."""
        if not self.on:
            with speaking(language.of_browser(request.headers)):
                return _page(404, _("Not set up"), _("This practice takes no installations into other workspaces."))
        state = self._states.new(self._clock.now())
        query = {
            "client_id": self._settings.client_id,
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self._redirect_url,
            "state": state,
        }
        answer = web.Response(status=302, headers={**HEADERS, "Location": f"{self._authorize_url}?{urlencode(query)}"})
        answer.set_cookie(
            COOKIE, state, max_age=int(LIFETIME.total_seconds()), path="/", httponly=True, samesite="Lax",
            secure=self._redirect_url.startswith("https:"),
        )  # fmt: skip
        return answer

    async def redirected(self, request: web.Request) -> web.Response:
        """Back from Slack's page, with a code or a refusal. A browser that was not sent there is asked first.

        Somebody else's link, with a state that they began, so ends nowhere in this browser unless a person wants it.
        """
        with speaking(language.of_browser(request.headers)):
            state, code = request.query.get("state", ""), request.query.get("code", "")
            begun = _cookie(request)
            if not self._may_end(state, begun):
                words = _("This installation was begun too long ago, ended already, or was not begun here.")
                return self._again(400, words)
            if not code:
                return self._ended(self._again(400, _("The installation was cancelled. Nothing was changed.")))
            if begun is None:
                return self._ask(state, code)
            return self._ended(await self._exchange(code))

    async def confirmed(self, request: web.Request) -> web.Response:
        """The answer to that question: a tap on our own page, and no form of another site that sends itself."""
        with speaking(language.of_browser(request.headers)):
            if not self._from_our_page(request) or request.content_type != FORM:
                return self._again(400, _("This installation was not begun here. Nothing was changed."))
            form = dict(query_to_pairs((await read_body(request, MAX_FORM_BYTES) or b"").decode(errors="replace")))
            state, code = form.get("state", ""), form.get("code", "")
            if not code or not self._may_end(state, _cookie(request)):
                words = _("This installation was begun too long ago, ended already, or was not begun here.")
                return self._again(400, words)
            return self._ended(await self._exchange(code))

    def _may_end(self, state: str, begun: str | None) -> bool:
        """Whether the state is ours, in time, and of no other installation than the one that this browser began."""
        if not self.on or not self._states.holds(state, self._clock.now()):
            return False
        return begun is None or hmac.compare_digest(begun.encode(errors="replace"), state.encode())

    def _from_our_page(self, request: web.Request) -> bool:
        """Browsers say which site a form stands on; older ones only by `Origin`."""
        site = request.headers.get("Sec-Fetch-Site")
        return site == "same-origin" if site else request.headers.get("Origin") == self._origin

    def _ask(self, state: str, code: str) -> web.Response:
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in (("state", state), ("code", code))
        )
        install = html.escape(_("Install it"))
        button = f"<button>{install}</button>"
        # Relative: it goes to wherever this page came from, which is all that its headers allow.
        form = f'<form method="post" action="oauth_redirect">{hidden}{button}</form>'
        words = _(
            "This browser does not remember that you began an installation. Go on only if you did, a moment ago; "
            "otherwise close this page, and nothing happens."
        )
        return _page(200, _("Install the app?"), words, form=form)

    def _ended(self, answer: web.Response) -> web.Response:
        """What was begun in this browser is over: its state ends nothing else here without a question."""
        answer.del_cookie(COOKIE, path="/")
        return answer

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
        installation = _installation(answer, self._clock.now())
        if installation is None:
            return self._again(400, _("Slack did not accept this installation. Nothing was changed."))
        try:
            state = await self._workspaces.installed(installation, self._clock.now())
        except StorageAway:
            return self._away()
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


def _installation(answer: Json, now: datetime) -> Installation | None:
    """One for a whole organisation is kept under the organisation's id."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    place = enterprise if answer.get("is_enterprise_install") else team
    token, name = answer.get("access_token"), place.get("name")
    if not place.get("id") or not token:
        return None
    refresh, seconds = answer.get("refresh_token"), answer.get("expires_in")
    ends = None
    if isinstance(refresh, str) and isinstance(seconds, int):  # the app has token rotation on
        ends = now + timedelta(seconds=seconds)
    return Installation(
        refresh_token=None if ends is None else refresh,
        ends_at=ends,
        team_ref=place["id"],
        team_name=one_line(clean(name)) if isinstance(name, str) and is_visible(clean(name)) else None,
        token=token,
        enterprise_ref=enterprise.get("id"),
        bot_user_ref=answer.get("bot_user_id"),
        installer_ref=(answer.get("authed_user") or {}).get("id"),
    )


def _cookie(request: web.Request) -> str | None:
    """Our own cookie, found without a parser: aiohttp's takes fourteen milliseconds for 8,000 letters of no cookie."""
    pairs = (each.strip().partition("=") for each in request.headers.get("Cookie", "").split(";"))
    return next((value for name, _equals, value in pairs if name == COOKIE), None)


def _page(status: int, title: str, words: str, link: tuple[str, str] | None = None, *, form: str = "") -> web.Response:
    """`form` is HTML below the words."""
    anchor = "" if link is None else f'<p class="row"><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>'
    said = {"title": html.escape(title), "words": html.escape(words)}
    text = _PAGE.format(language=current_language(), style=STYLE, **said, link=anchor + form)
    headers = HEADERS_WITH_A_FORM if form else HEADERS
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)
