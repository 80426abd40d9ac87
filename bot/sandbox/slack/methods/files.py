"""files.*: an upload in three steps (ask for an address, send the bytes, complete)."""

import mimetypes

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.chat import add_message, bot_message
from bot.sandbox.slack.methods.method import ApiCall, Method
from bot.sandbox.slack.shapes import file_object
from bot.sandbox.slack.workspace import Json, UploadedFile


def get_upload_url(call: ApiCall) -> Json:
    name, length = call.args["filename"], call.args["length"]
    if length < 1:
        raise ApiError("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    slack = call.slack
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    about = call.args.get("alt_txt", "")
    file = UploadedFile(slack.new_id("F"), call.team.id, name, length, name, about, slack.seconds(), mimetype=kind)
    slack.files[file.id] = file
    return {"upload_url": f"{slack.origin}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: ApiCall) -> Json:
    """Without a channel the file stays private; with one it arrives there as a message."""
    files = [_arrived(call, one) for one in _entries(call.args["files"])]
    wanted = call.args.get("channel_id") or call.args.get("channels", "")
    for channel_id in filter(None, wanted.split(",")):
        channel = call.team.channels.get(channel_id)
        if channel is None or call.bot.bot_user not in channel.members:
            raise ApiError("channel_not_found")
        for file in files:
            file.channels.append(channel_id)
        message = bot_message(call.slack, call.bot, channel, call.args.get("initial_comment", ""), [])
        message.files = [file.id for file in files]
        message.thread_ts = call.args.get("thread_ts")
        add_message(call.slack, call.team, channel, message)
    for file in files:
        file.done = True
    return {"files": [file_object(call.slack, file) for file in files]}


def _entries(given: object) -> list[Json]:
    entries = given if isinstance(given, list) else []
    if not entries or not all(isinstance(one, dict) and "id" in one for one in entries):
        raise ApiError("invalid_arguments", ["[ERROR] must be an array of {id, title} [json-pointer:/files]"])
    return entries


def _arrived(call: ApiCall, entry: Json) -> UploadedFile:
    file = call.slack.files.get(entry["id"])
    if file is None or file.team_id != call.team.id:
        raise ApiError("file_not_found")
    if file.content is None or file.done:
        raise ApiError("invalid_arguments", ["[ERROR] the file was not uploaded, or already completed"])
    file.title = entry.get("title") or file.title
    return file


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": Method(
        get_upload_url,
        {"filename": "str", "length": "int", "alt_txt": "str", "snippet_type": "str"},
        ("filename", "length"),
        100,
    ),
    "files.completeUploadExternal": Method(
        complete_upload,
        {
            "files": "json",
            "channel_id": "str",
            "channels": "str",
            "initial_comment": "str",
            "thread_ts": "str",
        },
        ("files",),
        100,
    ),
}
