"""conversations.*: opening, reading and listing channels."""

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.method import ApiCall, Method, paged
from bot.sandbox.slack.shapes import channel_object, message_object
from bot.sandbox.slack.workspace import Json


def open_direct(call: ApiCall) -> Json:
    """The direct message with one person; several at once are not modelled."""
    if "channel" in call.args:
        channel = call.joined_channel()
        return {"no_op": True, "already_open": True, "channel": channel_object(call.team, channel, brief=True)}
    wanted = call.args.get("users", "").split(",")
    if wanted == [""]:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: users"])
    if len(wanted) > 1:
        raise ApiError("invalid_arguments", ["[ERROR] one user only [json-pointer:/users]"])
    user = call.team.users.get(wanted[0])
    if user is None:
        raise ApiError("user_not_found")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    known = call.team.direct(user.id) is not None
    channel = call.slack.direct(call.team, user.id)
    brief = not call.args.get("return_im")
    answer = {"channel": channel_object(call.team, channel, brief=brief)}
    return {**answer, "no_op": True, "already_open": True} if known else answer


def info(call: ApiCall) -> Json:
    shown = channel_object(call.team, call.channel())
    if call.args.get("include_num_members"):
        shown["num_members"] = len(call.channel().members)
    if call.args.get("include_locale"):
        shown["locale"] = "en-US"
    return {"channel": shown}


def history(call: ApiCall) -> Json:
    """Newest first, without ephemerals; `oldest` and `latest` exclude their own moment unless `inclusive`."""
    channel = call.joined_channel()
    oldest, latest = call.args.get("oldest", "0"), call.args.get("latest", "9999999999.999999")
    inclusive = call.args.get("inclusive", False)
    try:
        low, high = float(oldest), float(latest)
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None
    chosen = [
        message
        for message in reversed(channel.messages)
        if message.only_for is None
        and (low < float(message.ts) < high or (inclusive and message.ts in (oldest, latest)))
    ]
    metadata = call.args.get("include_all_metadata", False)
    shown = [message_object(call.slack, call.team, message, metadata=metadata) for message in chosen]
    page, cursor = paged(shown, call.args, 100)
    answer: Json = {"messages": page, "has_more": bool(cursor), "pin_count": 0}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def members(call: ApiCall) -> Json:
    everyone = [{"id": member} for member in call.channel().members]
    page, cursor = paged(everyone, call.args, 100)
    return {"members": [one["id"] for one in page], "response_metadata": {"next_cursor": cursor}}


def list_all(call: ApiCall) -> Json:
    wanted = set(call.args.get("types", "public_channel").split(","))
    unknown = wanted - {"public_channel", "private_channel", "mpim", "im"}
    if unknown:
        raise ApiError("invalid_types")
    chosen = [
        channel_object(call.team, channel)
        for channel in call.team.channels.values()
        if ("im" if channel.is_im else "public_channel") in wanted
    ]
    page, cursor = paged(chosen, call.args, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


METHODS: dict[str, Method] = {
    "conversations.open": Method(open_direct, {"channel": "str", "users": "str", "return_im": "bool"}, (), 50),
    "conversations.info": Method(
        info, {"channel": "str", "include_locale": "bool", "include_num_members": "bool"}, ("channel",), 50
    ),
    "conversations.history": Method(
        history,
        {
            "channel": "str",
            "cursor": "str",
            "inclusive": "bool",
            "include_all_metadata": "bool",
            "latest": "str",
            "limit": "int",
            "oldest": "str",
        },
        ("channel",),
        50,
    ),
    "conversations.members": Method(members, {"channel": "str", "cursor": "str", "limit": "int"}, ("channel",), 100),
    "conversations.list": Method(
        list_all,
        {"cursor": "str", "exclude_archived": "bool", "limit": "int", "types": "str"},
        (),
        20,
    ),
}
