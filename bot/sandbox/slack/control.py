"""The control routes under /_sandbox/slack/: through them any process acts as people and reads what they see."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.slack import events
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.errors import ApiError, CannotAct
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.lines import SocketLine
from bot.sandbox.slack.oauth import OAuth
from bot.sandbox.slack.people import People
from bot.sandbox.slack.screen import screen
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Json, Team

PREFIX = "/_sandbox/slack"
LONGEST_POLL = 25.0

Act = Callable[[Json], Awaitable[Json]]


class Control:
    def __init__(self, slack: Slack, delivery: Delivery, limits: RateLimits, sockets: SocketLine, oauth: OAuth) -> None:
        self._slack = slack
        self._delivery = delivery
        self._limits = limits
        self._sockets = sockets
        self._oauth = oauth
        self._people = People(slack, delivery)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        acts: Mapping[str, Act] = {
            "teams": self._add_team,
            "users": self._add_user,
            "channels": self._add_channel,
            "install": self._install,
            "uninstall": self._uninstall,
            "rotation": self._rotate,
            "settings": self._settings,
            "replay": self._replay,
            "disconnect": self._disconnect,
            "reset": self._reset,
            "say": self._people.say,
            "command": self._people.command,
            "click": self._people.click,
            "submit": self._people.submit,
            "close": self._people.close,
            "open_home": self._people.open_home,
            "profile": self._people.profile,
        }
        for name, act in acts.items():
            router.add_post(f"{PREFIX}/{name}", _route(act))
        router.add_get(f"{PREFIX}/state", self._state)
        router.add_get(f"{PREFIX}/events", self._feed)
        router.add_get(f"{PREFIX}/teams", self._teams)
        router.add_get(f"{PREFIX}/settings", self._show_settings)
        router.add_get(f"{PREFIX}/files/{{file}}", self._file)

    async def _add_team(self, act: Json) -> Json:
        """`name`; `domain` and `id` if they matter."""
        if act.get("id") in self._slack.teams:
            raise CannotAct("this team exists")
        domain = act.get("domain") or act["name"].lower().replace(" ", "-")
        return {"ok": True, "team": self._slack.add_team(act["name"], domain, act.get("id")).id}

    async def _add_user(self, act: Json) -> Json:
        """`team`, `name`, `real_name`; `tz` (None if absent), `locale`, `is_bot`, `id`."""
        team = self._team(act)
        if act.get("id") in team.users:
            raise CannotAct("this user exists")
        user = self._slack.add_user(
            team,
            act["name"],
            act.get("real_name") or act["name"],
            tz=act.get("tz"),
            locale=act.get("locale", "en-US"),
            is_bot=act.get("is_bot", False),
            user_id=act.get("id"),
        )
        return {"ok": True, "user": user.id}

    async def _add_channel(self, act: Json) -> Json:
        """A public channel: `team`, `name`, `members`; the bot is one of them if `bot` is true."""
        team = self._team(act)
        members = list(act.get("members", []))
        if act.get("bot") and team.installation:
            members.append(team.installation.bot_user)
        return {"ok": True, "channel": self._slack.add_channel(team, act["name"], members).id}

    async def _install(self, act: Json) -> Json:
        """Directly (with a `token` of one's own if wished), or as a person: `install_url` and `user`."""
        team = self._team(act)
        installer = act.get("user") or next((one.id for one in team.users.values() if not one.is_bot), "")
        landed: Json = {}
        if act.get("install_url"):
            landed = await self._oauth.install_like_a_person(act["install_url"], team.id, installer)
        else:
            self._slack.install(team, installer, act.get("token"))
        bot = team.installation
        known = {"token": bot.token, "bot_user": bot.bot_user, "bot_id": bot.bot_id} if bot else {}
        return {"ok": bot is not None, **known, **landed}

    async def _rotate(self, act: Json) -> Json:
        """Switch token rotation on (`on`), for installations from now on; as at Slack there is no way back."""
        self._oauth.rotation.on = bool(act.get("on", True))
        return {"ok": True}

    async def _uninstall(self, act: Json) -> Json:
        """`events` is the order of arrival, app_uninstalled first by default; `revoked` true revokes the token only."""
        team = self._team(act)
        bot = team.installation
        if bot is None:
            raise CannotAct("not installed")
        made = {
            "app_uninstalled": events.app_uninstalled(self._slack),
            "tokens_revoked": events.tokens_revoked(self._slack, bot),
        }
        self._slack.uninstall(team, revoked=bool(act.get("revoked")))
        usual = ["tokens_revoked"] if act.get("revoked") else ["app_uninstalled", "tokens_revoked"]
        told = [(await self._delivery.event(team, bot, made[name])).status for name in act.get("events", usual)]
        return {"ok": True, "statuses": told}

    async def _settings(self, act: Json) -> Json:
        """Any field of DeliverySettings or RateLimits by its name."""
        for name, value in act.items():
            holder = next((one for one in (self._delivery.settings, self._limits) if hasattr(one, name)), None)
            if holder is None or name.startswith("_"):
                raise CannotAct(f"no setting {name}")
            known = getattr(holder, name)
            fixed = frozenset(value) if name in ("subscriptions", "commands") and value is not None else value
            setattr(holder, name, tuple(value) if isinstance(known, tuple) else fixed)
        if not self._delivery.settings.reorder:
            self._delivery.release()
        return {"ok": True}

    async def _show_settings(self, _request: web.Request) -> web.Response:
        """DeliverySettings as they stand; `commands` is what a page may offer after a slash."""
        known = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in vars(self._delivery.settings).items()
        }
        return web.json_response({"ok": True, "settings": known})

    async def _replay(self, act: Json) -> Json:
        """`kind` is events_api, slash_commands or interactive."""
        answer = await self._delivery.replay(act["kind"])
        return {"ok": answer.fault is None, "status": answer.status, "body": answer.body}

    async def _disconnect(self, act: Json) -> Json:
        return {"ok": True, "told": await self._sockets.disconnect(act.get("reason", "refresh_requested"))}

    async def _reset(self, _act: Json) -> Json:
        """An empty Slack; settings stay."""
        for store in (self._slack.teams, self._slack.tokens, self._slack.files):
            store.clear()
        self._slack.feed.add("reset", "")
        return {"ok": True}

    async def _state(self, request: web.Request) -> web.Response:
        team = self._slack.teams.get(request.query.get("team", ""))
        user = team.users.get(request.query.get("user", "")) if team else None
        if team is None or user is None:
            return web.json_response({"ok": False, "error": "no such person"}, status=404)
        return web.json_response({"ok": True, **screen(self._slack, team, user)})

    async def _feed(self, request: web.Request) -> web.Response:
        """Changes after `after`; waits up to `wait` seconds for the first."""
        wait = min(float(request.query.get("wait", LONGEST_POLL)), LONGEST_POLL)
        changes = await self._slack.feed.after(int(request.query.get("after", 0)), wait)
        return web.json_response({"ok": True, "changes": changes, "cursor": self._slack.feed.last})

    async def _teams(self, _request: web.Request) -> web.Response:
        shown = [
            {
                "id": team.id,
                "name": team.name,
                "installed": team.installation is not None,
                "users": [
                    {"id": user.id, "name": user.name, "real_name": user.real_name, "is_bot": user.is_bot}
                    for user in team.users.values()
                ],
            }
            for team in self._slack.teams.values()
        ]
        return web.json_response({"ok": True, "teams": shown})

    async def _file(self, request: web.Request) -> web.Response:
        """The bytes without a token, for the page."""
        file = self._slack.files.get(request.match_info["file"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    def _team(self, act: Json) -> Team:
        team = self._slack.teams.get(act.get("team", ""))
        if team is None:
            raise CannotAct("no such team")
        return team


def _route(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """400 with the reason where the client would not let the person act."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await act(await request.json()))
        except (CannotAct, ApiError) as refusal:
            return web.json_response({"ok": False, "error": str(refusal)}, status=400)
        except KeyError as missing:
            return web.json_response({"ok": False, "error": f"missing: {missing}"}, status=400)
        except ValueError as malformed:
            return web.json_response({"ok": False, "error": str(malformed)}, status=400)

    return handle
