"""What Slack posts: events, commands, taps and filled forms, whole and broken."""

import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bot.chat.screen import Field, FieldKind, Form
from bot.domain.people.people import Profile
from tests.fuzz import values
from tests.fuzz.answers import answer, said_by
from tests.fuzz.offered import Everybody, Offered, address
from tests.fuzz.shots import NOTHING, Shot
from tests.fuzz.story import TEAM
from tests.fuzz.world import PUBLIC_CHANNEL, World
from tests.promises.posting import encoded

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
COMMANDS = (
    "/book", "/sessions", "/packages", "/gifts", "/calendar", "/settings", "/help", "/availability", "/today",
    "/clients", "/coach", "/setup", "/audit", "/rapport", "/rapport", "/start", "/nothing", "/", "//", "/BOOK",
    "/coach join", "/\u202ebook", "/ü",
)  # fmt: skip
OTHER_EVENTS = ("app_mention", "reaction_added", "team_join", "member_joined_channel", "im_created", "tea_was_made", "")
ENDS = ("app_uninstalled", "tokens_revoked")
OTHER_KINDS = (
    "shortcut", "message_action", "block_suggestion", "view_closed", "workflow_step_edit", "dialog_submission",
)  # fmt: skip


class SlackShots:
    """`number` makes ids that were not used before."""

    def __init__(self, rng: random.Random, world: World, everybody: Everybody, number: Iterator[int]) -> None:
        self._rng = rng
        self._world = world
        self._everybody = everybody
        self._own = [own for who, own in everybody.items() if who.platform.value == "slack"]
        self._number = number

    def make(self) -> Shot:
        own = self._rng.choice(self._own)
        makers = (self._event, self._command, self._tap, self._tap, self._tap, self._form, self._form, self._odd)
        return self._rng.choice(makers)(own)

    def _shot(self, kind: str, own: Offered, payload: Json, may: frozenset[str], *, form: bool) -> Shot:
        """As Slack encodes it, with something wrong in two of three."""
        if self._rng.random() < 0.66:
            payload, kind = _at_home(values.mutated(self._rng, payload)), f"{kind} broken"
        if not form:
            return Shot(kind, "slack", encoded(payload), may=may, who=own.who.user_ref)
        flat = payload if "command" in payload and "type" not in payload else {"payload": json.dumps(payload)}
        body = urlencode({str(name): _text(value) for name, value in flat.items()}, errors="replace").encode()
        return Shot(kind, "slack", body, FORM, may, who=own.who.user_ref)

    def _event(self, own: Offered) -> Shot:
        makers = (self._words, self._home, self._profile, self._other_event)
        return self._rng.choices(makers, (12, 3, 3, 2))[0](own)

    def _words(self, own: Offered) -> Shot:
        said = {"type": "message", "channel_type": "im", "channel": own.who.chat_ref, "user": own.who.user_ref,
                "ts": f"{next(self._number)}.000100", "team": TEAM, "text": said_by(self._rng, own)}  # fmt: skip
        return self._told("slack words", own, said, own.may)

    def _home(self, own: Offered) -> Shot:
        opened = {"type": "app_home_opened", "user": own.who.user_ref, "channel": own.who.chat_ref, "tab": "home"}
        return self._told("slack home", own, opened)

    def _profile(self, own: Offered) -> Shot:
        name, zone, language = (values.text(self._rng) for _ in range(3))
        about = {"real_name": name, "tz": zone, "locale": language}
        user = {"id": own.who.user_ref, "team_id": TEAM, "name": "x", "profile": about, "tz": own.who.zone,
                "locale": "de-DE"}  # fmt: skip
        return self._told("slack profile", own, {"type": "user_change", "user": user}, frozenset({"outbox"}))

    def _other_event(self, own: Offered) -> Shot:
        kind = self._rng.choice((*OTHER_EVENTS, *ENDS))
        event = {"type": kind, "user": own.who.user_ref, "tokens": {"bot": ["U0BOT"]}}
        if kind in ENDS:
            return self._told("slack other event", own, event, frozenset({"workspaces", "audit"}), "T0FOREIGN")
        return self._told("slack other event", own, event)

    def _told(self, kind: str, own: Offered, event: Json, may: frozenset[str] = NOTHING, team: str = TEAM) -> Shot:
        known = {"enterprise_id": None, "team_id": team, "user_id": "U0BOT", "is_bot": True,
                 "is_enterprise_install": False}  # fmt: skip
        body = {"token": "x", "team_id": team, "api_app_id": "A0RAPPORT", "event": event, "type": "event_callback",
                "event_id": f"Ev{next(self._number)}", "event_time": 1780000000, "authorizations": [known]}  # fmt: skip
        return self._shot(kind, own, body, may, form=False)

    def _command(self, own: Offered) -> Shot:
        rng, who = self._rng, own.who
        channel = rng.choice((who.chat_ref, PUBLIC_CHANNEL, "D0OTHERS"))
        words = rng.choice(("", "book", "coach pause", "join AAAA-BBBB", "tue 3pm", values.text(rng), values.text(rng)))
        body = {"token": "x", "team_id": TEAM, "team_domain": "olga", "channel_id": channel, "channel_name": "x",
                "user_id": who.user_ref, "user_name": values.name(rng, who.name),
                "command": rng.choice(COMMANDS), "text": words, "api_app_id": "A0RAPPORT",
                "is_enterprise_install": "false", "trigger_id": self._world.trigger(who),
                "response_url": self._world.response_url(who, channel or "", "commands")}  # fmt: skip
        # What is no command is read as words, and an answer to a message is kept until it is confirmed.
        return self._shot("slack command", own, body, frozenset({"drafts"}), form=True)

    def _tap(self, own: Offered) -> Shot:
        kind, to = address(self._rng, self._everybody, own)
        body = self._interaction(own.who, "block_actions")
        notice = "!" if self._rng.random() < 0.2 else ""
        action = {"type": "button", "action_id": "r0c0", "block_id": "b0", "value": notice + to,
                  "action_ts": f"{next(self._number)}.1", "text": {"type": "plain_text", "text": "x"}}  # fmt: skip
        return self._shot(f"slack tap{kind}", own, {**body, "actions": [action]}, own.judged(to), form=True)

    def _form(self, own: Offered) -> Shot:
        """A form of this person's, of somebody else's, or one that was never made."""
        rng = self._rng
        at, form = rng.choice(own.forms)
        to, kind = form.to, ""
        if (draw := rng.random()) < 0.15:
            kind, to = address(rng, self._everybody, own)
        elif draw < 0.3:
            at, form = rng.choice([each for other in self._everybody.values() for each in other.forms])
            kind, to = " foreign", form.to
        elif draw < 0.4:
            kind, at = " misplaced", rng.choice((rng.choice(own.shows), values.text(rng), to))
        metadata = json.dumps({"at": at, "to": to, "window": rng.choice(("", "home", "new", values.text(rng)))})
        view = {"id": f"V{next(self._number)}", "team_id": TEAM, "type": "modal", "hash": f"{next(self._number)}.h",
                "private_metadata": metadata, "callback_id": "form",
                "blocks": [_block(each, form) for each in form.fields],
                "state": {"values": {_block_id(each, form): {"answer": _state(rng, each)}
                                     for each in form.fields}}}  # fmt: skip
        body = self._interaction(own.who, "view_submission") | {"view": view}
        return self._shot(f"slack form{kind}", own, body, own.judged(to), form=True)

    def _odd(self, own: Offered) -> Shot:
        rng = self._rng
        if rng.random() < 0.5:
            body = self._interaction(own.who, rng.choice(OTHER_KINDS))
            return self._shot("slack other kind", own, {**body, "value": values.text(rng)}, NOTHING, form=True)
        raw = encoded(values.anything(rng)) if rng.random() < 0.7 else values.text(rng).encode("utf-8", "surrogatepass")
        content = rng.choice(("application/json", FORM, "text/plain", "multipart/form-data", ""))
        return Shot("slack raw", "slack", raw[: rng.choice((1, 10, 20_000))], content)

    def _interaction(self, who: Profile, kind: str) -> Json:
        rng = self._rng
        places: dict[str, Json] = {
            "message": {"type": "message", "message_ts": "1.1", "channel_id": who.chat_ref, "is_ephemeral": False},
            "ephemeral": {"type": "message", "message_ts": "1.1", "channel_id": PUBLIC_CHANNEL, "is_ephemeral": True},
            "home": {"type": "view", "view_id": "V0HOME"},
            "modal": {"type": "view", "view_id": "V0MODAL"},
        }
        place = rng.choice(("message", "message", "ephemeral", "home", "modal"))
        body: Json = {
            "type": kind, "team": {"id": TEAM, "domain": "olga"}, "api_app_id": "A0RAPPORT", "token": "x",
            "user": {"id": who.user_ref, "username": "x", "name": values.name(rng, who.name), "team_id": TEAM},
            "enterprise": None,
            "is_enterprise_install": False, "container": places[place], "trigger_id": self._world.trigger(who),
        }  # fmt: skip
        if place in ("home", "modal"):
            view = {"id": places[place]["view_id"], "type": place, "private_metadata": "", "blocks": []}
            return body | {"view": view}
        channel = str(places[place]["channel_id"])
        return body | {"channel": {"id": channel, "name": "x"}, "response_url": self._world.response_url(who, channel)}


def _at_home(payload: Json) -> Json:
    """Nothing leaves this machine: an address to answer to that became somebody else's leads to a closed door."""
    url = payload.get("response_url")
    if isinstance(url, str) and url.startswith("http") and (len(url) > 500 or "127.0.0.1:" not in url[:20]):
        payload["response_url"] = "http://127.0.0.1:9/"
    return payload


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _block_id(asked: Field, form: Form) -> str:
    return f"{asked.name}|{hashlib.sha256(form.to.encode()).hexdigest()[:8]}"


def _block(asked: Field, form: Form) -> Json:
    label = {"type": "plain_text", "text": asked.label[:75]}
    return {"type": "input", "block_id": _block_id(asked, form), "label": label}


def _state(rng: random.Random, asked: Field) -> Json:
    raw = answer(rng, asked)
    if asked.kind is FieldKind.CHOICE:
        return {"type": "radio_buttons", "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": raw}}
    if asked.kind is FieldKind.DAY:
        return {"type": "datepicker", "selected_date": raw}
    return {"type": "plain_text_input", "value": raw}
