"""auth.*, users.*, team.*, apps.uninstall: who is there, and the end of an installation."""

import hmac

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.events import app_uninstalled, tokens_revoked
from bot.sandbox.slack.methods.method import ApiCall, Method, paged
from bot.sandbox.slack.shapes import team_object, user_object
from bot.sandbox.slack.workspace import Json


def auth_test(call: ApiCall) -> Json:
    return {
        "url": f"https://{call.team.domain}.slack.com/",
        "team": call.team.name,
        "user": call.team.users[call.bot.bot_user].name,
        "team_id": call.team.id,
        "user_id": call.bot.bot_user,
        "bot_id": call.bot.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: ApiCall) -> Json:
    if call.args.get("test"):
        return {"revoked": False}
    call.slack.announce(call.team, tokens_revoked(call.slack, call.bot))
    call.slack.uninstall(call.team, revoked=True)
    return {"revoked": True}


def apps_uninstall(call: ApiCall) -> Json:
    app = call.slack.app
    if call.args["client_id"] != app.client_id:
        raise ApiError("invalid_client_id")
    if not hmac.compare_digest(call.args["client_secret"], app.client_secret):
        raise ApiError("bad_client_secret")
    call.slack.announce(call.team, tokens_revoked(call.slack, call.bot))
    call.slack.announce(call.team, app_uninstalled(call.slack))
    call.slack.uninstall(call.team)
    return {}


def users_info(call: ApiCall) -> Json:
    user, locale = call.user("user"), call.args.get("include_locale", False)
    return {"user": user_object(user, call.slack.clock.now(), locale=locale)}


def users_list(call: ApiCall) -> Json:
    now, locale = call.slack.clock.now(), call.args.get("include_locale", False)
    everyone = [user_object(user, now, locale=locale) for user in call.team.users.values()]
    page, cursor = paged(everyone, call.args, 1000)
    return {"members": page, "cache_ts": call.slack.seconds(), "response_metadata": {"next_cursor": cursor}}


def team_info(call: ApiCall) -> Json:
    if call.args.get("team", call.team.id) != call.team.id:
        raise ApiError("team_not_found")
    return {"team": team_object(call.team)}


METHODS: dict[str, Method] = {
    "auth.test": Method(auth_test, {}),
    "auth.revoke": Method(auth_revoke, {"test": "bool"}, (), 50),
    "apps.uninstall": Method(
        apps_uninstall, {"client_id": "str", "client_secret": "str"}, ("client_id", "client_secret"), 1
    ),
    "users.info": Method(users_info, {"user": "str", "include_locale": "bool"}, ("user",), 100),
    "users.list": Method(users_list, {"cursor": "str", "include_locale": "bool", "limit": "int"}, (), 20),
    "team.info": Method(team_info, {"team": "str", "domain": "str"}, (), 50),
}
