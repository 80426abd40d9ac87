"""What people do in Slack: each act changes what they see and reaches the app.

Acts are JSON objects with `team` and `user`; every one gives a JSON object with `ok`, and `error` as the
person would see it. CannotAct stands for what Slack's client would not let them do.
"""

from bot.sandbox.slack import events
from bot.sandbox.slack.answers import command_answer, submission_answer
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.errors import ApiError, CannotAct
from bot.sandbox.slack.inputs import STATE_OF, complaint, option_named, state_after
from bot.sandbox.slack.payloads import action_parcel, closed_parcel, command_parcel, submission_parcel
from bot.sandbox.slack.shapes import escaped, rich_text
from bot.sandbox.slack.state import Slack
from bot.sandbox.slack.targets import Place, Target, place_of, target_of
from bot.sandbox.slack.workspace import Channel, Installation, Json, Message, Team, User, View


class People:
    def __init__(self, slack: Slack, delivery: Delivery) -> None:
        self._slack = slack
        self._delivery = delivery

    async def say(self, act: Json) -> Json:
        """`text` in `channel`, the direct message with the bot if left out."""
        team, user, bot = self._who(act)
        channel = self._channel(team, user, act)
        slack = self._slack
        words = escaped(act["text"])
        blocks = [rich_text(act["text"], slack.new_local_id())]
        message = Message(slack.new_ts(), channel.id, user.id, words, blocks)
        channel.messages.append(message)
        slack.feed.add("message", team.id, None, channel=channel.id, ts=message.ts)
        event = events.message_event(slack, team, channel, message) | {"client_msg_id": slack.new_hash()}
        answer = await self._delivery.event(team, bot, event)
        return {"ok": True, "error": None, "channel": channel.id, "ts": message.ts, "status": answer.status}

    async def command(self, act: Json) -> Json:
        """`command` with its slash and `text`, typed in `channel` (the direct message if left out)."""
        team, user, _ = self._who(act)
        channel = self._channel(team, user, act)
        command, known = act["command"], self._delivery.settings.commands
        if known is not None and command not in known:
            raise CannotAct(f"{command} is not a valid command")
        parcel = command_parcel(self._slack, team, user, channel, command, act.get("text", ""))
        answer = await self._delivery.ask(parcel)
        error = answer.shown_error
        if error is None:
            try:
                command_answer(self._slack, team, user.id, channel, answer.body)
            except ApiError as refusal:
                error = _in_words(refusal)
        return self._outcome(team, user, command, error) | {"channel": channel.id}

    async def click(self, act: Json) -> Json:
        """Press, choose or type: the place as in `place_of`, the element as in `target_of`, the choice in `value`.

        Where the element asks for confirmation and `confirm` is not given, nothing is sent and the dialog is
        reported; `confirm` false turns it away.
        """
        team, user, bot = self._who(act)
        place = place_of(team, user.id, act)
        target = target_of(place.blocks, act)
        dialog = target.element.get("confirm")
        if dialog and act.get("confirm") is None:
            return {"ok": True, "error": None, "delivered": False, "confirm": dialog}
        if dialog and not act["confirm"]:
            return {"ok": True, "error": None, "delivered": False, "confirm": None}
        action = self._choose(place, target, user, act)
        known: Json = {"confirm": None, "url": target.element.get("url")}
        if target.block["type"] == "input" and not target.block.get("dispatch_action"):
            return {"ok": True, "error": None, "delivered": False, **known}
        parcel = action_parcel(self._slack, team, bot, user, place, action)
        answer = await self._delivery.ask(parcel)
        return self._outcome(team, user, "action", answer.shown_error) | {"delivered": True, **known}

    async def submit(self, act: Json) -> Json:
        """The modal on top, with `values` (block_id → action_id → choice) or `fields` (label → choice)."""
        team, user, bot = self._who(act)
        view = self._top(team, user, act)
        if not view.body.get("submit"):
            raise CannotAct("this view has no submit button")
        _fill(view, act)
        view.errors = {}
        inputs = [block for block in view.body["blocks"] if block["type"] == "input"]
        states = {b["block_id"]: view.values[b["block_id"]][b["element"]["action_id"]] for b in inputs}
        found = {block["block_id"]: complaint(block, states[block["block_id"]]) for block in inputs}
        complaints = {block_id: words for block_id, words in found.items() if words}
        if complaints:
            view.errors = complaints
            self._slack.feed.add("modal", team.id, user.id, view=view.id)
            return {"ok": False, "error": "client_validation", "errors": complaints, "response_action": None}
        answer = await self._delivery.ask(submission_parcel(self._slack, team, bot, user, view))
        error, action = answer.shown_error, None
        if error is None and view in team.stack(user.id):
            try:
                action = submission_answer(self._slack, team, view, answer)
            except ApiError as refusal:
                error = _in_words(refusal)
        outcome = self._outcome(team, user, "submission", error)
        return outcome | {"errors": view.errors, "response_action": action}

    async def close(self, act: Json) -> Json:
        """Cancel the modal on top; `all` true, or the view's own clear_on_close, closes the whole stack."""
        team, user, bot = self._who(act)
        view = self._top(team, user, act)
        cleared = bool(act.get("all") or view.body.get("clear_on_close"))
        closed = list(team.stack(user.id)) if cleared else [view]
        self._slack.close_views(team, user.id, closed)
        error = None
        for gone in reversed(closed):
            if gone.body.get("notify_on_close"):
                parcel = closed_parcel(self._slack, team, bot, user, gone, cleared=cleared)
                error = (await self._delivery.ask(parcel)).shown_error or error
        return self._outcome(team, user, "close", error)

    async def open_home(self, act: Json) -> Json:
        """`tab` is home (the default) or messages."""
        team, user, bot = self._who(act)
        event = events.home_opened(self._slack, team, bot, user.id, act.get("tab", "home"))
        answer = await self._delivery.event(team, bot, event)
        return {"ok": True, "error": None, "status": answer.status}

    async def profile(self, act: Json) -> Json:
        """Change any of `tz`, `locale`, `real_name`, `deleted`."""
        team, user, bot = self._who(act)
        for name in ("tz", "locale", "real_name", "deleted"):
            if name in act:
                setattr(user, name, act[name])
        user.updated = self._slack.seconds()
        self._slack.feed.add("user", team.id)
        answer = await self._delivery.event(team, bot, events.user_change(self._slack, user))
        return {"ok": True, "error": None, "status": answer.status}

    def _who(self, act: Json) -> tuple[Team, User, Installation]:
        team = self._slack.teams.get(act.get("team", ""))
        user = team.users.get(act.get("user", "")) if team else None
        if team is None or user is None or user.is_bot:
            raise CannotAct("no such person")
        if team.installation is None:
            raise CannotAct("the app is not installed in this workspace")
        return team, user, team.installation

    def _channel(self, team: Team, user: User, act: Json) -> Channel:
        if not act.get("channel"):
            return self._slack.direct(team, user.id)
        channel = team.channels.get(act["channel"])
        if channel is None or user.id not in channel.members:
            raise CannotAct("no such channel for this person")
        return channel

    def _top(self, team: Team, user: User, act: Json) -> View:
        view = place_of(team, user.id, {"view": act.get("view", "top")}).view
        assert view is not None
        return view

    def _choose(self, place: Place, target: Target, user: User, act: Json) -> Json:
        """Keep the choice where Slack keeps it; gives the entry of `actions`."""
        element, block_id = target.element, target.block["block_id"]
        choice = act.get("value", target.option)
        action: Json = {"action_id": element["action_id"], "block_id": block_id, "type": element["type"]}
        if element["type"] in STATE_OF:
            state = state_after(element, choice)
            _values_of(place, user).setdefault(block_id, {})[element["action_id"]] = state
            action |= state
        elif element["type"] == "overflow":
            action["selected_option"] = option_named(element, choice)
        else:
            shown = ("text", "value", "style", "url")
            action |= {name: element[name] for name in shown if name in element}
        return action | {"action_ts": self._slack.new_ts()}

    def _outcome(self, team: Team, user: User, where: str, error: str | None) -> Json:
        if error is not None:
            self._slack.show_error(team, user.id, where, error)
        return {"ok": error is None, "error": error}


