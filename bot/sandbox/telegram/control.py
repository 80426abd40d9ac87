"""The control routes under /_sandbox/telegram/, by which tests and the simulator's page act as people.

JSON in, JSON out; 400 for a body that does not fit, 404 for an unknown person or chat, and 409 with `error` for
what a real client would not let the person do.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from typing import Any

from aiohttp import web

from bot.sandbox.telegram import people
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import Refusal
from bot.sandbox.telegram.flood import UNLIMITED, Flood, FloodLimits
from bot.sandbox.telegram.invoices import LINK
from bot.sandbox.telegram.people import Impossible, Place
from bot.sandbox.telegram.state import Chat, User
from bot.sandbox.telegram.view import chat_view
from bot.sandbox.telegram.world import World

ROOT = "/_sandbox/telegram"
MAX_WAIT = 30.0
FIRST_USER_ID = 1001

Act = Callable[[World, Args], dict[str, Any]]


def create_user(world: World, body: Args) -> dict[str, Any]:
    """`first_name` and, as one likes, `id`, `last_name`, `username`, `language_code`, `is_bot`."""
    user_id = body.pop("id", None) or max([FIRST_USER_ID - 1, *(world.users.keys() - {world.bot.id})]) + 1
    if user_id in world.users:
        raise Impossible(f"there is a user {user_id} already")
    user = User(id=user_id, **body)
    world.add_user(user)
    return {"user": user.wire()}


def change_user(world: World, body: Args) -> dict[str, Any]:
    user = _user(world, body.pop("user"))
    people.change_profile(world, user, body)
    return {"user": user.wire()}


def create_group(world: World, body: Args) -> dict[str, Any]:
    members = {_user(world, member).id for member in body.get("members", [])}
    chat = people.make_group(world, _user(world, body["user"]), body["title"], members)
    return {"chat_id": chat.id}


def remove_bot(world: World, body: Args) -> dict[str, Any]:
    people.remove_bot(world, _user(world, body["user"]), _chat(world, body))
    return {}


def say(world: World, body: Args) -> dict[str, Any]:
    """`user`, `text`; `chat` for a group, `reply_to` for a message id (0: no reply to an open prompt)."""
    user = _user(world, body["user"])
    message = people.say(world, user, _chat(world, body), body["text"], body.get("reply_to"))
    return {"message_id": message.message_id}


def edit(world: World, body: Args) -> dict[str, Any]:
    user = _user(world, body["user"])
    people.edit_own(world, user, _chat(world, body), body["message_id"], body["text"])
    return {}


def start(world: World, body: Args) -> dict[str, Any]:
    message = people.start(world, _user(world, body["user"]), body.get("payload", ""))
    return {"message_id": message.message_id}


def tap(world: World, body: Args) -> dict[str, Any]:
    """`user`, `message_id` and a button: `row` and `col`, `text` or `data`; `forge` for any data."""
    place = Place(body.get("row"), body.get("col"), body.get("text"), body.get("data"))
    user, forge = _user(world, body["user"]), body.get("forge", False)
    return people.tap(world, user, _chat(world, body), body["message_id"], place, forge)


def pay(world: World, body: Args) -> dict[str, Any]:
    """`user`, and the `slug` or the `link` of an invoice; `checkout` tells what becomes of it."""
    slug = body["slug"] if "slug" in body else body["link"].removeprefix(LINK)
    return {"checkout": people.pay(world, _user(world, body["user"]), slug).id}


def checkout(world: World, body: Args) -> dict[str, Any]:
    """`checkout`: its `state`, waits, refused or paid, and `why`."""
    begun = world.till.checkouts[body["checkout"]]
    return {"state": begun.state, "why": begun.why}


def block(world: World, body: Args) -> dict[str, Any]:
    people.block(world, _user(world, body["user"]))
    return {}


def unblock(world: World, body: Args) -> dict[str, Any]:
    people.unblock(world, _user(world, body["user"]))
    return {}


def set_options(world: World, body: Args) -> dict[str, Any]:
    """Any of DeliveryOptions, and `flood`: `strict` or `off`; answers with all of them as they are now."""
    options = world.delivery.options
    known = {option.name for option in fields(options)}
    flood = body.pop("flood", None)
    if not body.keys() <= known or flood not in (None, "strict", "off"):
        raise ValueError(f"options are {sorted(known)} and flood (strict, off)")
    if flood is not None:
        world.flood = Flood(FloodLimits() if flood == "strict" else UNLIMITED)
    for name, value in body.items():
        setattr(options, name, value)
    world.delivery.wake()
    return asdict(options)


ACTS: dict[str, Act] = {
    "users": create_user,
    "profile": change_user,
    "groups": create_group,
    "remove_bot": remove_bot,
    "say": say,
    "edit": edit,
    "start": start,
    "tap": tap,
    "pay": pay,
    "checkout": checkout,
    "block": block,
    "unblock": unblock,
    "options": set_options,
}


def add_routes(app: web.Application, world: World) -> None:
    for name, act in ACTS.items():
        app.router.add_post(f"{ROOT}/{name}", _route(world, act))
    app.router.add_get(f"{ROOT}/users", _show_users(world))
    app.router.add_get(f"{ROOT}/chats/{{user}}", _show_chat(world))
    app.router.add_get(f"{ROOT}/events", _show_events(world))


def _route(world: World, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **act(world, await request.json())})
        except (Impossible, Refusal) as impossible:
            return web.json_response({"ok": False, "error": str(impossible)}, status=409)
        except (KeyError, TypeError, ValueError) as wrong:
            return web.json_response({"ok": False, "error": repr(wrong)}, status=400)

    return answer


def _show_users(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        """Everyone, and the groups that each is in."""
        groups = [chat for chat in world.chats.values() if chat.type == "supergroup"]
        users = [
            {
                **user.wire(),
                "started": world.chats[user.id].started,
                "groups": [{"id": chat.id, "title": chat.title} for chat in groups if user.id in chat.members],
            }
            for user in world.users.values()
        ]
        return web.json_response({"bot": world.bot.wire(), "users": users})

    return answer


def _show_chat(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        """The chat of a person with the bot, or the group in `?chat=`."""
        user = _user(world, request.match_info["user"])
        chat = _chat(world, {"user": user.id, **request.query})
        root = f"{request.scheme}://{request.host}{ROOT}/files"
        return web.json_response(chat_view(world, user, chat, root))

    return answer


def _show_events(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        """Changes numbered above `?after=`; waits up to `?timeout=` seconds (25 unless told) for the first."""
        after = int(request.query.get("after", 0))
        wait = min(float(request.query.get("timeout", 25)), MAX_WAIT)
        events = await world.events.after(after, wait)
        return web.json_response({"events": events, "last": world.events.last})

    return answer


def _user(world: World, user_id: Any) -> User:
    user = world.users.get(int(user_id))
    if user is None:
        raise web.HTTPNotFound(text=f"there is no user {user_id}")
    return user


def _chat(world: World, body: Args) -> Chat:
    chat = world.chats.get(int(body["chat"] if "chat" in body else body["user"]))
    if chat is None:
        raise web.HTTPNotFound(text=f"there is no chat {body.get('chat')}")
    return chat
