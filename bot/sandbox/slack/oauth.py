"""Installs the app by OAuth: the page where a member allows it, and the exchange of the code."""

import hmac
import html
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from aiohttp import web
from yarl import URL

from bot.sandbox.slack.errors import ApiError, CannotAct
from bot.sandbox.slack.rotation import Rotation, answer
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Json

CODE_LIFE = timedelta(minutes=10)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Add {app} to Slack</title>
<style>body{{font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:12vh auto;padding:0 1rem;color:#1d1c1d}}
button,select{{font:inherit;padding:.6rem 1.2rem;border-radius:6px;border:1px solid #868686;background:#fff}}
.allow{{background:#007a5a;color:#fff;border-color:#007a5a}}label{{display:block;margin:1rem 0}}</style>
<main><h1>{app} asks for access</h1><p>It will be able to use: {scopes}</p>
<form method="post">{hidden}<label>Install as <select name="who">{people}</select></label>
<button class="allow" name="answer" value="allow">Allow</button> <button name="answer" value="cancel">Cancel</button>
</form></main></html>"""


@dataclass
class Code:
    team_id: str
    user: str
    redirect_uri: str
    until: datetime
    used: bool = False


class OAuth:
    def __init__(self, slack: Slack, rotation: Rotation) -> None:
        self._slack = slack
        self.rotation = rotation
        self._codes: dict[str, Code] = {}

    async def page(self, request: web.Request) -> web.Response:
        """GET /oauth/v2/authorize."""
        asked = self._asked(request.query)
        people = [
            _option(f"{team.id}/{user.id}", f"{user.real_name} in {team.name}")
            for team in self._slack.teams.values()
            for user in team.users.values()
            if not user.is_bot
        ]
        hidden = [f'<input type="hidden" name="{name}" value="{html.escape(asked[name])}">' for name in asked]
        text = PAGE.format(
            app=html.escape(self._slack.app.name),
            scopes=html.escape(asked["scope"].replace(",", ", ")),
            hidden="".join(hidden),
            people="".join(people),
        )
        return web.Response(text=text, content_type="text/html")

    async def allow(self, request: web.Request) -> web.Response:
        """POST /oauth/v2/authorize: back to the app with a code, or with access_denied."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = self._asked(form)
        if form.get("answer") != "allow":
            back = {"error": "access_denied", "state": asked["state"]}
        else:
            team_id, _, user = form.get("who", "").partition("/")
            if team_id not in self._slack.teams or user not in self._slack.teams[team_id].users:
                raise web.HTTPBadRequest(text="no such person")
            back = {"code": self._code(team_id, user, asked["redirect_uri"]), "state": asked["state"]}
        return web.Response(status=302, headers={"Location": _with_query(asked["redirect_uri"], back)})

    async def install_like_a_person(self, install_url: str, team_id: str, user: str) -> Json:
        """Follow the app's install address to the page, press Allow, and go back with the browser's cookies."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(install_url, allow_redirects=False) as first:
                target = first.headers.get("Location") or _link_to_authorize(await first.text())
            if not target:
                raise CannotAct("the install address leads to no authorize page")
            form = dict(URL(target).query) | {"who": f"{team_id}/{user}", "answer": "allow"}
            action = f"{self._slack.origin}/oauth/v2/authorize"
            async with browser.post(action, data=form, allow_redirects=False) as allowed:
                back = allowed.headers.get("Location")
                if back is None:
                    raise CannotAct(f"not allowed: {await allowed.text()}")
            async with browser.get(URL(back, encoded=True)) as landed:
                return {"status": landed.status, "body": await landed.text()}

    def exchange(self, args: Json) -> Json:
        """oauth.v2.access for a code: single use, ten minutes, the same redirect_uri; or for a refresh token."""
        if args.get("grant_type") == "refresh_token":
            return self.rotation.refresh(args)
        app = self._slack.app
        if args.get("client_id") != app.client_id:
            raise ApiError("invalid_client_id")
        if not hmac.compare_digest(str(args.get("client_secret", "")), app.client_secret):
            raise ApiError("bad_client_secret")
        unknown = set(args) - {"client_id", "client_secret", "code", "redirect_uri", "grant_type"}
        if unknown:
            raise ApiError("invalid_arguments", [f"[ERROR] unknown argument: {name}" for name in sorted(unknown)])
        code = self._codes.get(str(args.get("code", "")))
        if code is None or self._slack.clock.now() > code.until:
            raise ApiError("invalid_code")
        if code.used:
            raise ApiError("code_already_used")
        if args.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise ApiError("bad_redirect_uri")
        code.used = True
        team = self._slack.teams[code.team_id]
        installed = self._slack.install(team, code.user)
        pair = self.rotation.issue(installed)
        return {**answer(self._slack, installed, pair), "authed_user": {"id": code.user}}

    def _asked(self, query: object) -> dict[str, str]:
        given = {name: str(value) for name, value in dict(query).items()}  # type: ignore[call-overload]
        if given.get("client_id") != self._slack.app.client_id:
            raise web.HTTPBadRequest(text="invalid_client_id")
        if urlsplit(given.get("redirect_uri", "")).scheme not in ("http", "https"):
            raise web.HTTPBadRequest(text="bad_redirect_uri")
        if not given.get("scope"):
            raise web.HTTPBadRequest(text="invalid_scope_requested")
        return {name: given.get(name, "") for name in ("client_id", "scope", "user_scope", "state", "redirect_uri")}

    def _code(self, team_id: str, user: str, redirect_uri: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(team_id, user, redirect_uri, self._slack.clock.now() + CODE_LIFE)
        return code


def _option(value: str, words: str) -> str:
    return f'<option value="{html.escape(value)}">{html.escape(words)}</option>'


def _with_query(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode(more)]))
    return urlunsplit(parts._replace(query=query))


def _link_to_authorize(page: str) -> str | None:
    """The first link to an authorize page in the app's install page."""
    for piece in page.split('href="')[1:]:
        target = html.unescape(piece.partition('"')[0])
        if "/oauth/v2/authorize" in target:
            return target
    return None