def _values_of(place: Place, user: User) -> dict[str, dict[str, Json]]:
    if place.view is not None:
        return place.view.values
    assert place.message is not None
    return place.message.values.setdefault(user.id, {})


def _fill(view: View, act: Json) -> None:
    """Put `values` and `fields` into the view's state; CannotAct for what is not there."""
    inputs = [block for block in view.body["blocks"] if block["type"] == "input"]
    by_id = {(block["block_id"], block["element"]["action_id"]): block for block in inputs}
    by_label = {block["label"]["text"]: block for block in inputs}
    for block_id, choices in act.get("values", {}).items():
        for action_id, choice in choices.items():
            if (block_id, action_id) not in by_id:
                raise CannotAct(f"no input {block_id}/{action_id}")
            _put(view, by_id[block_id, action_id], choice)
    for label, choice in act.get("fields", {}).items():
        if label not in by_label:
            raise CannotAct(f"no input labelled {label!r}; there is: {', '.join(by_label)}")
        _put(view, by_label[label], choice)


def _put(view: View, block: Json, choice: object) -> None:
    element = block["element"]
    view.values[block["block_id"]][element["action_id"]] = state_after(element, choice)


def _in_words(refusal: ApiError) -> str:
    return "; ".join([refusal.error, *refusal.messages])
