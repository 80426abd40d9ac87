"""views.*: modals and App Home."""

from typing import Any

from bot.sandbox.slack.blocks.block_kit import accepted, check_view, too_large
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.inputs import initial_values, kept_values
from bot.sandbox.slack.methods.method import ApiCall, Kind, Method
from bot.sandbox.slack.shapes import view_object
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.workspace import Json, Team, View

DEEPEST = 3
"""A root view and two pushed on it."""


def checked_modal(slack: Slack, team: Team, body: Any, replaces: View | None = None) -> Json:
    """A modal that may be shown, ids filled in; ApiError invalid_arguments, view_too_large or a doubled id."""
    _refuse_wrong(check_view(body, "modal"), body)
    external = body.get("external_id")
    open_ones = [view for stack in team.stacks.values() for view in stack if view is not replaces]
    if external and any(view.external_id == external for view in open_ones):
        raise ApiError("duplicate_external_id")
    return {**body, "blocks": accepted(body["blocks"], slack.new_local_id)}


def put_on_stack(slack: Slack, team: Team, user: str, body: Json, *, as_root: bool) -> View:
    """Show a checked modal; as root it takes the place of whatever was open."""
    stack = [] if as_root else team.stack(user)
    if len(stack) >= DEEPEST:
        raise ApiError("push_limit_reached")
    own = slack.new_id("V")
    root, previous = (stack[0].id, stack[-1].id) if stack else (own, None)
    view = View(own, team.id, user, body, slack.new_hash(), root, previous, initial_values(body["blocks"]))
    team.stacks[user] = [*stack, view]
    slack.feed.add("modal", team.id, user, view=view.id)
    return view


def replace_body(slack: Slack, team: Team, view: View, body: Json) -> None:
    """What the person already chose stays where block_id and action_id stay."""
    view.values = kept_values(view.values, body["blocks"])
    view.body, view.hash, view.errors = body, slack.new_hash(), {}
    slack.feed.add("modal", team.id, view.user, view=view.id)


def open_view(call: ApiCall) -> Json:
    body = checked_modal(call.slack, call.team, call.args["view"])
    trigger = call.slack.triggers.find(call.args["trigger_id"], call.team.id)
    trigger.used = True
    view = put_on_stack(call.slack, call.team, trigger.user, body, as_root=True)
    return {"view": view_object(call.slack, view, call.bot.bot_id)}


def push(call: ApiCall) -> Json:
    body = checked_modal(call.slack, call.team, call.args["view"])
    trigger = call.slack.triggers.find(call.args["trigger_id"], call.team.id)
    if trigger.view is None or not call.team.stack(trigger.user):
        raise ApiError("invalid_trigger_id", ["[ERROR] the trigger does not come from an open modal"])
    view = put_on_stack(call.slack, call.team, trigger.user, body, as_root=False)
    trigger.used = True
    return {"view": view_object(call.slack, view, call.bot.bot_id)}


def update(call: ApiCall) -> Json:
    view = _wanted(call)
    if "hash" in call.args and call.args["hash"] != view.hash:
        raise ApiError("hash_conflict")
    replace_body(call.slack, call.team, view, checked_modal(call.slack, call.team, call.args["view"], view))
    return {"view": view_object(call.slack, view, call.bot.bot_id)}


def publish(call: ApiCall) -> Json:
    user, body = call.user("user_id"), call.args["view"]
    _refuse_wrong(check_view(body, "home"), body)
    known = call.team.homes.get(user.id)
    if "hash" in call.args and (known is None or call.args["hash"] != known.hash):
        raise ApiError("hash_conflict")
    slack = call.slack
    body = {**body, "blocks": accepted(body["blocks"], slack.new_local_id)}
    own = known.id if known else slack.new_id("V")
    values = kept_values(known.values if known else {}, body["blocks"])
    view = View(own, call.team.id, user.id, body, slack.new_hash(), own, None, values)
    call.team.homes[user.id] = view
    slack.feed.add("home", call.team.id, user.id)
    return {"view": view_object(slack, view, call.bot.bot_id)}


def _wanted(call: ApiCall) -> View:
    wanted, external = call.args.get("view_id"), call.args.get("external_id")
    if bool(wanted) == bool(external):
        raise ApiError("invalid_arguments", ["[ERROR] exactly one of view_id and external_id is required"])
    for view in (view for stack in call.team.stacks.values() for view in stack):
        if (wanted and view.id == wanted) or (external and view.external_id == external):
            return view
    raise ApiError("not_found")


def _refuse_wrong(wrong: list[str], body: Any) -> None:
    if wrong:
        raise ApiError("invalid_arguments", wrong)
    if too_large(body):
        raise ApiError("view_too_large")


_SHOWN: dict[str, Kind] = {"trigger_id": "str", "view": "json"}
METHODS: dict[str, Method] = {
    "views.open": Method(open_view, _SHOWN, ("trigger_id", "view"), 100),
    "views.push": Method(push, _SHOWN, ("trigger_id", "view"), 100),
    "views.update": Method(
        update, {"view": "json", "view_id": "str", "external_id": "str", "hash": "str"}, ("view",), 100
    ),
    "views.publish": Method(publish, {"user_id": "str", "view": "json", "hash": "str"}, ("user_id", "view"), 100),
}
